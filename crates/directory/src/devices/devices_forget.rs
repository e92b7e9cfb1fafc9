//! A partner that has a customer no more has none of its machines either: another may bring them in, or the same again.

use tenantry_core::{Problem, TenantId};
use tenantry_db::{Tx, sql};

/// What a partner brought into a customer's directory, in an order in which nothing is left that points to what is gone.
const FORGOTTEN: [&str; 6] = [
    "DELETE FROM device_upload_line WHERE upload IN (SELECT id FROM device_upload WHERE tenant = $1 AND partner = $2)",
    "DELETE FROM device_upload WHERE tenant = $1 AND partner = $2",
    "DELETE FROM device_identity WHERE device IN (SELECT id FROM device WHERE tenant = $1 AND partner = $2)",
    "DELETE FROM device WHERE tenant = $1 AND partner = $2",
    "DELETE FROM device_batch WHERE tenant = $1 AND partner = $2",
    "DELETE FROM configuration_policy WHERE tenant = $1 AND partner = $2",
];

/// Takes away devices, batches, what is known of uploads, and policies. For the end of a contract, which asked the policy.
///
/// # Errors
/// Those of the database.
pub(crate) async fn devices_forget(tx: &mut Tx, partner: TenantId, customer: TenantId) -> Result<(), Problem> {
    for statement in FORGOTTEN {
        sql(statement).bind(customer).bind(partner).run(tx).await?;
    }
    Ok(())
}
