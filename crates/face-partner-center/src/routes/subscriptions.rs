//! What happens to subscriptions after the sale.

use crate::subscriptions::{add_ons, conversions, provisioning, registration, support_contact, upgrades};
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const CONVERSIONS: &str = "/v1/customers/{customer}/subscriptions/{subscription}/conversions";
    const UPGRADES: &str = "/v1/customers/{customer}/subscriptions/{subscription}/upgrades";
    const CONTACT: &str = "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact";
    vec![
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/addons",
            "subscriptions.add-ons.list",
            "The add-ons of a subscription",
            add_ons::handle,
        ),
        Route::get(
            UPGRADES,
            "subscriptions.upgrades.list",
            "What a subscription can be upgraded to, and what stands in the way",
            upgrades::list,
        ),
        Route::post(UPGRADES, "subscriptions.upgrades.apply", "Upgrade a subscription", upgrades::upgrade),
        Route::get(
            CONVERSIONS,
            "subscriptions.conversions.list",
            "What a trial can be converted to",
            conversions::list,
        ),
        Route::post(CONVERSIONS, "subscriptions.conversions.apply", "Convert a trial", conversions::convert),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus",
            "subscriptions.provisioning-status",
            "Whether the seats of a subscription have arrived",
            provisioning::handle,
        ),
        Route::post(
            "/v1/customers/{customer}/subscriptions/{subscription}/registrations",
            "subscriptions.register",
            "Register a subscription for reservations",
            registration::register,
        )
        .answers(StatusCode::ACCEPTED),
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/registrationstatus",
            "subscriptions.registration-status",
            "Whether a subscription is registered for reservations",
            registration::status,
        ),
        Route::get(CONTACT, "subscriptions.support-contact.get", "Who helps with a subscription", support_contact::get),
        Route::put(
            CONTACT,
            "subscriptions.support-contact.change",
            "Say who helps with a subscription",
            support_contact::change,
        ),
    ]
}
