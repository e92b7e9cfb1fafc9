//! Budgets in the usage path: who may have which, what a cap stops and when it goes on, what is told.

use crate::scene::{check, correction, hours, open, prove_replay};
use tenantry_commerce::{
    ChangeSubscription, Limits, State, Status, Subscription, SuspensionReason, subscription_change, subscription_get,
};
use tenantry_core::{Amount, Currency, Day, Money, OpContext, Problem, Reason, Role, SubscriptionId, TenantId};
use tenantry_db::sql;
use tenantry_metering::{Alert, AlertFilter, AlertKind, BudgetStatus, PutBudget, WantedScope};
use tenantry_testkit::{Channel, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind, Fold, Owed};
use uuid::Uuid;

fn id(number: u128) -> BudgetId {
    BudgetId::new(Uuid::from_u128(number))
}

/// A monthly cap in dollars, with a notice at half of it.
fn cap(number: u128, scope: WantedScope, limit: &str) -> PutBudget {
    PutBudget {
        id: id(number),
        name: format!("budget {number}"),
        scope,
        edge: None,
        kind: BudgetKind::Monthly,
        limit: limit.to_owned(),
        thresholds: vec![50],
        action: BudgetAction::Cap,
        on_anomaly: BudgetAction::Notify,
    }
}

async fn put(channel: &Channel, ctx: &OpContext, budget: PutBudget) -> Result<(BudgetStatus, bool), Problem> {
    channel.world().metering().budget_put(ctx, budget).await
}

async fn state(channel: &Channel, of: &Subscription) -> State {
    let ctx = channel.provider_ctx();
    subscription_get(&ctx, channel.world().db(), of.customer, of.id).await.unwrap().state
}

async fn stopped(channel: &Channel, of: &Subscription) -> bool {
    matches!(state(channel, of).await, State::Suspended { reason: SuspensionReason::SpendingLimit, .. })
}

async fn alerts(channel: &Channel, ctx: &OpContext) -> Vec<Alert> {
    channel.world().metering().alert_list(ctx, AlertFilter::default()).await.unwrap()
}

async fn told(channel: &Channel) -> Vec<String> {
    let mut reader = channel.world().db().reader().await.unwrap();
    let rows = sql("SELECT payload FROM outbox WHERE topic = 'budget-crossed' ORDER BY position");
    rows.all(&mut reader).await.unwrap().iter().map(|row| row.text("payload").unwrap()).collect()
}

#[test]
fn a_cap_stops_the_subscription_before_the_next_event_is_judged() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let ctx = channel.partner_ctx();
        let (status, new) = put(&channel, &ctx, cap(1, WantedScope::Customer(customer.id), "1")).await.unwrap();
        assert!(new && status.spent.is_zero() && !status.reached);
        // An hour costs 0.085: twelve are 1.02.
        check(&channel, &[(hours(&own, "a", "2026-01-10T10:00:00Z", "6"), "accepted")]).await;
        assert!(!stopped(&channel, &own).await);
        check(&channel, &[(hours(&own, "b", "2026-01-10T11:00:00Z", "6"), "accepted")]).await;
        assert!(stopped(&channel, &own).await, "{:?}", state(&channel, &own).await);
        check(
            &channel,
            &[
                (hours(&own, "c", "2026-01-10T12:00:00Z", "1"), "subscription_not_active subscription"),
                // From before it was stopped: still taken, or it would be lost.
                (hours(&own, "d", "2026-01-10T11:30:00Z", "1"), "accepted"),
            ],
        )
        .await;
        let seen = alerts(&channel, &ctx).await;
        let short: Vec<_> =
            seen.iter().map(|a| (a.threshold, a.action, a.spent.to_string(), a.overshoot.to_string())).collect();
        let expected = [
            (Some(100), BudgetAction::Cap, "1.02".to_owned(), "0.02".to_owned()),
            (Some(50), BudgetAction::Notify, "0.51".to_owned(), "0".to_owned()),
        ];
        assert_eq!(short, expected);
        assert!(seen[0].kind == AlertKind::Budget && seen[0].message.contains("\"budget 1\""), "{}", seen[0].message);
        assert!(seen[0].message.contains("it was 0.51 and is 1.02, 0.02 beyond the limit"), "{}", seen[0].message);
        assert_eq!(told(&channel).await.len(), 2);
        let status = channel.world().metering().budget_get(&ctx, id(1), None).await.unwrap();
        assert_eq!((status.percent, status.overshoot.to_string()), (110, "0.105".to_owned()));
        prove_replay(&channel).await;
    });
}

#[test]
fn a_subscription_that_cannot_be_stopped_holds_up_nobody_for_long_and_is_told_of() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let ctx = channel.partner_ctx();
        let other = channel.order_usage(&customer).await;
        put(&channel, &ctx, cap(1, WantedScope::Subscription(own.id), "1")).await.unwrap();
        put(&channel, &ctx, cap(2, WantedScope::Subscription(other.id), "2")).await.unwrap();
        let set = async |state: &'static str| {
            let mut tx = channel.world().db().begin().await.unwrap();
            let damage = sql("UPDATE subscription SET state = $1 WHERE id = $2").bind(state).bind(own.id);
            assert_eq!(damage.run(&mut tx).await.unwrap(), 1);
            tx.commit().await.unwrap();
        };
        set("in two minds").await;
        check(&channel, &[(hours(&own, "a", "2026-01-10", "20"), "accepted")]).await;
        let mut failures = 0;
        let metering = channel.world().metering();
        loop {
            let event = hours(&other, "b", "2026-01-10", "1");
            match metering.intake(&channel.provider_ctx(), vec![tenantry_metering::Submitted::Event(event)]).await {
                Ok(_) => break,
                Err(_) => failures += 1,
            }
        }
        assert!((1..3).contains(&failures), "{failures} batches failed because of it");
        let seen = alerts(&channel, &ctx).await;
        let of_it: Vec<_> = seen.iter().filter(|alert| alert.subscription == Some(own.id)).collect();
        assert_eq!(of_it.len(), 1, "{seen:?}");
        assert!(of_it[0].message.contains("could not be suspended") && of_it[0].overshoot.to_string() == "0.7");
        // The other limits hold, and what is used meanwhile is counted.
        check(&channel, &[(hours(&own, "c", "2026-01-10", "1"), "accepted")]).await;
        check(&channel, &[(hours(&other, "d", "2026-01-10", "30"), "accepted")]).await;
        assert!(stopped(&channel, &other).await);
        // Mended, it is stopped with the daily look.
        set("active").await;
        metering.watch_day(&channel.provider_ctx(), Day::parse("2026-01-10").unwrap()).await.unwrap();
        assert!(stopped(&channel, &own).await);
        prove_replay(&channel).await;
    });
}

#[test]
fn the_overshoot_is_never_more_than_the_batch_that_crossed() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let ctx = channel.partner_ctx();
        let metering = channel.world().metering();
        for (number, limit, size) in [(1, "0.50", 3), (2, "0.85", 7), (3, "3.33", 11), (4, "9.99", 100)] {
            put(&channel, &ctx, cap(number, WantedScope::Subscription(own.id), limit)).await.unwrap();
            let before = metering.budget_get(&ctx, id(number), None).await.unwrap().spent;
            let mut sent = 0;
            loop {
                let batch =
                    (0..size).map(|at| (hours(&own, &format!("{number}-{sent}-{at}"), "2026-01-10", "1"), "accepted"));
                let rows: Vec<_> = batch.collect();
                check(&channel, &rows).await;
                sent += 1;
                if stopped(&channel, &own).await {
                    break;
                }
                assert!(sent < 100, "a cap of {limit} never stopped anything");
            }
            let alert = alerts(&channel, &ctx).await.into_iter().find(|a| a.threshold == Some(100)).unwrap();
            let of_batch: Amount = (0..size).map(|_| Amount::parse("0.085").unwrap()).sum();
            assert!(alert.overshoot <= of_batch, "{} > {of_batch}", alert.overshoot);
            let all: Amount = (0..sent * size).map(|_| Amount::parse("0.085").unwrap()).sum();
            assert_eq!(alert.spent, before + all);
            metering.budget_remove(&ctx, id(number)).await.unwrap();
            assert!(!stopped(&channel, &own).await, "removed: it goes on");
        }
        prove_replay(&channel).await;
    });
}

#[test]
fn raising_or_removing_a_budget_lets_go_on_what_only_it_stopped() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let sibling = channel.order_usage(&customer).await;
        let (ctx, metering) = (channel.partner_ctx(), channel.world().metering());
        put(&channel, &ctx, cap(1, WantedScope::Customer(customer.id), "1")).await.unwrap();
        put(&channel, &ctx, cap(2, WantedScope::Subscription(own.id), "1")).await.unwrap();
        check(&channel, &[(hours(&own, "a", "2026-01-10", "20"), "accepted")]).await;
        assert!(stopped(&channel, &own).await && stopped(&channel, &sibling).await);
        put(&channel, &ctx, cap(1, WantedScope::Customer(customer.id), "5")).await.unwrap();
        assert!(stopped(&channel, &own).await && !stopped(&channel, &sibling).await, "the other holds one of them");
        metering.budget_remove(&ctx, id(2)).await.unwrap();
        assert!(!stopped(&channel, &own).await);
        check(&channel, &[(hours(&own, "b", "2026-01-10T12:00:00Z", "1"), "accepted")]).await;
        // What people suspended stays so.
        let change =
            ChangeSubscription { status: Some(Status::Suspended), ..ChangeSubscription::of(own.customer, own.id) };
        subscription_change(&ctx, channel.world().db(), &Limits::NONE, change).await.unwrap();
        put(&channel, &ctx, cap(2, WantedScope::Subscription(own.id), "1")).await.unwrap();
        metering.budget_remove(&ctx, id(2)).await.unwrap();
        assert!(matches!(
            state(&channel, &own).await,
            State::Suspended { reason: SuspensionReason::CustomerCancellation, .. }
        ));
        prove_replay(&channel).await;
    });
}

#[test]
fn what_a_cap_stopped_only_the_cap_lets_go_on_and_a_month_ends_it() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let ctx = channel.partner_ctx();
        put(&channel, &ctx, cap(1, WantedScope::Channel, "1")).await.unwrap();
        check(&channel, &[(hours(&own, "a", "2026-01-10", "20"), "accepted")]).await;
        let change =
            ChangeSubscription { status: Some(Status::Active), ..ChangeSubscription::of(own.customer, own.id) };
        let refused = subscription_change(&ctx, channel.world().db(), &Limits::NONE, change).await.unwrap_err();
        assert!(refused.reason() == Reason::StatusChangeRefused && refused.message().contains("raise or remove"));
        channel.advance_to("2026-01-31T23:59:59Z").await;
        assert!(stopped(&channel, &own).await);
        channel.advance_to("2026-02-01").await;
        assert!(!stopped(&channel, &own).await, "a new month begins at nothing");
        check(&channel, &[(hours(&own, "b", "2026-02-01", "20"), "accepted")]).await;
        assert!(stopped(&channel, &own).await, "and can be used up as well");
        prove_replay(&channel).await;
    });
}

#[test]
fn a_start_finds_what_was_decided_and_not_acted_on() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let ctx = channel.partner_ctx();
        put(&channel, &ctx, cap(1, WantedScope::Channel, "1")).await.unwrap();
        check(&channel, &[(hours(&own, "a", "2026-01-10", "20"), "accepted")]).await;
        // As if the process had died between the batch and what it led to.
        let db = channel.world().db();
        let change =
            ChangeSubscription { status: Some(Status::Active), ..ChangeSubscription::of(own.customer, own.id) };
        subscription_change(&channel.world().system("test"), db, &Limits::NONE, change).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for table in ["DELETE FROM spend_alert", "DELETE FROM spend_stop"] {
            sql(table).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let channel = channel.reopen(&bench).await;
        assert!(stopped(&channel, &own).await);
        assert_eq!(alerts(&channel, &channel.partner_ctx()).await.len(), 2);
        let channel = channel.reopen(&bench).await;
        assert_eq!(alerts(&channel, &channel.partner_ctx()).await.len(), 2, "each once");
        channel.world().metering().budget_remove(&channel.partner_ctx(), id(1)).await.unwrap();
        assert!(!stopped(&channel, &own).await);
    });
}

#[test]
fn throttling_is_a_fact_that_others_ask_for() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let (ctx, metering) = (channel.partner_ctx(), channel.world().metering());
        let throttle = PutBudget { action: BudgetAction::Throttle, ..cap(1, WantedScope::Customer(customer.id), "1") };
        put(&channel, &ctx, throttle).await.unwrap();
        assert!(!metering.throttled(&ctx, own.id).await);
        check(&channel, &[(hours(&own, "a", "2026-01-10", "20"), "accepted")]).await;
        assert!(metering.throttled(&ctx, own.id).await && !stopped(&channel, &own).await);
        assert!(!metering.throttled(&ctx, SubscriptionId::new(Uuid::nil())).await);
        check(&channel, &[(correction(&own, "b", "a", "-20"), "accepted")]).await;
        assert!(metering.throttled(&ctx, own.id).await, "it holds until it is raised or the month is over");
        channel.advance_to("2026-02-01").await;
        assert!(!metering.throttled(&channel.partner_ctx(), own.id).await);
    });
}

#[test]
fn everybody_budgets_in_their_own_prices_and_sees_only_their_own() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let metering = channel.world().metering();
        let (partner, provider, stranger) = (channel.partner_ctx(), channel.provider_ctx(), channel.stranger_ctx());
        put(&channel, &partner, cap(1, WantedScope::Customer(customer.id), "100")).await.unwrap();
        put(&channel, &provider, cap(2, WantedScope::Partner(channel.partner.tenant), "1")).await.unwrap();
        put(&channel, &stranger, cap(3, WantedScope::Channel, "1")).await.unwrap();
        check(&channel, &[(hours(&own, "a", "2026-01-10", "10"), "accepted")]).await;
        let ids = async |ctx: &OpContext| -> Vec<BudgetId> {
            metering.budget_list(ctx, None).await.unwrap().into_iter().map(|status| status.terms.id).collect()
        };
        assert_eq!(ids(&partner).await, [id(1)]);
        assert_eq!(ids(&stranger).await, [id(3)]);
        assert_eq!(ids(&provider).await, [id(1), id(2), id(3)]);
        // The provider's notice at half of its limit is not the partner's to see; nor is anybody's the stranger's.
        assert_eq!(alerts(&channel, &provider).await.len(), 1);
        assert!(alerts(&channel, &partner).await.is_empty() && alerts(&channel, &stranger).await.is_empty());
        assert_eq!(metering.crossings_between(&provider, (0, u64::MAX)).await.len(), 1);
        assert!(metering.crossings_between(&partner, (0, u64::MAX)).await.is_empty());
        let absent = async |ctx: &OpContext, number: u128| {
            let got = metering.budget_get(ctx, id(number), None).await.unwrap_err().reason();
            let removed = metering.budget_remove(ctx, id(number)).await.unwrap_err().reason();
            let put = put(&channel, ctx, cap(number, WantedScope::Channel, "5")).await.unwrap_err().reason();
            assert_eq!((got, removed, put), (Reason::ObjectNotFound, Reason::ObjectNotFound, Reason::ObjectNotFound));
        };
        absent(&partner, 2).await;
        absent(&stranger, 1).await;
        let helpdesk = channel.partner_ctx_with(&[Role::HelpdeskAgent]);
        assert_eq!(ids(&helpdesk).await, [id(1)]);
        assert_eq!(metering.budget_remove(&helpdesk, id(1)).await.unwrap_err().reason(), Reason::Forbidden);
        assert_eq!(
            put(&channel, &helpdesk, cap(9, WantedScope::Channel, "5")).await.unwrap_err().reason(),
            Reason::Forbidden
        );
        let alert = alerts(&channel, &provider).await.remove(0);
        assert_eq!(metering.alert_resolve(&partner, alert.id).await.unwrap_err().reason(), Reason::ObjectNotFound);
        let resolved = metering.alert_resolve(&provider, alert.id).await.unwrap();
        assert!(resolved.resolved.is_some());
        let open = AlertFilter { open: true, ..AlertFilter::default() };
        assert!(metering.alert_list(&provider, open).await.unwrap().is_empty());
    });
}

#[test]
fn a_budget_out_of_reach_or_out_of_form_is_refused_with_its_field() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let nobody = TenantId::new(Uuid::from_u128(77));
        let other = channel.stranger.tenant;
        channel.world().metering().follow(&channel.provider_ctx()).await.unwrap();
        let partner_edge = channel
            .world()
            .metering()
            .read_all(|fold| fold.edges().find(|edge| edge.buyer == channel.partner.tenant).map(|edge| edge.id));
        let partner_edge = partner_edge.await;
        let (partner, stranger, provider) = (channel.partner_ctx(), channel.stranger_ctx(), channel.provider_ctx());
        let good = || cap(1, WantedScope::Subscription(own.id), "10");
        for (ctx, budget, reason, field) in [
            (&stranger, good(), Reason::SubscriptionNotFound, "scope.subscription"),
            (&stranger, cap(1, WantedScope::Customer(customer.id), "10"), Reason::CustomerNotFound, ""),
            (&partner, cap(1, WantedScope::Customer(nobody), "10"), Reason::CustomerNotFound, ""),
            (&partner, cap(1, WantedScope::Partner(other), "10"), Reason::TenantNotFound, "scope.partner"),
            (&provider, cap(1, WantedScope::Partner(nobody), "10"), Reason::MissingField, "edge"),
            (&provider, cap(1, WantedScope::Channel, "10"), Reason::MissingField, "edge"),
            (
                &stranger,
                PutBudget { edge: partner_edge, ..cap(1, WantedScope::Channel, "10") },
                Reason::TenantNotFound,
                "edge",
            ),
            (&partner, PutBudget { kind: BudgetKind::Credit, ..good() }, Reason::InvalidField, "scope"),
            (&partner, PutBudget { name: " ".into(), ..good() }, Reason::InvalidField, "name"),
            (&partner, PutBudget { limit: "0".into(), ..good() }, Reason::InvalidField, "limit"),
            (&partner, PutBudget { limit: "1.001".into(), ..good() }, Reason::InvalidField, "limit"),
            (&partner, PutBudget { thresholds: vec![0], ..good() }, Reason::InvalidField, "thresholds"),
            (
                &partner,
                cap(1, WantedScope::ResourceGroup(own.id, "a/b".into()), "1"),
                Reason::InvalidField,
                "scope.resourceGroup",
            ),
        ] {
            let shown = format!("{budget:?}");
            let refused = put(&channel, ctx, budget).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field().unwrap_or("")), (reason, field), "{shown}: {refused:?}");
        }
        let edge_given = PutBudget { edge: partner_edge, ..cap(5, WantedScope::Channel, "10") };
        put(&channel, &provider, edge_given).await.unwrap();
        let (status, new) = put(&channel, &partner, good()).await.unwrap();
        assert!(new && status.terms.limit.to_string() == "10.00" && status.terms.thresholds == [50, 100]);
        assert!(!put(&channel, &partner, good()).await.unwrap().1, "sent twice is one");
    });
}

#[test]
fn a_credit_limit_stops_the_buyer_and_a_payment_lets_it_go_on() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (provider, metering) = (channel.provider_ctx(), channel.world().metering());
        metering.follow(&provider).await.unwrap();
        let buys = |fold: &Fold| fold.edges().find(|edge| edge.buyer == channel.partner.tenant).map(|edge| edge.id);
        let edge = metering.read_all(buys).await.unwrap();
        let limit = PutBudget { kind: BudgetKind::Credit, edge: Some(edge), ..cap(1, WantedScope::Channel, "10") };
        put(&channel, &provider, limit).await.unwrap();
        assert!(metering.watches_credit(edge).await);
        check(&channel, &[(hours(&own, "a", "2026-01-10", "100"), "accepted")]).await;
        assert!(!stopped(&channel, &own).await, "8.50 is not billed yet");
        let owes = async |cents: i128| {
            let owed = Owed { edge, amount: Money::from_minor(cents, Currency::USD), through_close: 0 };
            metering.tell_owed(&channel.provider_ctx(), owed).await.unwrap();
        };
        owes(200).await;
        assert!(stopped(&channel, &own).await, "with 2.00 unpaid it is 10.50");
        assert_eq!(alerts(&channel, &provider).await[0].period, None);
        owes(0).await;
        assert!(!stopped(&channel, &own).await);
        let told = Owed { edge, amount: Money::zero(Currency::USD), through_close: 0 };
        let refused = metering.tell_owed(&channel.partner_ctx(), told).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden, "nobody pays off a debt by saying so");
        prove_replay(&channel).await;
    });
}
