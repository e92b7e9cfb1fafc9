//! Metered usage and what it comes to.

use crate::{service_costs, usage, utilizations};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    [of_partners_and_customers(), of_subscriptions()].into_iter().flatten().collect()
}

fn of_partners_and_customers() -> Vec<Route> {
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
    ]
}

fn of_subscriptions() -> Vec<Route> {
    vec![
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
            "/v1/customers/{customer}/subscriptions/{subscription}/usagerecords/daily",
            "usage.days.records",
            "A subscription's charges of the open month, by day",
            usage::daily_records,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/resourceusagerecords",
            "usage.azure-resources.records",
            "A subscription's charges of the open month, by resource",
            usage::resource_usage_records,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/meterusagerecords",
            "usage.meters.records",
            "A subscription's charges of the open month, by meter",
            usage::meter_records,
        ),
        Route::get(
            "/v1/customers/{customer}/usagebudget",
            "usage.budget.get",
            "What is planned for a customer's usage in a month",
            usage::budget,
        ),
        Route::patch(
            "/v1/customers/{customer}/usagebudget",
            "usage.budget.change",
            "Plan a customer's usage of a month, or no longer",
            usage::change_budget,
        ),
        Route::get(
            "/v1/customers/{customer}/servicecosts/{period}",
            "service-costs.summary",
            "What a customer's seats come to in a month",
            service_costs::summary,
        ),
        Route::get(
            "/v1/customers/{customer}/servicecosts/{period}/lineitems",
            "service-costs.lines.list",
            "What a customer's seats come to in a month, line by line",
            service_costs::line_items,
        ),
    ]
}
