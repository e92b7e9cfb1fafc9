//! What a partner asks about its own house.

use crate::account;
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/v1/compliance/{program}/agreementstatus",
            "compliance.agreement-status",
            "Whether a partner signed the agreement to sell",
            account::agreement_status,
        ),
        Route::get(
            "/v1/nonMfaCompliantPartnerPrincipals",
            "compliance.weak-sign-ins",
            "People of the partner who worked without a second factor",
            account::weak_sign_ins,
        ),
        Route::get("/v1/roles", "roles.list", "The roles of the partner's own tenant", account::roles),
        Route::get(
            "/v1/roles/{role}/usermembers",
            "roles.members.list",
            "Who holds a role of the partner's own tenant",
            account::role_members,
        ),
    ]
}
