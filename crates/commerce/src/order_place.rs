//! Placing an order. Order, subscriptions and events are one transaction: there is no order without what it
//! bought, and nobody hears of a subscription that was not kept.

use crate::customer::Customer;
use crate::offer::{BillingCycle, PurchaseLimit};
use crate::order::{Order, OrderLine};
use crate::order_check::{Checked, checked};
use crate::reach::Reach;
use crate::subscription::{State, Status, Subscription, commitment_end};
use crate::{Edge, Limits, customers, events, rows};
use std::collections::BTreeMap;
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit, counter};

/// What a customer is to get.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// For whom.
    pub customer: TenantId,
    /// How often to bill; the offers' default if absent.
    pub billing_cycle: Option<BillingCycle>,
    /// What. The numbers are 0 to n-1, in any order.
    pub lines: Vec<PlaceLine>,
}

/// One line of an order to be placed.
#[derive(Debug, Clone)]
pub struct PlaceLine {
    /// Its number.
    pub number: i64,
    /// What is ordered.
    pub offer: OfferId,
    /// The subscription's name; the offer's if absent.
    pub friendly_name: Option<String>,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
}

/// Places an order and creates its subscriptions at once.
///
/// Source: partner-center-v1.md 4.3. Refused: no lines (`MissingField`); numbers other than 0 to n-1
/// (`LineNumbersInvalid`); an offer not sold in the customer's country (`OfferNotFound`); an add-on, or more than
/// the offer's purchase limit (`OfferNotPurchasable`); `QuantityOutOfRange`; `BillingCycleRefused`;
/// `SandboxLimit`.
pub async fn order_place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &new.customer.to_string()).await?;
    let outcome = place(ctx, db, limits, new).await;
    line.close(ctx, db, outcome).await
}

async fn place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    let customer = customers::visible(ctx, &mut db.reader().await?, new.customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let checked = checked(limits, customer.country(), new)?;

    let mut tx = db.begin().await?;
    let edge = rows::edge::of_buyer(&mut tx, Reach::of(ctx)?, customer.partner).await?;
    let edge = edge.ok_or_else(|| Problem::corrupt(format!("partner {} has no edge", customer.partner)))?;
    rows::customer::lock(&mut tx, customer.id).await?;
    check_holdings(ctx, &mut tx, limits, &customer, &checked).await?;
    let (order, subscriptions) = create(ctx, &mut tx, &customer, &edge, checked).await?;
    rows::order::insert(&mut tx, &order).await?;
    for subscription in &subscriptions {
        rows::subscription::insert(&mut tx, subscription).await?;
        let changed = events::SubscriptionChanged::of(subscription, &edge);
        events::publish(ctx, &mut tx, events::SUBSCRIPTION_CHANGED, subscription.id, &changed).await?;
    }
    tx.commit().await?;
    Ok(order)
}

/// How many the customer has, and may have.
async fn check_holdings(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    customer: &Customer,
    order: &Checked,
) -> Result<(), Problem> {
    let all = rows::subscription::Which::default();
    let held = rows::subscription::of_customer(tx, Reach::of(ctx)?, customer.id, all).await?;
    let alive = |subscription: &&Subscription| subscription.state.status() != Status::Deleted;
    limits.check_subscriptions(length(held.iter().filter(alive).count() + order.lines.len()))?;
    let mut ordered: BTreeMap<&str, i64> = BTreeMap::new();
    for line in &order.lines {
        *ordered.entry(line.offer.id).or_default() += 1;
    }
    for line in &order.lines {
        let of_offer = held.iter().filter(|subscription| subscription.offer.id == line.offer.id);
        let (has, max) = match line.offer.limit {
            PurchaseLimit::None => continue,
            PurchaseLimit::Concurrent(max) => (length(of_offer.filter(alive).count()), max),
            PurchaseLimit::Lifetime(max) => (length(of_offer.count()), max),
        };
        let wanted = ordered.get(line.offer.id).copied().unwrap_or_default();
        if has + wanted > max {
            let field = format!("lineItems[{}].offerId", line.number);
            let message = format!(
                "{field}: a customer may have {max} of {}; this one has {has} and {wanted} more are ordered",
                line.offer.name
            );
            return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field));
        }
    }
    Ok(())
}

/// Lists are bounded far below any overflow.
fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The order and what it creates, numbered after what is there.
async fn create(
    ctx: &OpContext,
    tx: &mut Tx,
    customer: &Customer,
    edge: &Edge,
    checked: Checked,
) -> Result<(Order, Vec<Subscription>), Problem> {
    let id = OrderId::new(ctx.chance.guid());
    let (mut lines, mut subscriptions) = (Vec::new(), Vec::new());
    for line in checked.lines {
        let starts_on = ctx.now().day();
        let subscription = Subscription {
            id: SubscriptionId::new(ctx.chance.guid()),
            partner: customer.partner,
            customer: customer.id,
            number: counter::next(tx, &format!("subscription/{}", customer.id)).await?,
            order: id,
            offer: line.offer,
            friendly_name: line.friendly_name,
            quantity: line.quantity,
            billing_cycle: checked.billing_cycle,
            auto_renew: line.offer.auto_renewable,
            state: State::Active { since: ctx.now() },
            created_at: ctx.now(),
            starts_on,
            commitment_ends_on: commitment_end(starts_on, line.offer.term),
            version: 1,
        };
        lines.push(OrderLine {
            number: line.number,
            offer: line.offer.offer_id(),
            subscription: subscription.id,
            friendly_name: subscription.friendly_name.clone(),
            quantity: line.quantity,
        });
        subscriptions.push(subscription);
    }
    let order = Order {
        id,
        partner: customer.partner,
        customer: customer.id,
        number: counter::next(tx, &format!("order/{}", customer.id)).await?,
        currency: edge.currency,
        billing_cycle: checked.billing_cycle,
        lines,
        placed_at: ctx.now(),
        version: 1,
    };
    Ok((order, subscriptions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AZURE, House, PREMIUM, new_order};
    use crate::{order_get, order_list, subscription_list};
    use tenantry_core::Role;

    const E3: &str = "796b6b5f-613c-4e24-a17c-eba730d49c02";
    const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
    const ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";

    #[tokio::test]
    async fn an_order_creates_its_subscriptions_at_once() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let mut new = new_order(&customer, &[(AZURE, 1), (E3, 5)]);
        new.lines[1].friendly_name = Some(" Suite ".into());
        new.lines.reverse();
        let order = order_place(&ctx, &house.db, &Limits::NONE, new).await.unwrap();
        assert_eq!((order.billing_cycle, order.currency.code(), order.number), (BillingCycle::Monthly, "USD", 1));
        let lines: Vec<_> = order.lines.iter().map(|l| (l.number, l.friendly_name.as_str(), l.quantity)).collect();
        assert_eq!(lines, [(0, "Microsoft Azure", 1), (1, "Suite", 5)]);

        let made = subscription_list(&ctx, &house.db, customer.id, Some(order.id)).await.unwrap();
        let seen: Vec<_> =
            made.iter().map(|s| (s.id, s.auto_renew, s.commitment_ends_on.map(|d| d.to_string()))).collect();
        assert_eq!(
            seen,
            [
                (order.lines[0].subscription, false, None),
                (order.lines[1].subscription, true, Some("2027-01-10".to_owned())),
            ]
        );
        assert_eq!(made[0].state, State::Active { since: house.ctx.now() });
        assert_eq!(order_get(&ctx, &house.db, customer.id, order.id).await.unwrap(), order);
        assert_eq!(order_list(&ctx, &house.db, customer.id).await.unwrap(), [order]);
        let events: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let told: Vec<_> = events.iter().map(|e| (e.subscription, e.usage_based, e.edges.len())).collect();
        assert_eq!(told, [(made[0].id, true, 1), (made[1].id, false, 1)]);
    }

    #[tokio::test]
    async fn orders_that_break_a_rule_are_refused() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let check = async |lines: &[(&str, i64)], change: fn(&mut PlaceOrder), reason: Reason| {
            let mut new = new_order(&customer, lines);
            change(&mut new);
            let refused = order_place(&ctx, &house.db, &Limits::FAITHFUL, new).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{lines:?}: {refused:?}");
        };
        let same: fn(&mut PlaceOrder) = |_| ();
        check(&[], same, Reason::MissingField).await;
        check(&[(AZURE, 1)], |o| o.lines[0].number = 1, Reason::LineNumbersInvalid).await;
        check(&[(AZURE, 1), (E3, 1)], |o| o.lines[1].number = 0, Reason::LineNumbersInvalid).await;
        check(&[("MS-AZR-0000X", 1)], same, Reason::OfferNotFound).await;
        check(&[(AZURE, 2)], same, Reason::QuantityOutOfRange).await;
        check(&[(PREMIUM, 0)], same, Reason::QuantityOutOfRange).await;
        check(&[(PREMIUM, 301)], same, Reason::QuantityOutOfRange).await;
        check(&[(TRIAL, 1)], same, Reason::QuantityOutOfRange).await;
        check(&[(E3, 26)], same, Reason::SandboxLimit).await;
        check(&[(ARCHIVING, 1)], same, Reason::OfferNotPurchasable).await;
        check(&[(E3, 1), (TRIAL, 25)], same, Reason::OfferNotPurchasable).await;
        check(&[(PREMIUM, 1), (PREMIUM, 1), (PREMIUM, 1)], same, Reason::OfferNotPurchasable).await;
        check(&[(E3, 1), (AZURE, 1)], |o| o.billing_cycle = Some(BillingCycle::Annual), Reason::BillingCycleRefused)
            .await;
        check(&[(TRIAL, 25)], |o| o.billing_cycle = Some(BillingCycle::Monthly), Reason::BillingCycleRefused).await;
        check(&[(E3, 1); 6], same, Reason::SandboxLimit).await;
        check(&[(E3, 1); 101], same, Reason::TooLarge).await;
        assert!(subscription_list(&ctx, &house.db, customer.id, None).await.unwrap().is_empty());
        assert!(house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await.is_empty());
    }

    #[tokio::test]
    async fn purchase_limits_count_what_the_customer_has() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let order = async |lines: &[(&str, i64)]| {
            let placed = order_place(&house.ctx, &house.db, &Limits::NONE, new_order(&customer, lines)).await;
            placed.map(|order| order.billing_cycle).map_err(|problem| problem.reason())
        };
        assert_eq!(order(&[(TRIAL, 25)]).await, Ok(BillingCycle::None));
        assert_eq!(order(&[(TRIAL, 25)]).await, Err(Reason::OfferNotPurchasable));
        assert_eq!(order(&[(PREMIUM, 1)]).await, Ok(BillingCycle::Monthly));
        assert_eq!(order(&[(PREMIUM, 1), (PREMIUM, 1)]).await, Err(Reason::OfferNotPurchasable));
        assert_eq!(order(&[(PREMIUM, 1)]).await, Ok(BillingCycle::Monthly));
    }

    #[tokio::test]
    async fn strangers_and_helpdesk_order_nothing() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        for (ctx, reason) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), Reason::CustomerNotFound),
        ] {
            let refused = order_place(&ctx, &house.db, &Limits::NONE, new_order(&customer, &[(AZURE, 1)])).await;
            assert_eq!(refused.unwrap_err().reason(), reason);
        }
    }
}
