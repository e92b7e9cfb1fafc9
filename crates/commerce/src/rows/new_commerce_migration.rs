//! Subscriptions that went on in the modern catalogue.

use super::named;
use crate::catalogue;
use crate::new_commerce_migrations::{NewCommerceMigration, NewCommerceQuery};
use crate::offer::BillingCycle;
use crate::reach::Reach;
use tenantry_core::{Day, OfferId, OrderId, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

pub(crate) async fn insert(tx: &mut Tx, made: &NewCommerceMigration, partner: TenantId) -> Result<(), Problem> {
    sql("INSERT INTO new_commerce_migration (id, sales_order, customer, partner, source, target, full_term, \
         external_reference, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(made.id)
    .bind(made.order)
    .bind(made.customer)
    .bind(partner)
    .bind(made.source)
    .bind(made.target)
    .bind(made.full_term)
    .bind(made.external_reference.clone())
    .bind(made.made_at)
    .run(tx)
    .await?;
    Ok(())
}

/// What an order migrated.
pub(crate) async fn by_order(
    on: &mut impl Connection,
    reach: Reach,
    order: OrderId,
) -> Result<Option<NewCommerceMigration>, Problem> {
    Ok(wanted(on, reach, (None, Some(order)), &one()).await?.pop())
}

/// One within reach, whoever's customer it is of.
pub(crate) async fn get(
    on: &mut impl Connection,
    reach: Reach,
    id: Uuid,
) -> Result<Option<NewCommerceMigration>, Problem> {
    Ok(wanted(on, reach, (Some(id), None), &one()).await?.pop())
}

/// Those of a query, oldest first.
pub(crate) async fn list(
    on: &mut impl Connection,
    reach: Reach,
    query: &NewCommerceQuery,
) -> Result<Vec<NewCommerceMigration>, Problem> {
    wanted(on, reach, (None, None), query).await
}

fn one() -> NewCommerceQuery {
    NewCommerceQuery { limit: 1, ..NewCommerceQuery::default() }
}

async fn wanted(
    on: &mut impl Connection,
    reach: Reach,
    (id, order): (Option<Uuid>, Option<OrderId>),
    query: &NewCommerceQuery,
) -> Result<Vec<NewCommerceMigration>, Problem> {
    let (after_at, after_id) = query.after.unzip();
    let rows = sql(concat!(
        "SELECT made.id, made.customer, made.source, made.target, line.offer, made.sales_order, line.quantity, \
         target.billing_cycle, target.commitment_ends_on, made.full_term, made.external_reference, made.made_at \
         FROM new_commerce_migration AS made \
         JOIN subscription AS target ON target.id = made.target \
         JOIN sales_order_line AS line ON line.sales_order = made.sales_order AND line.subscription = made.target \
         WHERE ",
        within!("made.partner", "$1"),
        " AND made.customer = COALESCE($2, made.customer) AND made.id = COALESCE($3, made.id) \
         AND made.sales_order = COALESCE($4, made.sales_order) AND made.customer = COALESCE($5, made.customer) \
         AND made.source = COALESCE($6, made.source) \
         AND (CAST($7 AS TEXT) IS NULL OR made.external_reference = $7) \
         AND (CAST($8 AS BIGINT) IS NULL OR (made.made_at, made.id) > ($8, $9)) \
         ORDER BY made.made_at, made.id LIMIT $10"
    ))
    .bind(reach.partner)
    .bind(reach.customer)
    .bind(id)
    .bind(order)
    .bind(query.customer)
    .bind(query.subscription)
    .bind(query.external_reference.clone())
    .bind(after_at)
    .bind(after_id)
    .bind(query.limit)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<NewCommerceMigration, Problem> {
    let target_offer = OfferId::new(&row.text("offer")?);
    let day = |number: i64| i32::try_from(number).map(Day::from_number).map_err(Problem::internal);
    Ok(NewCommerceMigration {
        id: row.parsed("id", Uuid::parse_str)?,
        customer: row.parsed("customer", TenantId::parse)?,
        source: row.parsed("source", SubscriptionId::parse)?,
        target: row.parsed("target", SubscriptionId::parse)?,
        term: catalogue::find(&target_offer).and_then(|offer| offer.term.duration()),
        target_offer,
        order: row.parsed("sales_order", OrderId::parse)?,
        quantity: row.integer("quantity")?,
        billing_cycle: named(row, "billing_cycle", BillingCycle::from_name)?,
        ends_on: row.maybe_integer("commitment_ends_on")?.map(day).transpose()?,
        full_term: row.flag("full_term")?,
        external_reference: row.maybe_text("external_reference")?,
        made_at: row.time("made_at")?,
    })
}
