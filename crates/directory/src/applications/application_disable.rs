//! Switching an application off. No new tokens, and those it has are refused from now on: verification looks the
//! application up each time.

use super::rows::application as rows;
use super::secret_add::unknown;
use tenantry_core::{AppId, OpContext, Problem, TenantId};
use tenantry_db::Tx;

/// Disables an application of the tenant, everywhere. Doing it twice changes nothing. A tenant that wants no more of a
/// foreign application switches off its service principal instead.
///
/// # Errors
/// `ApplicationNotFound` if the tenant did not register it.
pub async fn application_disable(ctx: &OpContext, tx: &mut Tx, tenant: TenantId, app: AppId) -> Result<(), Problem> {
    if rows::disable(tx, tenant, app, ctx.now()).await? {
        tx.changes_access();
        Ok(())
    } else {
        Err(unknown(app))
    }
}
