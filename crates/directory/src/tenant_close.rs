//! Closing a tenant: nobody signs in there any more, and its domains are free.
//!
//! The tenant's own row stays, because documents and the audit trail name it. What goes is what a sandbox wants back: the
//! names of domains and people, and every way in. Commerce calls this in the transaction that deletes the customer; it has
//! asked the policy and writes the audit line.

use crate::rows;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Tx, sql};

/// What of a tenant is taken away whole.
const EMPTIED: [&str; 4] = [
    "DELETE FROM application_secret WHERE tenant = $1",
    "DELETE FROM application_certificate WHERE tenant = $1",
    "DELETE FROM tenant_domain_claim WHERE tenant = $1",
    "DELETE FROM tenant_domain WHERE tenant = $1",
];

/// Closes a customer's tenant. People are deleted and signed out, applications lose their secrets and certificates, and the
/// domains are free for others. A tenant that is not there is left alone.
///
/// # Errors
/// Those of the database.
pub async fn tenant_close(ctx: &OpContext, tx: &mut Tx, tenant: TenantId) -> Result<(), Problem> {
    if rows::tenant_by_id(tx, tenant).await?.is_none() {
        return Ok(());
    }
    sql("UPDATE directory_user SET enabled = 0, deleted_at = COALESCE(deleted_at, $2), tokens_valid_from = $2 \
         WHERE tenant = $1")
    .bind(tenant)
    .bind(ctx.now())
    .run(tx)
    .await?;
    for statement in EMPTIED {
        sql(statement).bind(tenant).run(tx).await?;
    }
    tx.changes_access();
    Ok(())
}
