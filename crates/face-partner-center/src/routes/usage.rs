//! Metered usage and what it comes to.

use crate::{usage, utilizations};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
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
