//! The whole API on one page: a literal stands before the parameter in the same place.
//!
//! Writes that come again under the same request id get the first answer; with another body they count as another
//! request, because some clients run a whole session under one id (partner-center-v1.md 1.8). One answer is not kept:
//! that of `customers.create`, which holds a password.

use crate::{
    consents, customers, domains, generate_token, invoices, offers, orders, profiles, rate_cards, relationships,
    subscriptions, usage, users, utilizations, validations,
};
use tenantry_http::{Replay, Route, StatusCode};

/// All routes, in the order of the documentation.
pub(crate) fn all() -> Vec<Route> {
    let routes = [customers(), users(), catalogue(), orders_and_subscriptions(), usage(), invoices(), profiles()];
    let kept = routes.into_iter().flatten().map(|route| match route.replay {
        Replay::Off => route,
        Replay::OtherBodyRefused | Replay::OtherBodyApart => route.replay(Replay::OtherBodyApart),
    });
    kept.collect()
}

fn customers() -> Vec<Route> {
    const BILLING: &str = "/v1/customers/{customer}/profiles/billing";
    vec![
        Route::get("/v1/customers", "customers.list", "Customers", customers::list::handle),
        Route::post("/v1/customers", "customers.create", "Create a customer", customers::create::handle)
            .answers(StatusCode::CREATED)
            .replay(Replay::Off),
        Route::get("/v1/customers/{customer}", "customers.get", "A customer", customers::get::handle),
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

fn users() -> Vec<Route> {
    const USERS: &str = "/v1/customers/{customer}/users";
    const USER: &str = "/v1/customers/{customer}/users/{user}";
    const MEMBERS: &str = "/v1/customers/{customer}/directoryroles/{role}/usermembers";
    vec![
        Route::get(USERS, "users.list", "Users of a customer", users::list),
        Route::post(USERS, "users.create", "Create a user", users::create)
            .answers(StatusCode::CREATED)
            .replay(Replay::Off),
        Route::get(USER, "users.get", "A user", users::get),
        Route::patch(USER, "users.change", "Change a user, give a password, restore", users::change)
            .replay(Replay::Off),
        Route::delete(USER, "users.delete", "Delete a user, for thirty days", users::delete)
            .answers(StatusCode::NO_CONTENT),
        Route::patch(
            "/v1/customers/{customer}/users/{user}/resetpassword",
            "users.password.reset",
            "Give a user a password",
            users::reset_password,
        )
        .replay(Replay::Off),
        Route::get(
            "/v1/customers/{customer}/users/{user}/directoryroles",
            "users.directory-roles.list",
            "Directory roles of a user",
            users::held_by_user,
        ),
        Route::get(
            "/v1/customers/{customer}/directoryroles",
            "directory-roles.list",
            "Directory roles of a customer",
            users::list_roles,
        ),
        Route::get(MEMBERS, "directory-roles.members.list", "Who holds a role", users::members),
        Route::post(MEMBERS, "directory-roles.members.add", "Give a user a role", users::add_member)
            .answers(StatusCode::CREATED),
        Route::delete(
            "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}",
            "directory-roles.members.remove",
            "Take a role away from a user",
            users::remove_member,
        )
        .answers(StatusCode::NO_CONTENT),
        Route::get(
            "/v1/customers/{customer}/subscribedskus",
            "subscribed-skus.list",
            "Licence products of a customer",
            users::subscribed,
        ),
        Route::get(
            "/v1/customers/{customer}/users/{user}/licenses",
            "users.licenses.list",
            "Licences of a user",
            users::of_user,
        ),
        Route::post(
            "/v1/customers/{customer}/users/{user}/licenseupdates",
            "users.licenses.update",
            "Give a user licences, take licences away",
            users::assign,
        )
        .answers(StatusCode::CREATED),
    ]
}

fn catalogue() -> Vec<Route> {
    vec![
        Route::get("/v1/offercategories", "offer-categories.list", "Offer categories", offers::categories::handle),
        Route::get("/v1/offers", "offers.list", "Offers of a country", offers::list::handle),
        Route::get("/v1/offers/{offer}", "offers.get", "An offer", offers::get::handle),
        Route::get(
            "/v1/offers/{offer}/addons",
            "offers.addons.list",
            "The add-ons of an offer",
            offers::addons::handle,
        ),
        Route::get(
            "/v1/customers/{customer}/offers",
            "customers.offers.list",
            "Offers of a customer's country",
            offers::of_customer::handle,
        ),
        Route::get(
            "/v1/customers/{customer}/offercategories",
            "customers.offer-categories.list",
            "Offer categories of a customer's country",
            offers::categories_of_customer::handle,
        ),
        Route::get("/v1/ratecards/azure", "rate-cards.azure.get", "The rate card", rate_cards::get),
    ]
}

fn orders_and_subscriptions() -> Vec<Route> {
    const ORDERS: &str = "/v1/customers/{customer}/orders";
    const SUBSCRIPTION: &str = "/v1/customers/{customer}/subscriptions/{subscription}";
    vec![
        Route::get(ORDERS, "orders.list", "Orders of a customer", orders::list::handle),
        Route::post(ORDERS, "orders.create", "Place an order", orders::create::handle).answers(StatusCode::CREATED),
        Route::get("/v1/customers/{customer}/orders/{order}", "orders.get", "An order", orders::get::handle),
        Route::get(
            "/v1/customers/{customer}/subscriptions",
            "subscriptions.list",
            "Subscriptions of a customer",
            subscriptions::list::handle,
        ),
        Route::get(SUBSCRIPTION, "subscriptions.get", "A subscription", subscriptions::get::handle),
        Route::patch(SUBSCRIPTION, "subscriptions.change", "Change a subscription", subscriptions::change::handle),
    ]
}

fn usage() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/utilizations/azure",
            "utilizations.azure.list",
            "Metered usage of a subscription",
            utilizations::list,
        ),
        Route::get("/v1/usagesummary", "usage.partner.summary", "Charges of the open month", usage::partner_summary),
        Route::get(
            "/v1/customers/usagerecords",
            "usage.customers.records",
            "Charges of the open month, by customer",
            usage::customer_records,
        ),
        Route::get(
            "/v1/customers/{customer}/usagesummary",
            "usage.customer.summary",
            "A customer's charges of the open month",
            usage::customer_summary,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/usagerecords",
            "usage.subscriptions.records",
            "A customer's charges of the open month, by subscription",
            usage::subscription_records,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/usagesummary",
            "usage.subscription.summary",
            "A subscription's charges of the open month",
            usage::subscription_summary,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/usagerecords/resources",
            "usage.resources.records",
            "A subscription's charges of the open month, by kind of resource",
            usage::resource_records,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/meterusagerecords",
            "usage.meters.records",
            "A subscription's charges of the open month, by meter",
            usage::meter_records,
        ),
    ]
}

fn invoices() -> Vec<Route> {
    vec![
        Route::get("/v1/invoices", "invoices.list", "Invoices", invoices::list),
        Route::get("/v1/invoices/summary", "invoices.summary", "The balance", invoices::summary),
        Route::get("/v1/invoices/summaries", "invoices.summaries", "The balances, by currency", invoices::summaries),
        Route::get("/v1/invoices/{invoice}", "invoices.get", "An invoice", invoices::get),
        Route::get(
            "/v1/invoices/{invoice}/documents/statement",
            "invoices.statement.get",
            "An invoice as a document (PDF)",
            invoices::statement,
        ),
        Route::get(
            "/v1/invoices/{invoice}/lineitems/{provider}/{type}",
            "invoices.line-items.list",
            "Lines of an invoice, or of the open month (`unbilled`)",
            invoices::line_items,
        ),
        Route::get(
            "/v1/invoices/{invoice}/lineitems",
            "invoices.line-items.query",
            "Lines of an invoice, or of the open month (`unbilled`), chosen by query",
            invoices::line_items_by_query,
        ),
    ]
}

fn profiles() -> Vec<Route> {
    vec![
        Route::get("/v1/profiles/organization", "profiles.organization.get", "The partner", profiles::organization),
        Route::get("/v1/profiles/billing", "profiles.billing.get", "How the partner is billed", profiles::billing),
        Route::post(
            "/generatetoken",
            "tokens.generate",
            "The second leg of sign-in of clients of 2016: the token that was sent",
            generate_token::handle,
        )
        .open()
        .body_limit(64 << 10),
    ]
}
