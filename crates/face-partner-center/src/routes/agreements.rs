//! What customers agree to.

use crate::agreements;
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const OF_CUSTOMER: &str = "/v1/customers/{customer}/agreements";
    vec![
        Route::get("/v1/agreements", "agreements.list", "What there is to agree to", agreements::templates),
        Route::get(OF_CUSTOMER, "customers.agreements.list", "What a customer agreed to", agreements::list),
        Route::post(OF_CUSTOMER, "customers.agreements.confirm", "Confirm that a customer agreed", agreements::confirm)
            .answers(StatusCode::CREATED),
        Route::get(
            "/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus",
            "customers.agreements.signed",
            "Whether a customer signed by itself",
            agreements::signed,
        ),
        Route::get(
            "/v1/agreementtemplates/{template}/document",
            "agreements.document",
            "Where the text of an agreement is",
            agreements::document,
        ),
        Route::get(
            "/v1/agreementtemplates/{template}/text",
            "agreements.text",
            "The text of an agreement",
            agreements::text,
        )
        .open(),
    ]
}
