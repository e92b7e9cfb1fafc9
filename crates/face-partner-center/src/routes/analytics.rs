//! Analytics: tables, which stand under a path of their own, and the older lists of licences.

use crate::analytics;
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/partner/v1/analytics/subscriptions",
            "analytics.subscriptions",
            "All subscriptions, to be filtered, grouped and ordered",
            analytics::subscriptions,
        ),
        Route::get(
            "/partner/v1/analytics/indirectresellers",
            "analytics.indirect-resellers",
            "All resellers and what they sold, to be filtered, grouped and ordered",
            analytics::resellers,
        ),
        Route::get(
            "/partner/v1/analytics/commercial/deployment/license",
            "analytics.licences",
            "Licences sold and assigned by customer and product, to be filtered, grouped and ordered",
            analytics::licences::table,
        ),
        Route::get(
            "/v1/analytics/licenses/deployment",
            "analytics.licences.partner",
            "How many of the licences that were sold are assigned, of all customers together",
            analytics::licences::of_partner,
        ),
        Route::get(
            "/v1/customers/{customer}/analytics/licenses/deployment",
            "analytics.licences.customer",
            "How many of the licences that were sold to a customer are assigned, by product",
            analytics::licences::of_customer,
        ),
    ]
}
