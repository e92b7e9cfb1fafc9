//! Offers and rate cards.

use crate::{offers, rate_cards};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/offercategories", "offer-categories.list", "Offer categories", offers::categories::handle),
        Route::get("/v1/offers", "offers.list", "Offers of a country", offers::list::handle),
        Route::get("/v1/offers/{offer}", "offers.get", "An offer", offers::get::handle),
        Route::get(
            "/v1/offers/{offer}/addons",
            "offers.addons.list",
            "The add-ons of an offer",
            offers::addons::handle,
        ),
        Route::get(
            "/v1/customers/{customer}/offers",
            "customers.offers.list",
            "Offers of a customer's country",
            offers::of_customer::handle,
        ),
        Route::get(
            "/v1/customers/{customer}/offercategories",
            "customers.offer-categories.list",
            "Offer categories of a customer's country",
            offers::categories_of_customer::handle,
        ),
        Route::get("/v1/ratecards/azure", "rate-cards.azure.get", "The rate card", rate_cards::get),
        Route::get(
            "/v1/ratecards/azure-shared",
            "rate-cards.azure-shared.get",
            "The rate card of services that customers share",
            rate_cards::shared,
        ),
    ]
}
