//! What the partner's people and applications did. The second address is the one that events name.

use crate::audit;
use tenantry_http::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/auditrecords", "audit-records.list", "What the partner did", audit::list),
        Route::get(
            "/auditactivity/v1/auditrecords",
            "audit-records.list-activity",
            "What the partner did, at its other address",
            audit::list,
        ),
        Route::get(
            "/auditactivity/v1/auditrecords/{id}",
            "audit-records.get",
            "One thing that the partner did",
            audit::get,
        ),
    ]
}
