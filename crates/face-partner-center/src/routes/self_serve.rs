//! Self-serve policies.

use crate::self_serve;
use tenantry_http::{Route, StatusCode};

const POLICIES: &str = "/v1/SelfServePolicy";
const POLICY: &str = "/v1/SelfServePolicy/{policy}";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(POLICIES, "self-serve-policies.list", "What a customer may buy by itself", self_serve::list),
        Route::get(POLICY, "self-serve-policies.get", "A self-serve policy", self_serve::get),
        Route::post(POLICIES, "self-serve-policies.create", "Let a customer buy by itself", self_serve::create)
            .answers(StatusCode::CREATED),
        Route::put(POLICIES, "self-serve-policies.change", "Change a self-serve policy", self_serve::change),
        Route::put(
            POLICY,
            "self-serve-policies.change-by-id",
            "Change a self-serve policy that the path names",
            self_serve::change_by_id,
        ),
        Route::delete(POLICY, "self-serve-policies.delete", "Take a self-serve policy back", self_serve::remove)
            .answers(StatusCode::NO_CONTENT),
    ]
}
