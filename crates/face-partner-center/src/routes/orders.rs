//! Orders and subscriptions.

use crate::{orders, subscriptions};
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const ORDERS: &str = "/v1/customers/{customer}/orders";
    const SUBSCRIPTION: &str = "/v1/customers/{customer}/subscriptions/{subscription}";
    vec![
        Route::get(ORDERS, "orders.list", "Orders of a customer", orders::list::handle),
        Route::post(ORDERS, "orders.create", "Place an order", orders::create::handle).answers(StatusCode::CREATED),
        Route::get("/v1/customers/{customer}/orders/{order}", "orders.get", "An order", orders::get::handle),
        Route::patch(
            "/v1/customers/{customer}/orders/{order}",
            "orders.change",
            "Buy add-ons to what an order bought, or cancel it",
            orders::change::handle,
        ),
        Route::get(
            "/v1/customers/{customer}/orders/{order}/provisioningstatus",
            "orders.provisioning-status",
            "Whether what an order bought is there",
            orders::provisioning::handle,
        ),
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
