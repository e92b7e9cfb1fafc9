//! Moving a sandbox's clock.

use tenantry_core::Reason;
use tenantry_testkit::{CARD, Channel, GRACE_SECONDS, HOURS, events, on_every_engine, time};

#[test]
fn a_year_of_months_closes_in_order_each_at_its_own_time() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-01", "1")])).await;
        let moved = channel.advance_to("2027-01-10").await;
        assert_eq!((moved.from, moved.to, moved.jobs), (time("2026-01-01"), time("2027-01-10"), 12));
        let closes = channel.world().metering().read_all(|fold| fold.closes().to_vec()).await;
        let months: Vec<_> = closes.iter().map(|close| close.month.to_string()).collect();
        let expected: Vec<_> = (1..=12).map(|month| format!("2026-{month:02}")).collect();
        assert_eq!(months, expected);
        for close in closes {
            assert_eq!(close.at, close.month.period().to.plus_seconds(GRACE_SECONDS), "{close:?}");
        }
        // The next one waits: it is due, but not yet.
        assert_eq!(channel.advance_to("2027-02-03T23:59:59Z").await.jobs, 0);
        assert_eq!(channel.advance_to("2027-02-04").await.jobs, 1);
        assert_eq!(channel.advance_to("2027-02-04").await.jobs, 0, "the same instant again is no move");
    });
}

#[test]
fn the_clock_does_not_go_back() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10").await).await;
        let world = channel.world();
        let refused = world.advance(&world.system("test"), time("2026-01-09T23:59:59Z")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::ClockRefused);
        for part in ["2026-01-10T00:00:00Z", "2026-01-09T23:59:59Z", "begin another sandbox"] {
            assert!(refused.message().contains(part), "{refused:?}");
        }
        assert_eq!(world.clock().now(), time("2026-01-10"));
    });
}

#[test]
fn who_may_move_it_is_the_policys_business() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10").await).await;
        let helpdesk = channel.partner_ctx_with(&[tenantry_core::Role::HelpdeskAgent]);
        let world = channel.world();
        let refused = world.advance(&helpdesk, time("2026-01-11")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        for ctx in [channel.partner_ctx(), channel.stranger_ctx(), channel.provider_ctx()] {
            let to = world.clock().now().plus_seconds(60);
            assert_eq!(world.advance(&ctx, to).await.unwrap().to, to);
        }
    });
}

#[test]
fn two_who_move_it_at_once_run_every_job_at_its_own_time() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-01", "1")])).await;
        let mover = |to: &'static str| {
            let (world, ctx) = (std::sync::Arc::clone(channel.world()), channel.provider_ctx());
            tokio::spawn(async move { world.advance(&ctx, time(to)).await })
        };
        let running = [mover("2026-12-20"), mover("2026-12-20"), mover("2026-12-20")];
        for moved in running {
            assert_eq!(moved.await.unwrap().unwrap().to, time("2026-12-20"));
        }
        let closes = channel.world().metering().read_all(|fold| fold.closes().to_vec()).await;
        assert_eq!(closes.len(), 11);
        for close in closes {
            assert_eq!(close.at, close.month.period().to.plus_seconds(GRACE_SECONDS), "{close:?}");
        }
    });
}
