//! Channel edges and their price rules.

use crate::channel::Link;
use crate::edge::{applies_to_from_name, applies_to_name};
use crate::reach::Reach;
use std::collections::BTreeMap;
use tenantry_core::{Currency, EdgeId, Factor, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use tenantry_rating::{PriceList, PriceRule};

/// Writes an edge without rules.
pub(crate) async fn insert(tx: &mut Tx, edge: &Link) -> Result<(), Problem> {
    sql("INSERT INTO channel_edge (id, seller, buyer, market, currency, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(edge.id)
        .bind(edge.seller)
        .bind(edge.buyer)
        .bind(&edge.market)
        .bind(edge.currency.code())
        .bind(edge.created_at)
        .run(tx)
        .await?;
    Ok(())
}

/// Adds a rule to an edge's history. The number orders rules of one date.
pub(crate) async fn rule_insert(tx: &mut Tx, edge: EdgeId, rule: &PriceRule, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO edge_price_rule (edge, number, factor, applies_to, from_at, added_at) \
         SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5 FROM edge_price_rule WHERE edge = $1")
    .bind(edge)
    .bind(rule.factor.to_string())
    .bind(applies_to_name(rule.applies_to))
    .bind(rule.from)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// The edge a partner buys on. Whole channels are made of these, so no reach is bound: see [`Channel`].
///
/// [`Channel`]: crate::channel::Channel
pub(crate) async fn of_buyer(on: &mut impl Connection, buyer: TenantId) -> Result<Option<Link>, Problem> {
    let found = sql("SELECT id, seller, buyer, market, currency, created_at FROM channel_edge WHERE buyer = $1 \
         ORDER BY created_at, id LIMIT 1")
    .bind(buyer)
    .maybe(on)
    .await?;
    match found {
        Some(row) => link(on, &row).await.map(Some),
        None => Ok(None),
    }
}

/// In which currency each edge is billed.
pub(crate) async fn currencies(on: &mut impl Connection) -> Result<BTreeMap<EdgeId, Currency>, Problem> {
    let rows =
        sql("SELECT id, currency FROM channel_edge UNION ALL SELECT id, currency FROM customer_edge").all(on).await?;
    rows.iter().map(|row| Ok((row.parsed("id", EdgeId::parse)?, row.parsed("currency", Currency::parse)?))).collect()
}

/// Who sells to a partner.
pub(crate) async fn seller(on: &mut impl Connection, buyer: TenantId) -> Result<Option<TenantId>, Problem> {
    let found = sql("SELECT seller FROM channel_edge WHERE buyer = $1 ORDER BY created_at, id LIMIT 1").bind(buyer);
    found.maybe(on).await?.map(|row| row.parsed("seller", TenantId::parse)).transpose()
}

/// The edges a tenant sells on, oldest first.
pub(crate) async fn of_seller(on: &mut impl Connection, seller: TenantId) -> Result<Vec<Link>, Problem> {
    let rows = sql("SELECT id, seller, buyer, market, currency, created_at FROM channel_edge WHERE seller = $1 \
         ORDER BY created_at, id")
    .bind(seller)
    .all(on)
    .await?;
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        links.push(link(on, row).await?);
    }
    Ok(links)
}

/// Whether the edge a partner buys on is within reach: it is the buyer's and the seller's.
pub(crate) async fn within(on: &mut impl Connection, reach: Reach, buyer: TenantId) -> Result<bool, Problem> {
    let found = sql("SELECT id FROM channel_edge WHERE buyer = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR buyer = $2 OR seller = $2) AND buyer = COALESCE($3, buyer)")
    .bind(buyer)
    .bind(reach.partner)
    .bind(reach.customer)
    .maybe(on)
    .await?;
    Ok(found.is_some())
}

async fn link(on: &mut impl Connection, row: &Row) -> Result<Link, Problem> {
    let id = row.parsed("id", EdgeId::parse)?;
    Ok(Link {
        id,
        seller: row.parsed("seller", TenantId::parse)?,
        buyer: row.parsed("buyer", TenantId::parse)?,
        to_customer: false,
        market: row.text("market")?,
        currency: row.parsed("currency", Currency::parse)?,
        rules: rules(on, id).await?,
        created_at: row.time("created_at")?,
    })
}

async fn rules(on: &mut impl Connection, edge: EdgeId) -> Result<PriceList, Problem> {
    let rows = sql("SELECT factor, applies_to, from_at FROM edge_price_rule WHERE edge = $1 ORDER BY number")
        .bind(edge)
        .all(on)
        .await?;
    let rules = rows.iter().map(|row| {
        Ok(PriceRule {
            factor: row.parsed("factor", Factor::parse)?,
            applies_to: row.parsed("applies_to", applies_to_from_name)?,
            from: row.time("from_at")?,
        })
    });
    Ok(PriceList::new(rules.collect::<Result<_, Problem>>()?))
}
