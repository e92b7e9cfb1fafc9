//! A world with a channel in it: usage comes in, a month ends, the world ends and begins again.

use tenantry_commerce::customer_get;
use tenantry_core::{Reason, Role};
use tenantry_db::Engine;
use tenantry_metering::Verdict;
use tenantry_testkit::{CARD, Channel, HOURS, UNPRICED, event, events, on_every_engine, time};

#[test]
fn a_month_of_usage_survives_the_end_of_its_world() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind Traders").await;
        let subscription = channel.order_usage(&customer).await;
        assert_eq!(channel.order_seats(&customer, 7).await.quantity, 7);
        channel.advance_to("2026-01-05").await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "3"), ("2026-01-03", "0.5")])).await;

        let channel = channel.reopen(&bench).await;
        assert_eq!(channel.world().clock().now(), time("2026-01-05"));
        let again = event(&subscription, HOURS, "2026-01-03", "0.5");
        let unpriced = event(&subscription, UNPRICED, "2026-01-03", "1");
        let verdicts = channel.intake(vec![again, unpriced]).await;
        assert_eq!(verdicts, [Verdict::Duplicate, Verdict::Accepted { unrated: true }]);

        assert_eq!(channel.advance_to("2026-02-10").await.jobs, 1);
        channel.world().close().await.unwrap();
        let channel = channel.reopen(&bench).await;
        assert_eq!(channel.world().metering().read_all(|fold| fold.closes().len()).await, 1);
        assert_eq!(channel.customer("After the restart").await.partner, channel.partner.tenant);
    });
}

#[test]
fn contexts_are_of_whom_they_say() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        let customer = channel.customer("Northwind").await;
        for (who, ctx, refused) in [
            ("provider", channel.provider_ctx(), None),
            ("partner", channel.partner_ctx(), None),
            ("user admin", channel.partner_ctx_with(&[Role::UserAdmin]), Some(Reason::Forbidden)),
            ("stranger", channel.stranger_ctx(), Some(Reason::CustomerNotFound)),
        ] {
            let found = customer_get(&ctx, channel.world().db(), customer.id).await;
            assert_eq!(found.err().map(|problem| problem.reason()), refused, "{who}");
        }
    });
}

#[test]
fn a_world_that_is_held_is_not_reopened() {
    let ended = std::panic::catch_unwind(|| {
        on_every_engine(|bench| async move {
            let world = bench.world("2026-01-01").await;
            assert_eq!(bench.engine(), Engine::Sqlite, "the first engine fails the test");
            let _held = std::sync::Arc::clone(&world);
            bench.reopen(world).await;
        });
    });
    let said = ended.unwrap_err().downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(said.contains("1 others still hold the world"), "{said}");
}
