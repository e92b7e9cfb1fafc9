//! Edges from a partner to its customer, and their price rules.

use crate::channel::Link;
use crate::edge::{applies_to_from_name, applies_to_name};
use crate::reach::Reach;
use tenantry_core::{Currency, EdgeId, Factor, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

/// Writes an edge without rules.
pub(crate) async fn insert(tx: &mut Tx, edge: &Link) -> Result<(), Problem> {
    sql("INSERT INTO customer_edge (id, seller, buyer, market, currency, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
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
    sql("INSERT INTO customer_price_rule (edge, number, factor, applies_to, from_at, added_at) \
         SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5 FROM customer_price_rule WHERE edge = $1")
    .bind(edge)
    .bind(rule.factor.to_string())
    .bind(applies_to_name(rule.applies_to))
    .bind(rule.from)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// The edge between a partner and its customer. Whole channels are made of these, so no reach is bound: see [`Channel`].
///
/// [`Channel`]: crate::channel::Channel
pub(crate) async fn between(
    on: &mut impl Connection,
    seller: TenantId,
    buyer: TenantId,
) -> Result<Option<Link>, Problem> {
    let found = sql("SELECT id, seller, buyer, market, currency, created_at FROM customer_edge \
         WHERE buyer = $1 AND seller = $2")
    .bind(buyer)
    .bind(seller)
    .maybe(on)
    .await?;
    match found {
        Some(row) => link(on, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Who bills a customer here, the one that began first before the others. What a reseller has with its customer is not
/// within the reach of its indirect provider.
pub(crate) async fn sellers(on: &mut impl Connection, reach: Reach, buyer: TenantId) -> Result<Vec<TenantId>, Problem> {
    let rows = sql("SELECT seller FROM customer_edge WHERE buyer = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR seller = $2) AND buyer = COALESCE($3, buyer) ORDER BY created_at, seller")
    .bind(buyer)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    rows.iter().map(|row| row.parsed("seller", TenantId::parse)).collect()
}

/// Every factor by which a seller ever prices any of its customers, as one list: whoever changes a price above them looks
/// whether all products stay exact, and that takes the factors only.
pub(crate) async fn factors_of(on: &mut impl Connection, seller: TenantId) -> Result<PriceList, Problem> {
    let rows = sql("SELECT DISTINCT customer_price_rule.factor FROM customer_price_rule \
         JOIN customer_edge ON customer_edge.id = customer_price_rule.edge WHERE customer_edge.seller = $1")
    .bind(seller)
    .all(on)
    .await?;
    let rules = rows.iter().map(|row| {
        let factor = row.parsed("factor", Factor::parse)?;
        Ok(PriceRule { factor, applies_to: AppliesTo::Everything, from: Timestamp::from_micros(0) })
    });
    Ok(PriceList::new(rules.collect::<Result<_, Problem>>()?))
}

async fn link(on: &mut impl Connection, row: &Row) -> Result<Link, Problem> {
    let id = row.parsed("id", EdgeId::parse)?;
    let rules = sql("SELECT factor, applies_to, from_at FROM customer_price_rule WHERE edge = $1 ORDER BY number");
    let rules = rules.bind(id).all(on).await?;
    let rules = rules.iter().map(|row| {
        Ok(PriceRule {
            factor: row.parsed("factor", Factor::parse)?,
            applies_to: row.parsed("applies_to", applies_to_from_name)?,
            from: row.time("from_at")?,
        })
    });
    Ok(Link {
        id,
        seller: row.parsed("seller", TenantId::parse)?,
        buyer: row.parsed("buyer", TenantId::parse)?,
        to_customer: true,
        market: row.text("market")?,
        currency: row.parsed("currency", Currency::parse)?,
        rules: PriceList::new(rules.collect::<Result<_, Problem>>()?),
        created_at: row.time("created_at")?,
    })
}
