//! A tenant keeps somebody who can administer it: a user, enabled, not deleted, with the role of global
//! administrator. Applications do not count; they cannot sign in to put things right.

use crate::people::rows;
use tenantry_core::{DirectoryRole, ObjectId, Problem, Reason, TenantId};
use tenantry_db::Tx;

/// Whether the tenant can lose this user as a global administrator. Asked with the tenant locked, before the change.
///
/// # Errors
/// `LastGlobalAdmin` if it is the only one left.
pub(crate) async fn may_go(tx: &mut Tx, tenant: TenantId, user: ObjectId) -> Result<(), Problem> {
    let able = rows::role::able_users(tx, tenant, DirectoryRole::GlobalAdmin).await?;
    if able != [user] {
        return Ok(());
    }
    let message = "this is the only global administrator left in the tenant; give another user the role first";
    Err(Problem::new(Reason::LastGlobalAdmin, message))
}
