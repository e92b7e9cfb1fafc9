//! What customers are besides companies, and how far reviews of them came.

use crate::qualifications;
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const ONE: &str = "/v1/customers/{customer}/qualification";
    const ALL: &str = "/v1/customers/{customer}/qualifications";
    vec![
        Route::get(ONE, "customers.qualification.get", "What a customer is, in one word", qualifications::get),
        Route::put(ONE, "customers.qualification.set", "Set what a customer is", qualifications::set),
        Route::get(ALL, "customers.qualifications.list", "What a customer is, and the reviews", qualifications::list),
        Route::post(ALL, "customers.qualifications.ask", "Ask for a qualification", qualifications::ask)
            .answers(StatusCode::CREATED),
        Route::get(
            "/v1/customers/all/validations",
            "validation-codes.list",
            "The codes for public authorities that the partner was given",
            qualifications::codes,
        ),
        Route::get(
            "/v1/customers/{customer}/validations",
            "customers.validation-code.get",
            "The code by which a customer is a public authority",
            qualifications::of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/validationStatus",
            "customers.validation-status.get",
            "How far the provider is with a customer's account",
            qualifications::status,
        ),
    ]
}
