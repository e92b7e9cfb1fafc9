//! Reading payments.

use crate::payment::{Payment, readable_account, shows};
use crate::payment_rows;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The payments of a buyer and their reversals, in the order they were written down. The buyer may ask, its seller,
/// and the provider.
pub async fn payment_list(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Vec<Payment>, Problem> {
    let account = readable_account(ctx, db, buyer).await?;
    let mut payments = payment_rows::of_buyer(&mut db.reader().await?, buyer).await?;
    payments.retain(|payment| shows(ctx, account, payment.seller));
    Ok(payments)
}
