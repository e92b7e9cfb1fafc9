//! What happens to subscriptions after the sale.

use crate::subscriptions::{add_ons, conversions, provisioning, registration, support_contact, transitions, upgrades};
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    let mut all = into_others();
    all.extend(beside());
    all
}

/// What a subscription can become.
fn into_others() -> Vec<Route> {
    const CONVERSIONS: &str = "/v1/customers/{customer}/subscriptions/{subscription}/conversions";
    const UPGRADES: &str = "/v1/customers/{customer}/subscriptions/{subscription}/upgrades";
    const TRANSITIONS: &str = "/v1/customers/{customer}/subscriptions/{subscription}/transitions";
    vec![
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/transitioneligibilities",
            "subscriptions.transitions.eligibilities",
            "What a subscription of the modern catalogue could become, and what stands in the way",
            transitions::eligibilities,
        ),
        Route::get(
            TRANSITIONS,
            "subscriptions.transitions.list",
            "What a subscription came of, and what took its place",
            transitions::list,
        ),
        Route::post(
            TRANSITIONS,
            "subscriptions.transitions.make",
            "Make a subscription one of another product",
            transitions::make,
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
    ]
}

/// What goes with one, and what is told of it.
fn beside() -> Vec<Route> {
    const CONTACT: &str = "/v1/customers/{customer}/subscriptions/{subscription}/supportcontact";
    vec![
        Route::get(
            "/v1/customers/{customer}/subscriptions/{subscription}/addons",
            "subscriptions.add-ons.list",
            "The add-ons of a subscription",
            add_ons::handle,
        ),
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
