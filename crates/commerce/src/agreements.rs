//! Reading what customers agreed to.

use crate::agreement::Agreement;
use crate::reach::Reach;
use crate::{customers, rows};
use tenantry_access::{CustomerRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The confirmations of a customer, oldest first.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn agreement_list(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<Vec<Agreement>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    rows::agreement::of_customer(&mut reader, Reach::of(ctx)?, customer.id).await
}

/// Whether the customer signed the agreement itself, so that its partner need not confirm it.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn agreement_signed(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<bool, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    rows::agreement::signed(&mut reader, customer.id, customer.partner).await
}
