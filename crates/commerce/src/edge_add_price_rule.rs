//! Changing an edge's prices: a rule is added to its history.

use crate::partner::missing;
use crate::reach::Reach;
use crate::{Edge, events, rows};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{Factor, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::{Db, audit};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

/// A new rule of an edge.
#[derive(Debug, Clone)]
pub struct AddPriceRule {
    /// The partner that buys on the edge.
    pub buyer: TenantId,
    /// 0.85 for 15 % off.
    pub factor: Factor,
    /// Which meters it is for.
    pub applies_to: AppliesTo,
    /// From when on. Not in the past: what was shown to a buyer stays what it was.
    pub from: Timestamp,
}

/// Adds a rule. Only the provider may. Gives the edge with all its rules.
pub async fn edge_add_price_rule(ctx: &OpContext, db: &Db, new: AddPriceRule) -> Result<Edge, Problem> {
    let line = audit::open(ctx, db, "edge-add-price-rule", &new.buyer.to_string()).await?;
    let outcome = add(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn add(ctx: &OpContext, db: &Db, new: AddPriceRule) -> Result<Edge, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    if new.from < ctx.now() {
        let message = format!("{} is past; a price list changes from now ({}) on", new.from, ctx.now());
        return Err(Problem::invalid("from", message));
    }
    let reach = Reach::of(ctx)?;
    let mut tx = db.begin().await?;
    // Two rules at once would each publish a list without the other, and rating would follow the last one told.
    rows::partner::lock(&mut tx, new.buyer).await?;
    let found = rows::edge::of_buyer(&mut tx, reach, new.buyer).await?;
    let mut edge = found.ok_or_else(|| missing(ctx, new.buyer))?;
    let rule = PriceRule { factor: new.factor, applies_to: new.applies_to, from: new.from };
    rows::edge::rule_insert(&mut tx, edge.id, &rule, ctx.now()).await?;
    let mut rules = edge.prices.rules().to_vec();
    rules.push(rule);
    edge.prices = PriceList::new(rules);
    events::publish(ctx, &mut tx, events::EDGE_CHANGED, edge.id, &events::EdgeChanged::from(&edge)).await?;
    tx.commit().await?;
    Ok(edge)
}
