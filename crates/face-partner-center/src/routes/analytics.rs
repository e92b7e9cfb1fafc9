//! Analytics as tables. They stand under a path of their own.

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
    ]
}
