//! Profiles of the partner itself, and what clients of 2016 ask for after sign-in.

use crate::{generate_token, profiles};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/profiles/organization", "profiles.organization.get", "The partner", profiles::organization),
        Route::get("/v1/profiles/billing", "profiles.billing.get", "How the partner is billed", profiles::billing),
        Route::post(
            "/generatetoken",
            "tokens.generate",
            "The second leg of sign-in of clients of 2016: the token that was sent",
            generate_token::handle,
        )
        .open()
        .body_limit(64 << 10),
    ]
}
