//! Lists of what is not sold here.

use crate::nothing_held;
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/customers/{customer}/orders/{order}/activationlinks",
            "orders.activation-links",
            "Links to activate what an order bought: none",
            nothing_held::activation_links_of_order,
        ),
        Route::get(
            "/v1/customers/{customer}/orders/{order}/lineitems/{line}/activationlinks",
            "orders.lines.activation-links",
            "Links to activate what a line of an order bought: none",
            nothing_held::activation_links_of_line,
        ),
        Route::get(
            "/v1/customers/{customer}/orders/{order}/attachments",
            "orders.attachments",
            "Papers that came with an order: none",
            nothing_held::attachments,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/activationlinks",
            "subscriptions.activation-links",
            "Links to activate a subscription: none",
            nothing_held::activation_links_of_subscription,
        ),
        Route::get(
            "/v1/customers/{customer}/subscriptions/overage",
            "subscriptions.overage",
            "Licences of a customer beyond what was bought: none",
            nothing_held::overage,
        ),
        Route::get(
            "/v1/customers/{customer}/entitlements",
            "entitlements.list",
            "Software keys and reservations of a customer: none",
            nothing_held::entitlements,
        ),
    ]
}
