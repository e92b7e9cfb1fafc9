//! Migrations into the modern catalogue.

use crate::new_commerce as migrations;
use tenantry_http::{Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const OWN: &str = "/v1/customers/{customer}/migrations/newcommerce";
    const SCHEDULES: &str = "/v1/customers/{customer}/migrations/newcommerce/schedules";
    const ONE: &str = "/v1/customers/{customer}/migrations/newcommerce/schedules/{schedule}";
    vec![
        Route::post(
            "/v1/customers/{customer}/migrations/newcommerce/validate",
            migrations::VALIDATE,
            "Whether a subscription can go on in the modern catalogue",
            migrations::eligibility,
        ),
        Route::post(OWN, "new-commerce-migrations.create", "Migrate a subscription", migrations::migrate)
            .answers(StatusCode::CREATED),
        Route::get(
            "/v1/customers/{customer}/migrations/newcommerce/events",
            "new-commerce-migrations.events",
            "What happened in migrations",
            migrations::events,
        ),
        Route::post(SCHEDULES, "new-commerce-schedules.create", "Schedule a migration", migrations::create)
            .answers(StatusCode::CREATED),
        Route::get(ONE, "new-commerce-schedules.get", "A scheduled migration", migrations::schedule_get),
        Route::put(ONE, "new-commerce-schedules.change", "Change a scheduled migration", migrations::change),
        Route::post(
            "/v1/customers/{customer}/migrations/newcommerce/schedules/{schedule}/cancel",
            "new-commerce-schedules.cancel",
            "Call off a scheduled migration",
            migrations::cancel,
        ),
        Route::get(
            "/v1/customers/{customer}/migrations/newcommerce/{migration}",
            "new-commerce-migrations.get",
            "A migration",
            migrations::get,
        ),
        Route::get(
            "/v1/migrations/newcommerce",
            "new-commerce-migrations.list",
            "A partner's migrations",
            migrations::migration_list,
        ),
        Route::get(
            "/v1/migrations/newcommerce/schedules",
            "new-commerce-schedules.list",
            "A partner's scheduled migrations",
            migrations::schedule_list,
        ),
    ]
}
