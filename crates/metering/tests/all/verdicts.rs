//! Intake: one verdict for each event, by rows.

use crate::scene::{batch, check, correction, expect, hours, open, prove_replay, shown, state};
use tenantry_commerce::{ChangeSubscription, Limits, Status, Subscription, subscription_change};
use tenantry_core::{OpContext, Reason, Role};
use tenantry_metering::{BATCH_EVENTS_MAX, Submitted, Verdict};
use tenantry_testkit::{Bench, Channel, TIERED, UNPRICED, event, on_every_engine};
use tenantry_usage::Event;

#[test]
fn every_event_of_a_batch_gets_its_own_verdict() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let seats = channel.order_seats(&customer, 3).await;
        channel.advance_to("2026-01-12T12:00:00Z").await;
        let unpriced = |id: &str| Event { id: id.into(), ..event(&own, UNPRICED, "2026-01-11", "1") };
        let sent_by = |source: &str, event: Event| Event { source: source.into(), ..event };
        check(
            &channel,
            &[
                (hours(&own, "a", "2026-01-10T00:30:00Z", "1"), "accepted"), // before the order, on its day
                (unpriced("b"), "unrated"),
                (hours(&own, "a", "2026-01-10T00:30:00Z", "1"), "duplicate"),
                (hours(&own, "a", "2026-01-10T00:30:00Z", "2"), "id_conflict id"),
                (hours(&own, "a", "2026-01-10T00:30:01Z", "1"), "id_conflict id"),
                (sent_by("another source", hours(&own, "a", "2026-01-10T00:30:01Z", "2")), "accepted"),
                (hours(&own, "before", "2026-01-09T23:59:59Z", "1"), "before_subscription time"),
                (hours(&own, "ahead", "2026-01-12T12:05:00Z", "1"), "accepted"),
                (hours(&own, "future", "2026-01-12T12:05:00.000001Z", "1"), "in_future time"),
                (hours(&own, "negative", "2026-01-11", "-1"), "negative_without_correction quantity"),
                (hours(&own, "nothing", "2026-01-11", "0"), "accepted"),
                (hours(&own, "huge", "2026-01-11", "99999999999999999999"), "quantity_too_large quantity"),
                (correction(&own, "of none", "never", "-1"), "corrects_unknown_event corrects"),
                (correction(&own, "of this batch", "a", "-1"), "corrects_unknown_event corrects"),
                (hours(&seats, "seat", "2026-01-11", "1"), "unknown_subscription subscription"),
            ],
        )
        .await;
        check(
            &channel,
            &[
                (hours(&own, "a", "2026-01-10T00:30:00Z", "1"), "duplicate"),
                (hours(&own, "a", "2026-01-10T00:30:00Z", "1.5"), "id_conflict id"),
                (hours(&own, "future", "2026-01-11", "1"), "accepted"), // a refused one was never counted
            ],
        )
        .await;
        prove_replay(&channel).await;
    });
}

#[test]
fn corrections_count_where_the_corrected_event_did_and_take_back_no_more() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let sibling = channel.order_usage(&customer).await;
        channel.advance_to("2026-01-20").await;
        let named = |id: &str, event: Event| Event { id: id.into(), corrects: Some("a".into()), ..event };
        check(&channel, &[(hours(&own, "a", "2026-01-11T05:00:00Z", "3"), "accepted")]).await;
        check(
            &channel,
            &[
                (correction(&own, "too much", "a", "-3.000000000000000001"), "correction_mismatch corrects"),
                (named("other meter", event(&own, TIERED, "2026-01-11", "-1")), "correction_mismatch corrects"),
                (correction(&sibling, "other subscription", "a", "-1"), "correction_mismatch corrects"),
                (correction(&own, "c", "a", "-1"), "accepted"),
                (correction(&own, "c", "a", "-1"), "duplicate"),
                (correction(&own, "c", "a", "-2"), "id_conflict id"),
                (correction(&own, "more", "a", "0.25"), "accepted"),
            ],
        )
        .await;
        let buckets = hourly(&channel, &own).await;
        assert_eq!(buckets, ["2026-01-11T05:00:00Z 2.25"], "all of it in the hour of the corrected event");
        // Together they take back no more than the event had, in one batch or in several.
        check(
            &channel,
            &[
                (correction(&own, "of a correction", "c", "-0.5"), "correction_mismatch corrects"),
                (correction(&own, "d", "a", "-2.2500001"), "correction_mismatch corrects"),
                (correction(&own, "e", "a", "-2"), "accepted"),
                (correction(&own, "f", "a", "-0.2500001"), "correction_mismatch corrects"),
            ],
        )
        .await;
        check(&channel, &[(correction(&own, "g", "a", "-0.26"), "correction_mismatch corrects")]).await;
        check(&channel, &[(correction(&own, "e", "a", "-2"), "duplicate")]).await;
        check(&channel, &[(correction(&own, "h", "a", "-0.25"), "accepted")]).await;
        prove_replay(&channel).await;
    });
}

async fn hourly(channel: &Channel, subscription: &Subscription) -> Vec<String> {
    let period =
        tenantry_core::Period { from: tenantry_testkit::time("2026-01-01"), to: channel.world().clock().now() };
    let metering = channel.world().metering();
    let granularity = tenantry_usage::Granularity::Hourly;
    let found = metering.usage_buckets(&channel.partner_ctx(), subscription.id, period, granularity).await.unwrap();
    found.iter().map(|bucket| format!("{} {}", bucket.period.from, bucket.quantity)).collect()
}

#[test]
fn a_start_forgets_no_name() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1"), hours(&own, "b", "2026-01-10", "2")]).await;
        let channel = channel.reopen(&bench).await;
        let verdicts = channel
            .intake(vec![hours(&own, "b", "2026-01-10", "2"), hours(&own, "b", "2026-01-10T01:00:00Z", "4")])
            .await;
        assert_eq!(verdicts[0], Verdict::Duplicate);
        let Verdict::Refused { code: "id_conflict", field: "id", message } = &verdicts[1] else {
            panic!("{verdicts:?}")
        };
        for part in ["Counted: 2 of meter", "2026-01-10T00:00:00Z", "Sent now: 4 of meter", "2026-01-10T01:00:00Z"] {
            assert!(message.contains(part), "a conflict shows both: {message}");
        }
    });
}

#[test]
fn a_suspended_subscription_takes_usage_of_its_active_times_only() {
    on_every_engine(|bench: Bench| async move {
        let (channel, _, own) = open(&bench).await;
        for (day, status) in
            [("2026-01-15", Status::Suspended), ("2026-01-18", Status::Active), ("2026-01-25", Status::Suspended)]
        {
            channel.advance_to(day).await;
            let change = ChangeSubscription { status: Some(status), ..ChangeSubscription::of(own.customer, own.id) };
            let ctx = channel.partner_ctx();
            subscription_change(&ctx, channel.world().db(), &Limits::NONE, change).await.unwrap();
        }
        channel.advance_to("2026-01-30").await;
        let refused = "subscription_not_active subscription";
        check(
            &channel,
            &[
                (hours(&own, "a", "2026-01-14T23:59:59Z", "1"), "accepted"),
                (hours(&own, "b", "2026-01-15", "1"), refused),
                (hours(&own, "c", "2026-01-17T23:59:59Z", "1"), refused),
                (hours(&own, "d", "2026-01-18", "1"), "accepted"),
                (hours(&own, "e", "2026-01-29", "1"), refused),
            ],
        )
        .await;
        check(&channel, &[(correction(&own, "f", "a", "-1"), "accepted")]).await;
        prove_replay(&channel).await;
    });
}

#[test]
fn a_batch_too_large_is_refused_whole() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let before = state(&channel).await;
        let one = hours(&own, "a", "2026-01-10", "1");
        let many = batch(std::iter::repeat_n(one.clone(), BATCH_EVENTS_MAX + 1));
        let ctx = channel.provider_ctx();
        let refused = channel.world().metering().intake(&ctx, many).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::TooLarge);
        assert!(refused.message().contains("10000") && refused.message().contains("10001"), "{refused:?}");
        assert!(before == state(&channel).await);
        let fits = batch(std::iter::repeat_n(one, BATCH_EVENTS_MAX));
        let verdicts = channel.world().metering().intake(&ctx, fits).await.unwrap();
        assert_eq!(verdicts[0], Verdict::Accepted { unrated: false });
        assert!(verdicts[1..].iter().all(|verdict| *verdict == Verdict::Duplicate));
    });
}

#[test]
fn unreadable_events_keep_their_place_among_the_verdicts() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let unreadable = Verdict::refused("malformed", "quantity", "`many` is not a decimal number");
        let sent = vec![
            Submitted::Unreadable(unreadable.clone()),
            Submitted::Event(hours(&own, "a", "2026-01-10", "1")),
            Submitted::Unreadable(unreadable.clone()),
        ];
        let before = state(&channel).await;
        let verdicts = channel.world().metering().intake(&channel.provider_ctx(), sent).await.unwrap();
        assert_eq!(verdicts, [unreadable.clone(), Verdict::Accepted { unrated: false }, unreadable.clone()]);
        assert!(before != state(&channel).await);
        let ctx = channel.provider_ctx();
        let before = state(&channel).await;
        for nothing in [Vec::new(), vec![Submitted::Unreadable(unreadable)]] {
            channel.world().metering().intake(&ctx, nothing).await.unwrap();
        }
        assert!(before == state(&channel).await, "a batch of nothing leaves no record");
    });
}

#[test]
fn who_may_report_is_the_policys_business() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let by = async |ctx: &OpContext, id: &str, expected: &str| {
            let rows = [(hours(&own, id, "2026-01-10", "1"), expected)];
            let sent = batch(rows.iter().map(|(event, _)| event.clone()));
            expect(&rows, &channel.world().metering().intake(ctx, sent).await.unwrap());
        };
        by(&channel.provider_ctx(), "a", "accepted").await;
        by(&channel.partner_ctx(), "b", "accepted").await;
        by(&channel.world().system("test"), "c", "accepted").await;
        by(&channel.stranger_ctx(), "d", "unknown_subscription subscription").await;
        // The faces ask about the role before, and name the ones that would do.
        by(&channel.partner_ctx_with(&[Role::SalesAgent]), "e", "unknown_subscription subscription").await;
        // Not even that somebody else counted it.
        by(&channel.stranger_ctx(), "a", "unknown_subscription subscription").await;
    });
}

#[test]
fn in_a_live_world_services_report_and_partners_do_not() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let verdict = |ctx: OpContext, id: &'static str| {
            let (world, own) = (channel.world(), own.clone());
            async move {
                let live = tenantry_metering::Metering::open(&world.system("test"), world.db(), false).await.unwrap();
                let sent = batch([hours(&own, id, "2026-01-10", "1")]);
                shown(&live.intake(&ctx, sent).await.unwrap()[0])
            }
        };
        assert_eq!(verdict(channel.partner_ctx(), "a").await, "unknown_subscription subscription");
        assert_eq!(verdict(channel.provider_ctx(), "a").await, "accepted");
    });
}
