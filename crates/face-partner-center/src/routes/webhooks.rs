//! Webhooks: where the partner is told what happens.

use crate::webhooks;
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    const REGISTRATION: &str = "/webhooks/v1/registration";
    vec![
        Route::get(
            "/webhooks/v1/registration/events",
            "webhooks.events.list",
            "Events that the partner can be told of",
            webhooks::events,
        ),
        Route::get(REGISTRATION, "webhooks.registration.get", "Where the partner is told", webhooks::get),
        Route::post(REGISTRATION, "webhooks.registration.create", "Say where to tell", webhooks::create),
        Route::put(
            REGISTRATION,
            "webhooks.registration.change",
            "Tell elsewhere, or of other events",
            webhooks::change,
        ),
        Route::post(
            "/webhooks/v1/registration/validationEvents",
            "webhooks.validation-events.create",
            "Have a test event sent",
            webhooks::ask,
        ),
        Route::get(
            "/webhooks/v1/registration/validationEvents/{correlationId}",
            "webhooks.validation-events.get",
            "What became of a test event",
            webhooks::find,
        ),
        Route::get(
            "/webhooks/v1/certificates/{file}",
            "webhooks.certificates.get",
            "The certificate that events are signed with",
            webhooks::certificate,
        )
        .open(),
    ]
}
