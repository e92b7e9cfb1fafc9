//! A seller says what its customer pays: it begins to bill that customer here, or changes a price.
//!
//! Sellers who do not are as before: their documents end at themselves, and how they bill their customer is their own
//! affair. With the first rule there is an edge between the two, and from that instant on it is the last one of the
//! channel of everything the seller sells to the customer. What was used before stays billed as it was.

use crate::channel::{Channel, Link};
use crate::edge::inexact;
use crate::reach::Reach;
use crate::subscription::Status;
use crate::{Customer, SoldEdge, customers, events, rows};
use tenantry_access::{CustomerPriceManage, allow};
use tenantry_core::{Currency, EdgeId, Factor, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

/// A rule of what a customer pays.
#[derive(Debug, Clone)]
pub struct AddCustomerPriceRule {
    /// The partner that sells to it, for those who see several of one customer; the caller's own by default.
    pub seller: Option<TenantId>,
    /// The customer.
    pub customer: TenantId,
    /// 1.2 for 20 % more than the seller pays itself.
    pub factor: Factor,
    /// Which meters it is for.
    pub applies_to: AppliesTo,
    /// From when on. The first rule holds from now on; later ones not from the past.
    pub from: Option<Timestamp>,
    /// In what the customer is billed, said with the first rule; as its seller by default.
    pub currency: Option<Currency>,
}

/// Adds a rule, and with the first one begins to bill the customer. Only who sells to it may. Gives the edge with all its
/// rules.
///
/// # Errors
/// `CustomerNotFound`; `Forbidden` for anybody but the seller, also the provider; `InvalidField` on `from`; on `factor` if
/// a price would need more digits than are kept; on `appliesTo` if the first rule leaves some meters without a price; on
/// `currency` if it is another one later.
pub async fn customer_price_rule_add(ctx: &OpContext, db: &Db, new: AddCustomerPriceRule) -> Result<SoldEdge, Problem> {
    let line = audit::open(ctx, db, "customer-price-rule-add", &new.customer.to_string()).await?;
    let outcome = add(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn add(ctx: &OpContext, db: &Db, new: AddCustomerPriceRule) -> Result<SoldEdge, Problem> {
    let mut tx = db.begin().await?;
    let customer = match new.seller {
        Some(seller) => customers::visible_of_partner(ctx, &mut tx, seller, new.customer).await?,
        None => customers::visible_as_one(ctx, &mut tx, new.customer).await?,
    };
    let customer = allow::<CustomerPriceManage, _>(ctx, customer.price_scope()).map(|_| customer)?;
    // Two factors of one channel must not be looked at without each other, and orders must not miss the edge.
    let above = Channel::of(&mut tx, customer.partner).await?;
    rows::partner::lock(&mut tx, above.first().buyer).await?;
    rows::customer::lock(&mut tx, &customer).await?;
    let above = Channel::of(&mut tx, customer.partner).await?;
    let known = rows::customer_edge::between(&mut tx, customer.partner, customer.id).await?;
    let is_new = known.is_none();
    let link = match known {
        Some(link) => link,
        None => first(ctx, &mut tx, &above, &customer, &new).await?,
    };
    if let Some(currency) = new.currency.filter(|currency| *currency != link.currency) {
        let message = format!("{currency} was sent, and this customer is billed in {}; that stays", link.currency);
        return Err(Problem::invalid("currency", message));
    }
    let rule = rule(ctx, &new, is_new)?;
    let mut rules = link.rules.rules().to_vec();
    rules.push(rule.clone());
    let rules = PriceList::new(rules);
    let mut channel = above.then(link);
    if !channel.fits(&rules) {
        return Err(inexact());
    }
    rows::customer_edge::rule_insert(&mut tx, channel.last().id, &rule, ctx.now()).await?;
    channel.set_rules(rules);
    let link = channel.last();
    events::publish(ctx, &mut tx, events::EDGE_CHANGED, link.id, &events::EdgeChanged::from(link)).await?;
    if is_new {
        lead_to(ctx, &mut tx, &customer, &channel).await?;
    }
    tx.commit().await?;
    channel.into_sold()
}

/// The rule as it is kept. The first one holds from the beginning of time: no day may be without it.
fn rule(ctx: &OpContext, new: &AddCustomerPriceRule, is_first: bool) -> Result<PriceRule, Problem> {
    let (factor, applies_to) = (new.factor, new.applies_to);
    let from = match new.from {
        Some(from) if from < ctx.now() => {
            let message = format!("{from} is past; a price list changes from now ({}) on", ctx.now());
            return Err(Problem::invalid("from", message));
        }
        Some(from) if is_first && from > ctx.now() => {
            let message = format!(
                "{from} is yet to come, and the first rule is from when on the customer is billed here; send it then, or \
                 leave `from` out to begin now"
            );
            return Err(Problem::invalid("from", message));
        }
        from => from.unwrap_or_else(|| ctx.now()),
    };
    if !is_first {
        return Ok(PriceRule { factor, applies_to, from });
    }
    if applies_to != AppliesTo::Everything {
        let message = "the first rule of a customer is for everything; add others for first-party meters after it";
        return Err(Problem::invalid("appliesTo", message));
    }
    Ok(PriceRule { factor, applies_to, from: Timestamp::from_micros(0) })
}

/// Begins the edge: in the market its seller buys in, because what the one pays is made of what the other pays. Its
/// documents may be in another currency, at the rates of the months.
async fn first(
    ctx: &OpContext,
    tx: &mut Tx,
    above: &Channel,
    customer: &Customer,
    new: &AddCustomerPriceRule,
) -> Result<Link, Problem> {
    // Refused before anything is written about it.
    rule(ctx, new, true)?;
    let link = Link {
        id: EdgeId::new(ctx.chance.guid()),
        seller: customer.partner,
        buyer: customer.id,
        to_customer: true,
        market: above.first().market.clone(),
        currency: new.currency.unwrap_or(above.last().currency),
        rules: PriceList::default(),
        created_at: ctx.now(),
    };
    rows::customer_edge::insert(tx, &link).await?;
    Ok(link)
}

/// Tells rating that all this seller sells to the customer is sold along the longer channel from now on.
async fn lead_to(ctx: &OpContext, tx: &mut Tx, customer: &Customer, channel: &Channel) -> Result<(), Problem> {
    let all = rows::subscription::Which::default();
    let reach = Reach::ALL.of_partner(customer.partner);
    for subscription in rows::subscription::of_customer(tx, reach, customer.id, all).await? {
        let sold_here = subscription.partner == customer.partner;
        if sold_here && subscription.state.status() != Status::Deleted {
            let event = events::SubscriptionChanged::of(&subscription, channel);
            events::publish(ctx, tx, events::SUBSCRIPTION_CHANGED, subscription.id, &event).await?;
        }
    }
    Ok(())
}
