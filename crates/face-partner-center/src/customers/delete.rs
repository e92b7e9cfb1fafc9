//! `DELETE /v1/customers/{customer}`: in sandboxes only.

use crate::params;
use tenantry_commerce::customer_delete;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, StatusCode};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let sandbox = call.world.settings().sandbox;
    customer_delete(&call.ctx, call.world.db(), params::customer(&call)?, sandbox).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
