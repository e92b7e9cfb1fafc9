//! Changing an edge's prices: a rule is added to its history.

use crate::partner::no_partner;
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
    let found = rows::edge::of_buyer(&mut tx, reach, new.buyer).await?;
    let mut edge = found.ok_or_else(|| no_partner(new.buyer))?;
    let rule = PriceRule { factor: new.factor, applies_to: new.applies_to, from: new.from };
    rows::edge::rule_insert(&mut tx, edge.id, &rule, ctx.now()).await?;
    let mut rules = edge.prices.rules().to_vec();
    rules.push(rule);
    edge.prices = PriceList::new(rules);
    events::publish(ctx, &mut tx, events::EDGE_CHANGED, edge.id, &events::EdgeChanged::from(&edge)).await?;
    tx.commit().await?;
    Ok(edge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge_of;
    use crate::testing::House;
    use tenantry_core::{Day, Reason, Role};

    #[tokio::test]
    async fn a_rule_begins_on_its_day_and_the_old_one_stays_in_the_history() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let rule = |from: &str| AddPriceRule {
            buyer: partner.tenant,
            factor: Factor::parse("0.8").unwrap(),
            applies_to: AppliesTo::FirstParty,
            from: Timestamp::parse(from).unwrap(),
        };
        let edge = edge_add_price_rule(&house.ctx, &house.db, rule("2026-02-01")).await.unwrap();
        assert_eq!(edge_of(&house.ctx, &house.db, partner.tenant).await.unwrap(), edge);
        let factor = |day: &str| edge.prices.factor(true, Day::parse(day).unwrap()).to_string();
        assert_eq!((factor("2026-01-31"), factor("2026-02-01")), ("0.85".into(), "0.8".into()));
        assert_eq!(house.events::<events::EdgeChanged>(events::EDGE_CHANGED).await.len(), 2);

        let past = edge_add_price_rule(&house.ctx, &house.db, rule("2025-12-01")).await.unwrap_err();
        assert_eq!((past.reason(), past.field()), (Reason::InvalidField, Some("from")));
        let by_partner = house.by(&partner, &Role::ALL);
        let refused = edge_add_price_rule(&by_partner, &house.db, rule("2026-03-01")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    }
}
