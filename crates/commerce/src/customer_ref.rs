//! Whose a customer is, for rooms that keep things about customers and have rights of their own for them: what a budget
//! is for may be read by those who may not read the customer.

use crate::{CustomerRef, customers};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A customer within the caller's reach, to ask the policy about: it allows nobody anything by itself.
///
/// # Errors
/// `CustomerNotFound` for one that is not there, or not the caller's.
pub async fn customer_ref(ctx: &OpContext, db: &Db, id: TenantId, sandbox: bool) -> Result<CustomerRef, Problem> {
    Ok(customers::visible(ctx, &mut db.reader().await?, id).await?.scope(sandbox))
}
