//! Carts.

use crate::carts;
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const CART: &str = "/v1/customers/{customer}/carts/{cart}";
    vec![
        Route::post("/v1/customers/{customer}/carts", "carts.create", "Make a cart", carts::create::handle)
            .answers(StatusCode::CREATED),
        Route::get(CART, "carts.get", "A cart", carts::get::handle),
        Route::put(CART, "carts.replace", "Put other lines into a cart", carts::replace::handle),
        Route::post(
            "/v1/customers/{customer}/carts/{cart}/checkout",
            "carts.checkout",
            "Order what is in a cart",
            carts::checkout::handle,
        )
        .answers(StatusCode::CREATED),
    ]
}
