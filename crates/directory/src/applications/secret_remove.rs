//! Taking a secret away. It stops working at once; tokens it got live on until they expire.

use super::rows::secret as rows;
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_db::Tx;
use uuid::Uuid;

/// Removes a secret by the id it was given when added. Asks no policy; faces call [`crate::credential_remove`].
///
/// # Errors
/// `ApplicationNotFound` if the tenant has no such secret.
pub async fn secret_remove(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    if rows::delete(tx, tenant, id).await? {
        tx.changes_access();
        Ok(())
    } else {
        Err(Problem::new(Reason::ApplicationNotFound, format!("there is no application secret {id} in this tenant")))
    }
}
