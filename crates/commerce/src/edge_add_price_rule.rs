//! Changing an edge's prices: a rule is added to its history.

use crate::channel::Channel;
use crate::edge::inexact;
use crate::partner::missing;
use crate::reach::Reach;
use crate::{SoldEdge, events, rows};
use tenantry_access::{ChannelManage, PartnerScope, ResellerManage, WorldScope, allow};
use tenantry_core::{Factor, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

/// A new rule of an edge.
#[derive(Debug, Clone)]
pub struct AddPriceRule {
    /// The partner that buys on the edge.
    pub buyer: TenantId,
    /// 0.85 for 15 % off, 1.07 for 7 % more: of the public list on the provider's edges, of what the seller pays itself
    /// on an indirect provider's.
    pub factor: Factor,
    /// Which meters it is for.
    pub applies_to: AppliesTo,
    /// From when on. Not in the past: what was shown to a buyer stays what it was.
    pub from: Timestamp,
}

/// Adds a rule. Only who sells on the edge may, and the provider. Gives the edge with all its rules.
///
/// # Errors
/// `TenantNotFound` for a buyer that is not there, or not this caller's; `Forbidden` for the buyer itself;
/// `InvalidField` on `from`, and on `factor` if a price somewhere along the channel would need more digits than are kept.
pub async fn edge_add_price_rule(ctx: &OpContext, db: &Db, new: AddPriceRule) -> Result<SoldEdge, Problem> {
    let line = audit::open(ctx, db, "edge-add-price-rule", &new.buyer.to_string()).await?;
    let outcome = add(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn add(ctx: &OpContext, db: &Db, new: AddPriceRule) -> Result<SoldEdge, Problem> {
    let mut tx = db.begin().await?;
    if !rows::edge::within(&mut tx, Reach::of(ctx)?, new.buyer).await? {
        return Err(missing(ctx, new.buyer));
    }
    let channel = Channel::of(&mut tx, new.buyer).await?;
    may_price(ctx, &channel)?;
    if new.from < ctx.now() {
        let message = format!("{} is past; a price list changes from now ({}) on", new.from, ctx.now());
        return Err(Problem::invalid("from", message));
    }
    // Two rules at once would each publish a list without the other, and rating would follow the last one told. The
    // first buyer stands for its whole channel: two factors of it must not be looked at without each other either.
    rows::partner::lock(&mut tx, channel.first().buyer).await?;
    let mut channel = Channel::of(&mut tx, new.buyer).await?;
    let rule = PriceRule { factor: new.factor, applies_to: new.applies_to, from: new.from };
    let mut rules = channel.last().rules.rules().to_vec();
    rules.push(rule.clone());
    let rules = PriceList::new(rules);
    check_exact(&mut tx, &channel, &rules).await?;
    rows::edge::rule_insert(&mut tx, channel.last().id, &rule, ctx.now()).await?;
    channel.set_rules(rules);
    let link = channel.last();
    events::publish(ctx, &mut tx, events::EDGE_CHANGED, link.id, &events::EdgeChanged::from(link)).await?;
    tx.commit().await?;
    channel.into_sold()
}

/// Whether the caller may set prices on the last edge of a channel to a partner, or see them as its seller does.
pub(crate) fn may_price(ctx: &OpContext, channel: &Channel) -> Result<(), Problem> {
    if !channel.is_resold() {
        return allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false }).map(|_| ());
    }
    if ctx.confined_to() == Some(channel.last().buyer) {
        let message = "the rules of an edge are its seller's; who buys on it sees its prices";
        return Err(Problem::new(Reason::Forbidden, message));
    }
    allow::<ResellerManage, _>(ctx, PartnerScope(channel.last().seller)).map(|_| ())
}

/// Rating refuses a channel that it could not charge exactly, and with it all usage behind it. So it is refused here,
/// for the edge itself and for all that are sold on below it.
async fn check_exact(tx: &mut Tx, channel: &Channel, rules: &PriceList) -> Result<(), Problem> {
    if !channel.fits(rules) {
        return Err(inexact());
    }
    let buyer = channel.last().buyer;
    let to_customers = rows::customer_edge::factors_of(tx, buyer).await?;
    if !channel.fits_below(rules, [&to_customers]) {
        return Err(inexact());
    }
    for below in rows::edge::of_seller(tx, buyer).await? {
        let to_customers = rows::customer_edge::factors_of(tx, below.buyer).await?;
        if !channel.fits_below(rules, [&below.rules, &to_customers]) {
            return Err(inexact());
        }
    }
    Ok(())
}
