//! Subscriptions that took the place of others.

use super::{from_json, named};
use crate::catalogue;
use crate::offer::BillingCycle;
use crate::reach::Reach;
use crate::transition::{LicenceMove, Transition};
use tenantry_core::{OfferId, OrderId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// A transition that was just made.
pub(crate) struct NewTransition {
    pub(crate) operation: OrderId,
    pub(crate) customer: TenantId,
    pub(crate) source: SubscriptionId,
    pub(crate) target: SubscriptionId,
    pub(crate) with_licences: bool,
}

pub(crate) async fn insert(tx: &mut Tx, new: NewTransition, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO subscription_transition (sales_order, customer, source, target, with_licences, made_at, licence_errors) \
         VALUES ($1, $2, $3, $4, $5, $6, '[]')")
    .bind(new.operation)
    .bind(new.customer)
    .bind(new.source)
    .bind(new.target)
    .bind(new.with_licences)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Licences were moved, but for those of whom this is said.
pub(crate) async fn licences_moved(
    tx: &mut Tx,
    operation: OrderId,
    at: Timestamp,
    errors: &[String],
) -> Result<(), Problem> {
    sql("UPDATE subscription_transition SET licences_at = $2, licence_errors = $3 WHERE sales_order = $1")
        .bind(operation)
        .bind(at)
        .bind(serde_json::to_string(errors).map_err(Problem::internal)?)
        .run(tx)
        .await?;
    Ok(())
}

/// Those that a subscription came of or was replaced by, oldest first.
pub(crate) async fn of_subscription(
    on: &mut impl Connection,
    reach: Reach,
    id: SubscriptionId,
) -> Result<Vec<Transition>, Problem> {
    let rows = sql(concat!(
        "SELECT made.sales_order, made.source, source.offer AS source_offer, made.target, line.offer AS target_offer, \
         line.quantity, target.billing_cycle, made.with_licences, made.made_at, made.licences_at, made.licence_errors \
         FROM subscription_transition AS made \
         JOIN subscription AS source ON source.id = made.source \
         JOIN subscription AS target ON target.id = made.target \
         JOIN sales_order_line AS line ON line.sales_order = made.sales_order AND line.subscription = made.target \
         WHERE (made.source = $1 OR made.target = $1) AND ",
        within!("target.partner", "$2"),
        " AND made.customer = COALESCE($3, made.customer) ORDER BY made.made_at, made.sales_order"
    ))
    .bind(id)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Transition, Problem> {
    let licences = match (row.flag("with_licences")?, row.maybe_time("licences_at")?) {
        (false, _) => None,
        (true, None) => Some(LicenceMove::Waiting),
        (true, Some(at)) => Some(LicenceMove::Done { at, errors: from_json(row, "licence_errors")? }),
    };
    let target_offer = OfferId::new(&row.text("target_offer")?);
    Ok(Transition {
        operation: row.parsed("sales_order", OrderId::parse)?,
        source: row.parsed("source", SubscriptionId::parse)?,
        source_offer: OfferId::new(&row.text("source_offer")?),
        target: row.parsed("target", SubscriptionId::parse)?,
        term: catalogue::find(&target_offer).and_then(|offer| offer.term.duration()),
        target_offer,
        quantity: row.integer("quantity")?,
        billing_cycle: named(row, "billing_cycle", BillingCycle::from_name)?,
        made_at: row.time("made_at")?,
        licences,
    })
}
