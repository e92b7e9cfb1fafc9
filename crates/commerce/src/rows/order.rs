//! Orders and their lines.

use super::{indirect_provider, named, subscription};
use crate::customer::Customer;
use crate::offer::BillingCycle;
use crate::order::{Order, OrderLine};
use crate::reach::Reach;
use crate::subscription::Status;
use std::collections::BTreeMap;
use tenantry_core::{Currency, OfferId, OrderId, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

pub(crate) async fn insert(tx: &mut Tx, order: &Order, asked: Option<String>) -> Result<(), Problem> {
    sql("INSERT INTO sales_order (id, partner, customer, number, currency, billing_cycle, version, placed_at, asked) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(order.id)
    .bind(order.partner)
    .bind(order.customer)
    .bind(order.number)
    .bind(order.currency.code())
    .bind(order.billing_cycle.name())
    .bind(order.version)
    .bind(order.placed_at)
    .bind(asked)
    .run(tx)
    .await?;
    for line in &order.lines {
        insert_line(tx, order.id, line, None).await?;
    }
    Ok(())
}

/// Adds a line. `asked` is the request that added it to an order that was there.
pub(crate) async fn insert_line(
    tx: &mut Tx,
    order: OrderId,
    line: &OrderLine,
    asked: Option<String>,
) -> Result<(), Problem> {
    sql(
        "INSERT INTO sales_order_line (sales_order, line_number, offer, subscription, friendly_name, quantity, asked) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(order)
    .bind(line.number)
    .bind(line.offer.as_str())
    .bind(line.subscription)
    .bind(&line.friendly_name)
    .bind(line.quantity)
    .bind(asked)
    .run(tx)
    .await?;
    Ok(())
}

/// Whether a request added lines to an order before.
pub(crate) async fn added_by(on: &mut impl Connection, order: OrderId, asked: &str) -> Result<bool, Problem> {
    let found = sql("SELECT line_number FROM sales_order_line WHERE sales_order = $1 AND asked = $2");
    Ok(found.bind(order).bind(asked).maybe(on).await?.is_some())
}

/// Counts a change of an order whose stored version is still the one before; says whether it was.
pub(crate) async fn update(tx: &mut Tx, order: &Order) -> Result<bool, Problem> {
    let changed = sql("UPDATE sales_order SET version = $3 WHERE id = $1 AND partner = $2 AND version = $3 - 1")
        .bind(order.id)
        .bind(order.partner)
        .bind(order.version)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// The order that a request made, if it came before.
pub(crate) async fn by_asked(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
    asked: &str,
) -> Result<Option<Order>, Problem> {
    let found = sql("SELECT id FROM sales_order WHERE customer = $1 AND asked = $2")
        .bind(customer)
        .bind(asked)
        .maybe(on)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let id = row.parsed("id", OrderId::parse)?;
    Ok(of_customer(on, reach, customer, Some(id)).await?.pop())
}

/// The number of the next order of a partner's customer. Ask while holding the customer's row.
pub(crate) async fn next_number(tx: &mut Tx, customer: &Customer) -> Result<i64, Problem> {
    sql("SELECT COALESCE(MAX(number), 0) + 1 AS next FROM sales_order WHERE customer = $1 AND partner = $2")
        .bind(customer.id)
        .bind(customer.partner)
        .one(tx)
        .await?
        .integer("next")
}

/// A customer's orders, oldest first; only the one of an id if it is given.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
    id: Option<OrderId>,
) -> Result<Vec<Order>, Problem> {
    let rows = sql(concat!(
        "SELECT id, partner, customer, number, currency, billing_cycle, version, placed_at, ",
        indirect_provider!("sales_order"),
        " FROM sales_order WHERE customer = $1 AND id = COALESCE($2, id) AND ",
        within!("partner", "$3"),
        " AND customer = COALESCE($4, customer) ORDER BY placed_at, partner, number"
    ))
    .bind(customer)
    .bind(id)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    let mut lines = lines(on, customer, id).await?;
    rows.iter()
        .map(|row| {
            let id = row.parsed("id", OrderId::parse)?;
            read(row, id, lines.remove(&id).unwrap_or_default())
        })
        .collect()
}

async fn lines(
    on: &mut impl Connection,
    customer: TenantId,
    order: Option<OrderId>,
) -> Result<BTreeMap<OrderId, Vec<OrderLine>>, Problem> {
    let rows = sql("SELECT line.sales_order, line.line_number, line.offer, line.subscription, line.friendly_name, \
         line.quantity, made.parent, made.state FROM sales_order_line AS line \
         JOIN sales_order ON sales_order.id = line.sales_order \
         JOIN subscription AS made ON made.id = line.subscription WHERE sales_order.customer = $1 AND sales_order.id = COALESCE($2, sales_order.id) ORDER BY line.line_number")
    .bind(customer)
    .bind(order)
    .all(on)
    .await?;
    let mut by_order: BTreeMap<OrderId, Vec<OrderLine>> = BTreeMap::new();
    for row in &rows {
        by_order.entry(row.parsed("sales_order", OrderId::parse)?).or_default().push(OrderLine {
            number: row.integer("line_number")?,
            offer: OfferId::new(&row.text("offer")?),
            subscription: row.parsed("subscription", SubscriptionId::parse)?,
            parent: subscription::subscription_in(row, "parent")?,
            friendly_name: row.text("friendly_name")?,
            quantity: row.integer("quantity")?,
            cancelled: row.text("state")? == Status::Deleted.name(),
        });
    }
    Ok(by_order)
}

fn read(row: &Row, id: OrderId, lines: Vec<OrderLine>) -> Result<Order, Problem> {
    if lines.is_empty() {
        return Err(Problem::corrupt(format!("order {id} has no lines")));
    }
    Ok(Order {
        id,
        partner: row.parsed("partner", TenantId::parse)?,
        indirect_provider: indirect_provider(row)?,
        customer: row.parsed("customer", TenantId::parse)?,
        number: row.integer("number")?,
        currency: row.parsed("currency", Currency::parse)?,
        billing_cycle: named(row, "billing_cycle", BillingCycle::from_name)?,
        lines,
        placed_at: row.time("placed_at")?,
        version: row.integer("version")?,
    })
}
