//! Closing months: numbers without gaps, once and only once, whatever dies or runs twice in between.

use crate::books::{Books, findings, kept, month};
use crate::shop::Shop;
use std::sync::Arc;
use tenantry_billing::close_month;
use tenantry_core::Reason;
use tenantry_testkit::{CARD, Channel, HOURS, events, on_every_engine};

/// Two partners that use something in January 2026, and the day that month can be closed.
async fn two_partners(bench: &tenantry_testkit::Bench) -> (Channel, Shop) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let own = channel.order_usage(&channel.customer("Northwind").await).await;
    let other = Shop::of_stranger(&channel).await;
    channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
    channel.accept(events(&other.subscription, HOURS, &[("2026-01-01", "20")])).await;
    channel.advance_to("2026-02-01").await;
    (channel, other)
}

#[test]
fn numbers_have_no_gaps_over_partners_months_and_years() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-10-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let other = Shop::of_stranger(&channel).await;
        let third = Shop::open(&channel, "tailspin", "US", "USD").await;
        for (day, who) in [
            ("2026-10-05", vec![&own, &other.subscription]),
            ("2026-11-05", vec![&own]),
            ("2026-12-05", vec![&own, &other.subscription, &third.subscription]),
            ("2027-01-05", vec![]),
            ("2027-02-05", vec![&third.subscription]),
        ] {
            channel.advance_to(day).await;
            for subscription in who {
                channel.accept(events(subscription, HOURS, &[(day, "1.23")])).await;
            }
        }
        channel.advance_to("2027-04-01").await;
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        let expected =
            ["D260000001", "D260000002", "D260000003", "D270000001", "D270000002", "D270000003", "D270000004"];
        assert_eq!(numbers, expected);
        let ctx = channel.partner_ctx();
        for (books, documents) in
            [(Books::of(&channel, &ctx), 3), (other.books(&channel), 2), (third.books(&channel), 2)]
        {
            assert_eq!(books.prove().await.len(), documents);
        }
    });
}

#[test]
fn closing_twice_issues_nothing_new() {
    on_every_engine(|bench| async move {
        let (channel, _other) = two_partners(&bench).await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let first = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let second = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        assert_eq!((first.closed.new, second.closed.new), (true, false));
        assert_eq!((first.closed.close, &first.invoices), (second.closed.close, &second.invoices));
        assert_eq!((first.invoices.len(), kept(&channel).await.len()), (2, 2));
        // The job that falls due finds it done.
        assert_eq!(channel.advance_to("2026-02-10").await.jobs, 1);
        assert_eq!(kept(&channel).await.len(), 2);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn closing_at_once_from_several_sides_issues_each_document_once() {
    on_every_engine(|bench| async move {
        let (channel, _other) = two_partners(&bench).await;
        let close = || {
            let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
            tokio::spawn(async move { close_month(&ctx, world.db(), world.metering(), month("2026-01")).await })
        };
        let mut seen = Vec::new();
        for running in [close(), close(), close(), close()] {
            seen.push(running.await.unwrap().unwrap().invoices);
        }
        assert!(seen.iter().all(|invoices| invoices == &seen[0]), "{seen:#?}");
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        assert_eq!(numbers, ["D260000001", "D260000002"], "whoever came second took no number");
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn a_month_is_closed_after_its_end_and_in_order() {
    on_every_engine(|bench| async move {
        let (channel, _other) = two_partners(&bench).await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        channel.advance_to("2026-05-10").await;
        for (of, word) in [("2026-05", "runs until 2026-06-01T00:00:00Z"), ("2025-12", "billed by the next close")] {
            let refused = close_month(&ctx, world.db(), world.metering(), month(of)).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::PeriodNotClosable);
            assert!(refused.message().contains(word), "{refused:?}");
        }
        let helpdesk = channel.partner_ctx_with(&[tenantry_core::Role::HelpdeskAgent]);
        let refused = close_month(&helpdesk, world.db(), world.metering(), month("2026-05")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

#[test]
fn a_crash_between_the_close_and_its_documents_is_finished_at_the_next_start() {
    on_every_engine(|bench| async move {
        let (channel, other) = two_partners(&bench).await;
        channel.world().metering().close_month(&channel.provider_ctx(), month("2026-01")).await.unwrap();
        assert_eq!(kept(&channel).await, []);
        let wrong = findings(&channel).await;
        assert_eq!(wrong.len(), 2, "documents that are missing are named: {wrong:?}");

        let channel = channel.reopen(&bench).await;
        assert_eq!(channel.advance_to("2026-02-04").await.jobs, 1);
        assert_eq!(kept(&channel).await.len(), 2);
        let ctx = channel.partner_ctx();
        assert_eq!(Books::of(&channel, &ctx).prove().await[0].total, "0.85");
        assert_eq!(other.books(&channel).prove().await[0].total, "1.70");
    });
}

#[test]
fn documents_lost_in_a_crash_come_even_if_the_next_month_was_closed_before() {
    on_every_engine(|bench| async move {
        let (channel, _other) = two_partners(&bench).await;
        channel.world().metering().close_month(&channel.provider_ctx(), month("2026-01")).await.unwrap();
        let channel = channel.reopen(&bench).await;
        // Somebody closes February by hand before the job of January has run.
        let world = channel.world();
        let ctx = world.system("test");
        let mut tx = world.db().begin().await.unwrap();
        let late = tenantry_testkit::time("2026-03-05");
        tenantry_db::sql("UPDATE due_job SET due_at = $1").bind(late).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        channel.advance_to("2026-03-01").await;
        close_month(&ctx, world.db(), world.metering(), month("2026-02")).await.unwrap();
        channel.advance_to("2026-03-10").await;
        assert_eq!(kept(&channel).await.len(), 2);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn a_partner_that_closes_a_month_of_its_sandbox_sees_its_own_document_only() {
    on_every_engine(|bench| async move {
        let (channel, other) = two_partners(&bench).await;
        let (world, ctx) = (channel.world(), channel.partner_ctx());
        let closed = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let buyers: Vec<_> = closed.invoices.iter().map(|invoice| invoice.buyer.tenant).collect();
        assert_eq!(buyers, [channel.partner.tenant]);
        assert_eq!(other.books(&channel).prove().await.len(), 1, "the other's is issued all the same");
    });
}
