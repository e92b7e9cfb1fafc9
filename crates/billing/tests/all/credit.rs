//! Credit limits: what a buyer has not paid counts with what is not billed yet, and a payment lets it go on.

use crate::seats::{import, order};
use tenantry_billing::{NewPayment, ReversePayment, payment_record, payment_reverse, tell_owed};
use tenantry_commerce::{BillingCycle, State, Subscription, SuspensionReason, subscription_get};
use tenantry_core::{Currency, Day, Money};
use tenantry_metering::{PutBudget, WantedScope};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Bench, CARD, Channel, HOURS, SEAT_OFFER, events, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind, Fold, Owed};

/// A partner with 1.70 unpaid of January, and a limit of credit on it that is put only now.
async fn in_debt(bench: &Bench, limit: &str) -> (Channel, Subscription) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let own = channel.order_usage(&channel.customer("Northwind").await).await;
    channel.accept(events(&own, HOURS, &[("2026-01-01", "20")])).await;
    channel.advance_to("2026-02-10").await;
    let (world, ctx) = (channel.world(), channel.provider_ctx());
    let put = PutBudget {
        id: BudgetId::parse("00000000-0000-0000-0000-000000000001").unwrap(),
        name: "credit".into(),
        scope: WantedScope::Channel,
        edge: Some(world.metering().read_all(|fold| edge(fold, &channel)).await),
        kind: BudgetKind::Credit,
        limit: limit.into(),
        thresholds: Vec::new(),
        action: BudgetAction::Cap,
        on_anomaly: BudgetAction::Notify,
    };
    world.metering().budget_put(&ctx, put).await.unwrap();
    tell_owed(&ctx, world.db(), world.metering()).await.unwrap();
    (channel, own)
}

fn edge(fold: &Fold, channel: &Channel) -> tenantry_core::EdgeId {
    fold.edges().find(|edge| edge.buyer == channel.partner.tenant).unwrap().id
}

/// What the fold was told, in cents and closes.
async fn told(channel: &Channel) -> Option<(i128, u32)> {
    let owed = channel.world().metering().read_all(|fold| fold.budgets().owed(edge(fold, channel))).await;
    owed.map(|Owed { amount, through_close, .. }| (amount.minor(), through_close))
}

async fn stopped(channel: &Channel, own: &Subscription) -> bool {
    let ctx = channel.provider_ctx();
    let now = subscription_get(&ctx, channel.world().db(), own.customer, own.id).await.unwrap().state;
    matches!(now, State::Suspended { reason: SuspensionReason::SpendingLimit, .. })
}

async fn pay(channel: &Channel, reference: &str, cents: i128) {
    let new = NewPayment {
        seller: channel.provider.tenant,
        buyer: channel.partner.tenant,
        amount: Money::from_minor(cents, Currency::USD),
        paid_on: Day::parse("2026-02-10").unwrap(),
        reference: reference.into(),
        documents: Vec::new(),
    };
    let world = channel.world();
    payment_record(&channel.provider_ctx(), world.db(), world.metering(), new).await.unwrap();
}

#[test]
fn unpaid_documents_and_unbilled_usage_reach_a_limit_and_a_payment_lifts_it() {
    on_every_engine(|bench| async move {
        let (channel, own) = in_debt(&bench, "2.50").await;
        assert_eq!(told(&channel).await, Some((170, 1)));
        assert!(!stopped(&channel, &own).await, "1.70 of 2.50");
        channel.accept(events(&own, HOURS, &[("2026-02-05", "10")])).await;
        assert!(stopped(&channel, &own).await, "with 0.85 not billed yet it is 2.55");
        pay(&channel, "bank-1", 100).await;
        assert_eq!(told(&channel).await, Some((70, 1)));
        assert!(!stopped(&channel, &own).await, "1.55");
        let world = channel.world();
        let back = ReversePayment {
            seller: channel.provider.tenant,
            buyer: channel.partner.tenant,
            payment: "bank-1".into(),
            reference: "bank-1-back".into(),
            returned_on: Day::parse("2026-02-10").unwrap(),
            reason: "returned by the bank".into(),
        };
        payment_reverse(&channel.provider_ctx(), world.db(), world.metering(), back).await.unwrap();
        assert!(stopped(&channel, &own).await, "the money never came");
        // The close turns usage into a document: the debt stays what it was.
        channel.advance_to("2026-03-10").await;
        assert_eq!(told(&channel).await, Some((255, 2)));
        assert!(stopped(&channel, &own).await);
    });
}

#[test]
fn money_in_advance_is_no_debt() {
    on_every_engine(|bench| async move {
        let (channel, own) = in_debt(&bench, "2.50").await;
        pay(&channel, "bank-1", 500).await;
        assert_eq!(told(&channel).await, Some((-330, 1)));
        channel.accept(events(&own, HOURS, &[("2026-02-05", "60")])).await;
        assert!(!stopped(&channel, &own).await, "5.10 were used, and 3.30 of it are paid");
        channel.accept(events(&own, HOURS, &[("2026-02-06", "10")])).await;
        assert!(stopped(&channel, &own).await, "5.95 less 3.30 is 2.65");
    });
}

#[test]
fn telling_again_writes_nothing_and_a_restart_tells_what_was_not_told() {
    on_every_engine(|bench| async move {
        let (channel, _) = in_debt(&bench, "2.50").await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let position = world.metering().read_all(Fold::position).await;
        tell_owed(&ctx, world.db(), world.metering()).await.unwrap();
        pay(&channel, "bank-1", 100).await;
        pay(&channel, "bank-1", 100).await;
        assert_eq!(world.metering().read_all(Fold::position).await, position + 1, "one payment, one record");
        // As if the process had died after the payment was committed and before it was told.
        let id = world.metering().read_all(|fold| edge(fold, &channel)).await;
        let stale = Owed { edge: id, amount: Money::from_minor(170, Currency::USD), through_close: 1 };
        world.metering().tell_owed(&ctx, stale).await.unwrap();
        assert_eq!(told(&channel).await, Some((170, 1)));
        let channel = channel.reopen(&bench).await;
        assert_eq!(told(&channel).await, Some((70, 1)));
    });
}

#[test]
fn seats_count_from_the_next_look_on_and_a_close_changes_nothing() {
    on_every_engine(|bench| async move {
        let (channel, own) = in_debt(&bench, "50.00").await;
        import(&channel, "2026-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", false).await;
        let ctx = channel.partner_ctx();
        order(&ctx, &channel, own.customer, (SEAT_OFFER, BillingCycle::Annual, 1)).await;
        channel.advance_to("2026-02-12").await;
        assert_eq!(told(&channel).await, Some((170 + 4_800, 1)), "a year, in advance");
        assert!(!stopped(&channel, &own).await, "49.70 of 50.00");
        channel.accept(events(&own, HOURS, &[("2026-02-11", "10")])).await;
        assert!(stopped(&channel, &own).await, "with 0.85 not billed yet it is 50.55");
        // The close makes documents of seats and usage: the debt stays what it was.
        channel.advance_to("2026-03-10").await;
        assert_eq!(told(&channel).await, Some((170 + 4_800 + 85, 2)));
        assert!(stopped(&channel, &own).await);
        pay(&channel, "bank-1", 5_055).await;
        assert_eq!(told(&channel).await, Some((0, 2)));
        assert!(!stopped(&channel, &own).await);
    });
}
