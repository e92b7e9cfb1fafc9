//! Transfers of subscriptions between a customer's partners.

use crate::transfers;
use tenantry_http::{Route, StatusCode};

const TRANSFERS: &str = "/v1/customers/{customer}/transfers";
const TRANSFER: &str = "/v1/customers/{customer}/transfers/{transfer}";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/customers/{customer}/transferseligibility",
            "transfers.eligibility",
            "What of a customer's subscriptions can be transferred",
            transfers::eligibility,
        ),
        Route::post(TRANSFERS, "transfers.create", "Offer subscriptions to another partner", transfers::create)
            .answers(StatusCode::CREATED),
        Route::get(TRANSFERS, "transfers.list", "Transfers of a customer's subscriptions", transfers::list),
        Route::get(TRANSFER, "transfers.get", "A transfer", transfers::get),
        Route::post(
            "/v1/customers/{customer}/transfers/{transfer}/accept",
            "transfers.accept",
            "Take offered subscriptions over",
            transfers::accept,
        ),
        Route::patch(TRANSFER, "transfers.reject", "Refuse offered subscriptions", transfers::reject),
        Route::delete(TRANSFER, "transfers.withdraw", "Take an offer back", transfers::withdraw)
            .answers(StatusCode::NO_CONTENT),
    ]
}
