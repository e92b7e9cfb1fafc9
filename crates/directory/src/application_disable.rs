//! Switching an application off. No new tokens, and those it has are refused from now on: verification looks the
//! application up each time.

use crate::rows;
use crate::secret_add::unknown;
use tenantry_core::{AppId, OpContext, Problem, TenantId};
use tenantry_db::Tx;

/// Disables an application of the tenant. Doing it twice changes nothing.
///
/// # Errors
/// `ApplicationNotFound` if the tenant did not register it.
pub async fn application_disable(ctx: &OpContext, tx: &mut Tx, tenant: TenantId, app: AppId) -> Result<(), Problem> {
    if rows::application_disable(tx, tenant, app, ctx.now()).await? { Ok(()) } else { Err(unknown(app)) }
}
