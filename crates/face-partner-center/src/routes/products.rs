//! Products, SKUs and availabilities, of a country and of a customer's.

use crate::products::{availabilities, inventory, list, promotions, skus};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = of_country();
    routes.extend(of_customer());
    routes.extend(beside());
    routes
}

fn of_country() -> Vec<Route> {
    vec![
        Route::get("/v1/products", "products.list", "Products of a country", list::handle),
        Route::get("/v1/products/{product}", "products.get", "A product", list::one),
        Route::get("/v1/products/{product}/skus", "products.skus.list", "The SKUs of a product", skus::handle),
        Route::get("/v1/products/{product}/skus/{sku}", "products.skus.get", "A SKU", skus::one),
        Route::get(
            "/v1/products/{product}/skus/{sku}/availabilities",
            "products.availabilities.list",
            "The availabilities of a SKU",
            availabilities::handle,
        ),
        Route::get(
            "/v1/products/{product}/skus/{sku}/availabilities/{availability}",
            "products.availabilities.get",
            "An availability",
            availabilities::one,
        ),
    ]
}

fn of_customer() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/customers/{customer}/products",
            "customers.products.list",
            "Products of a customer's country",
            list::of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/products/{product}",
            "customers.products.get",
            "A product in a customer's country",
            list::one_of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/products/{product}/skus",
            "customers.products.skus.list",
            "The SKUs of a product in a customer's country",
            skus::of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/products/{product}/skus/{sku}",
            "customers.products.skus.get",
            "A SKU in a customer's country",
            skus::one_of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities",
            "customers.products.availabilities.list",
            "The availabilities of a SKU in a customer's country",
            availabilities::of_customer,
        ),
        Route::get(
            "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{availability}",
            "customers.products.availabilities.get",
            "An availability in a customer's country",
            availabilities::one_of_customer,
        ),
    ]
}

/// Whether it can be had, and for less.
fn beside() -> Vec<Route> {
    vec![
        Route::post(
            "/v1/extensions/product/checkInventory",
            "products.check-inventory",
            "What of some products can be had",
            inventory::check,
        ),
        Route::get("/v1/productpromotions", "promotions.list", "Promotions of a country", promotions::list),
        Route::post(
            "/v1/customers/{customer}/promotionEligibilities",
            "customers.promotion-eligibilities",
            "Which promotions what a customer would buy could have",
            promotions::eligibilities,
        ),
    ]
}
