//! Profiles of the partner itself, and what clients of 2016 ask for after sign-in.

use crate::{generate_token, profiles};
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    const ORGANIZATION: &str = "/v1/profiles/organization";
    const LEGAL: &str = "/v1/profiles/legalbusiness";
    const BILLING: &str = "/v1/profiles/billing";
    const SUPPORT: &str = "/v1/profiles/support";
    vec![
        Route::get(ORGANIZATION, "profiles.organization.get", "The partner", profiles::organization),
        Route::put(
            ORGANIZATION,
            "profiles.organization.change",
            "Change what the partner is known by",
            profiles::organization_change,
        ),
        Route::get(LEGAL, "profiles.legal-business.get", "The partner's legal business", profiles::legal_business),
        Route::put(
            LEGAL,
            "profiles.legal-business.change",
            "Change the partner's legal business",
            profiles::legal_business_change,
        ),
        Route::get(BILLING, "profiles.billing.get", "How the partner is billed", profiles::billing),
        Route::put(BILLING, "profiles.billing.change", "Change how the partner is billed", profiles::billing_change),
        Route::get(SUPPORT, "profiles.support.get", "Where the partner's customers get help", profiles::support),
        Route::put(
            SUPPORT,
            "profiles.support.change",
            "Change where the partner's customers get help",
            profiles::support_change,
        ),
        Route::put(
            "/v1/profiles/supportprofile",
            "profiles.support.change-as-documented",
            "Change where the partner's customers get help, at the documented path",
            profiles::support_change,
        ),
        Route::get("/v1/profiles/mpn", "profiles.mpn.get", "Whose number in the partner network it is", profiles::mpn),
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
