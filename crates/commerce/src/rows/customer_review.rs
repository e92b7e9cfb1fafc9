//! What the provider thinks of customers' accounts.

use super::named;
use crate::customer_review::{CustomerReview, ReviewStatus};
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Tx, sql};

/// What was said of a partner's customer, if anything ever was.
pub(crate) async fn get(
    on: &mut impl Connection,
    (customer, partner): (TenantId, TenantId),
) -> Result<Option<CustomerReview>, Problem> {
    let row = sql("SELECT status, changed_at FROM customer_review WHERE customer = $1 AND partner = $2")
        .bind(customer)
        .bind(partner)
        .maybe(on)
        .await?;
    row.map(|row| {
        let status = named(&row, "status", ReviewStatus::from_name)?;
        Ok(CustomerReview { status, changed_at: row.time("changed_at")? })
    })
    .transpose()
}

pub(crate) async fn put(
    tx: &mut Tx,
    (customer, partner): (TenantId, TenantId),
    review: CustomerReview,
) -> Result<(), Problem> {
    sql("INSERT INTO customer_review (customer, partner, status, changed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (customer, partner) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at")
    .bind(customer)
    .bind(partner)
    .bind(review.status.name())
    .bind(review.changed_at)
    .run(tx)
    .await?;
    Ok(())
}
