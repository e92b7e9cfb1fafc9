//! Carts, and what became of their groups.

use super::{from_json, indirect_provider, json, named};
use crate::cart::{Cart, CartState, OrderGroup};
use crate::cart_checkout::{reason_name, reason_of};
use crate::customer::Customer;
use crate::order::Order;
use crate::reach::Reach;
use tenantry_core::{OrderId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

pub(crate) async fn insert(tx: &mut Tx, cart: &Cart) -> Result<(), Problem> {
    sql("INSERT INTO cart (id, partner, customer, lines, state, version, created_at, changed_at, expires_at, \
         changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(cart.id)
    .bind(cart.partner)
    .bind(cart.customer)
    .bind(json(&cart.lines)?)
    .bind(cart.state.name())
    .bind(cart.version)
    .bind(cart.created_at)
    .bind(cart.changed_at)
    .bind(cart.expires_at)
    .bind(cart.changed_by)
    .run(tx)
    .await?;
    Ok(())
}

/// Puts the lines of the version before the cart's; false if another request was faster.
pub(crate) async fn replace(tx: &mut Tx, cart: &Cart) -> Result<bool, Problem> {
    let done = sql("UPDATE cart SET lines = $3, version = version + 1, changed_at = $4, expires_at = $5, \
         changed_by = $6 WHERE id = $1 AND version = $2 AND state = 'active'")
    .bind(cart.id)
    .bind(cart.version - 1)
    .bind(json(&cart.lines)?)
    .bind(cart.changed_at)
    .bind(cart.expires_at)
    .bind(cart.changed_by)
    .run(tx)
    .await?;
    Ok(done == 1)
}

/// Takes a cart to be ordered, or goes on with one that was taken; false if it is no longer what was read.
pub(crate) async fn take(tx: &mut Tx, cart: &Cart) -> Result<bool, Problem> {
    let done = sql("UPDATE cart SET state = 'ordering' WHERE id = $1 AND version = $2 AND state <> 'ordered'");
    Ok(done.bind(cart.id).bind(cart.version).run(tx).await? == 1)
}

/// Ends a checkout; false if another has.
pub(crate) async fn finish(tx: &mut Tx, cart: &Cart, next: CartState) -> Result<bool, Problem> {
    let done = sql("UPDATE cart SET state = $2 WHERE id = $1 AND state = 'ordering' AND version = $3");
    Ok(done.bind(cart.id).bind(next.name()).bind(cart.version).run(tx).await? == 1)
}

/// Sweeps a customer's carts that are over.
pub(crate) async fn delete_expired(tx: &mut Tx, customer: &Customer, now: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM cart WHERE customer = $1 AND partner = $2 AND state = 'active' AND expires_at <= $3")
        .bind(customer.id)
        .bind(customer.partner)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn of_customer(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
    id: Uuid,
) -> Result<Option<Cart>, Problem> {
    let row = sql(concat!(
        "SELECT id, partner, customer, lines, state, version, created_at, changed_at, expires_at, changed_by, ",
        indirect_provider!("cart"),
        " FROM cart WHERE customer = $1 AND id = $2 AND ",
        within!("partner", "$3"),
        " AND customer = COALESCE($4, customer)"
    ))
    .bind(customer)
    .bind(id)
    .bind(reach.partner)
    .bind(reach.customer)
    .maybe(on)
    .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Cart, Problem> {
    Ok(Cart {
        id: row.parsed("id", Uuid::parse_str)?,
        partner: row.parsed("partner", TenantId::parse)?,
        indirect_provider: indirect_provider(row)?,
        customer: row.parsed("customer", TenantId::parse)?,
        lines: from_json(row, "lines")?,
        state: named(row, "state", CartState::from_name)?,
        version: row.integer("version")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        expires_at: row.time("expires_at")?,
        changed_by: row.parsed("changed_by", Uuid::parse_str)?,
    })
}

/// Keeps what became of each group.
pub(crate) async fn insert_groups(
    tx: &mut Tx,
    cart: Uuid,
    tried: &[(OrderGroup, Result<Order, Problem>)],
) -> Result<(), Problem> {
    for (place, (group, outcome)) in (0_i64..).zip(tried) {
        let refused = outcome.as_ref().err();
        sql("INSERT INTO cart_group (cart, place, legacy, number, sales_order, reason, field, message) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(cart)
        .bind(place)
        .bind(group.legacy)
        .bind(group.number)
        .bind(outcome.as_ref().ok().map(|order| order.id))
        .bind(refused.and_then(|problem| reason_name(problem.reason())))
        .bind(refused.and_then(Problem::field))
        .bind(refused.map(Problem::message))
        .run(tx)
        .await?;
    }
    Ok(())
}

/// What became of each group, in their order.
pub(crate) async fn groups(
    on: &mut impl Connection,
    cart: Uuid,
) -> Result<Vec<(OrderGroup, Result<OrderId, Problem>)>, Problem> {
    let rows = sql("SELECT legacy, number, sales_order, reason, field, message FROM cart_group WHERE cart = $1 \
         ORDER BY place")
    .bind(cart)
    .all(on)
    .await?;
    let read = |row: &Row| {
        let group = OrderGroup { legacy: row.flag("legacy")?, number: row.integer("number")? };
        if row.maybe_text("sales_order")?.is_some() {
            return Ok((group, Ok(row.parsed("sales_order", OrderId::parse)?)));
        }
        let refused = Problem::new(named(row, "reason", reason_of)?, row.text("message")?);
        Ok((
            group,
            Err(match row.maybe_text("field")? {
                Some(field) => refused.at(field),
                None => refused,
            }),
        ))
    };
    rows.iter().map(read).collect()
}
