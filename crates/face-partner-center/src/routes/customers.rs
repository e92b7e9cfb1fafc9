//! Customers, their profiles, what partner and customer are to each other.

use crate::{consents, customers, domains, relationships, validations};
use tenantry_http::{Replay, Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    [customers(), validations(), relationships()].into_iter().flatten().collect()
}

fn customers() -> Vec<Route> {
    const BILLING: &str = "/v1/customers/{customer}/profiles/billing";
    vec![
        Route::get("/v1/customers", "customers.list", "Customers", customers::list::handle),
        Route::post("/v1/customers", "customers.create", "Create a customer", customers::create::handle)
            .answers(StatusCode::CREATED)
            .replay(Replay::Off),
        Route::get("/v1/customers/{customer}", "customers.get", "A customer", customers::get::handle),
        Route::patch(
            "/v1/customers/{customer}",
            "customers.end",
            "End the relationship with a customer",
            customers::end::handle,
        ),
        Route::delete(
            "/v1/customers/{customer}",
            "customers.delete",
            "Delete a customer of a sandbox",
            customers::delete::handle,
        )
        .answers(StatusCode::NO_CONTENT),
        Route::get(
            "/v1/customers/{customer}/managedservices",
            "customers.managed-services.list",
            "What a customer has running, and where to look after it",
            customers::managed_services::handle,
        ),
        Route::post(
            "/v1/customers/{customer}/verifieddomain",
            "customers.verified-domain.add",
            "Bring a domain and its proof into a customer's tenant",
            customers::verified_domain::handle,
        )
        .answers(StatusCode::CREATED),
        Route::get(
            "/v1/customers/{customer}/profiles/company",
            "customers.company-profile.get",
            "The company profile of a customer",
            customers::company_profile::handle,
        ),
        Route::get(
            BILLING,
            "customers.billing-profile.get",
            "The billing profile of a customer",
            customers::billing_profile::get,
        ),
        Route::put(
            BILLING,
            "customers.billing-profile.change",
            "Change the billing profile of a customer",
            customers::billing_profile::change,
        ),
    ]
}

fn validations() -> Vec<Route> {
    vec![
        Route::head("/v1/domains/{domain}", "domains.exists", "Whether a domain is in use", domains::exists),
        Route::get(
            "/v1/validations/checkdomainavailability/{prefix}",
            "domains.available",
            "Whether the domain of a prefix is free",
            domains::available,
        ),
        Route::post("/v1/validations/address", "validations.address", "Check an address", validations::address)
            .replay(Replay::Off),
        Route::get(
            "/v1/countryvalidationrules/{country}",
            "country-rules.get",
            "What an address in a country must be like",
            validations::country,
        ),
    ]
}

fn relationships() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/customers/relationshiprequests",
            "relationship-requests.get",
            "The partner's invitation to become its customer",
            relationships::request,
        ),
        Route::get("/v1/relationships", "relationships.list", "Resellers, or whom one buys from", relationships::list),
        Route::get(
            "/v1/customers/{customer}/relationships",
            "customers.relationships.list",
            "The reseller of a customer",
            relationships::of_customer,
        ),
        Route::post(
            "/v1/customers/{customer}/applicationconsents",
            "customers.consents.give",
            "Consent to an application in a customer's tenant",
            consents::give,
        )
        .answers(StatusCode::CREATED),
        Route::delete(
            "/v1/customers/{customer}/applicationconsents/{application}",
            "customers.consents.remove",
            "Take an application out of a customer's tenant",
            consents::remove,
        )
        .answers(StatusCode::NO_CONTENT),
    ]
}
