//! Transfers of subscriptions between partners.

use super::named;
use crate::reach::Reach;
use crate::{Transfer, TransferLine, TransferState};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{OfferId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

pub(crate) async fn insert(tx: &mut Tx, transfer: &Transfer) -> Result<(), Problem> {
    sql("INSERT INTO subscription_transfer (id, customer, source, target, customer_name, source_name, target_name, \
         status, created_at, changed_at, changed_by, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    .bind(transfer.id)
    .bind(transfer.customer)
    .bind(transfer.source)
    .bind(transfer.target)
    .bind(&transfer.customer_name)
    .bind(&transfer.source_name)
    .bind(&transfer.target_name)
    .bind(transfer.done.name())
    .bind(transfer.created_at)
    .bind(transfer.changed_at)
    .bind(&transfer.changed_by)
    .bind(transfer.expires_at)
    .run(tx)
    .await?;
    for (number, line) in (0_i64..).zip(&transfer.lines) {
        sql("INSERT INTO subscription_transfer_line (transfer, line_number, subscription, offer, friendly_name) \
             VALUES ($1, $2, $3, $4, $5)")
        .bind(transfer.id)
        .bind(number)
        .bind(line.subscription)
        .bind(line.offer.as_str())
        .bind(&line.friendly_name)
        .run(tx)
        .await?;
    }
    Ok(())
}

/// Saves how it ended if it is still open; says whether it was.
pub(crate) async fn end(tx: &mut Tx, transfer: &Transfer) -> Result<bool, Problem> {
    let changed = sql("UPDATE subscription_transfer SET status = $2, changed_at = $3, changed_by = $4 \
         WHERE id = $1 AND status = 'active'")
    .bind(transfer.id)
    .bind(transfer.done.name())
    .bind(transfer.changed_at)
    .bind(&transfer.changed_by)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// A customer's transfers with an end within reach, oldest first; only one if it is named.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
    id: Option<Uuid>,
) -> Result<Vec<Transfer>, Problem> {
    let rows = sql(concat!(
        "SELECT id, customer, source, target, customer_name, source_name, target_name, status, created_at, changed_at, \
             changed_by, expires_at FROM subscription_transfer WHERE customer = $1 AND id = COALESCE($2, id) AND (",
        within!("source", "$3"),
        " OR ",
        within!("target", "$3"),
        ") AND customer = COALESCE($4, customer) ORDER BY created_at, id"
    ))
    .bind(customer)
    .bind(id)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    let mut lines = lines(on, customer).await?;
    rows.iter()
        .map(|row| {
            let id = row.parsed("id", Uuid::parse_str)?;
            read(row, id, lines.remove(&id).unwrap_or_default())
        })
        .collect()
}

/// The lines of a customer's transfers, in their order.
async fn lines(on: &mut impl Connection, customer: TenantId) -> Result<BTreeMap<Uuid, Vec<TransferLine>>, Problem> {
    let rows = sql("SELECT line.transfer, line.subscription, line.offer, line.friendly_name FROM subscription_transfer_line AS line \
         JOIN subscription_transfer AS whole ON whole.id = line.transfer WHERE whole.customer = $1 \
         ORDER BY line.transfer, line.line_number")
    .bind(customer)
    .all(on)
    .await?;
    let mut lines: BTreeMap<Uuid, Vec<TransferLine>> = BTreeMap::new();
    for row in &rows {
        let of = lines.entry(row.parsed("transfer", Uuid::parse_str)?).or_default();
        of.push(TransferLine {
            subscription: row.parsed("subscription", SubscriptionId::parse)?,
            offer: OfferId::new(&row.text("offer")?),
            friendly_name: row.text("friendly_name")?,
        });
    }
    Ok(lines)
}

/// What of a customer is offered at an instant, by whomever.
pub(crate) async fn offered(
    on: &mut impl Connection,
    customer: TenantId,
    now: Timestamp,
) -> Result<BTreeSet<SubscriptionId>, Problem> {
    let rows = sql("SELECT line.subscription FROM subscription_transfer_line AS line \
         JOIN subscription_transfer AS whole ON whole.id = line.transfer \
         WHERE whole.customer = $1 AND whole.status = 'active' AND whole.expires_at > $2")
    .bind(customer)
    .bind(now)
    .all(on)
    .await?;
    rows.iter().map(|row| row.parsed("subscription", SubscriptionId::parse)).collect()
}

fn read(row: &Row, id: Uuid, lines: Vec<TransferLine>) -> Result<Transfer, Problem> {
    Ok(Transfer {
        id,
        customer: row.parsed("customer", TenantId::parse)?,
        customer_name: row.text("customer_name")?,
        source: row.parsed("source", TenantId::parse)?,
        source_name: row.text("source_name")?,
        target: row.parsed("target", TenantId::parse)?,
        target_name: row.text("target_name")?,
        lines,
        done: named(row, "status", TransferState::from_name)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        changed_by: row.text("changed_by")?,
        expires_at: row.time("expires_at")?,
    })
}
