//! Looking at a world while another owns it.

use std::sync::Arc;
use tenantry_core::{Chance, Reason};
use tenantry_db::{Location, sql};
use tenantry_directory::{PARTNER_CENTER, token_verify};
use tenantry_metering::Submitted;
use tenantry_testkit::{CARD, Channel, HOURS, ORIGIN, event, events, on_every_engine};
use tenantry_usage::Fold;
use tenantry_worlds::Look;

async fn look(location: &Location) -> Option<Look> {
    Look::at(location.clone(), Arc::new(Chance::from_seed(7))).await.unwrap()
}

#[test]
fn a_look_sees_what_the_owner_did_and_reads_on() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-01", "1")])).await;
        channel.advance_to("2026-01-05").await;

        let look = look(bench.location()).await.unwrap();
        let ctx = look.system("test");
        assert_eq!((look.in_sandbox(), ctx.now()), (true, channel.world().clock().now()));
        let metering = look.metering().await.unwrap();
        assert_eq!(metering.read_all(Fold::events_counted).await, 1);

        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "1")])).await;
        assert_eq!(metering.read_all(Fold::events_counted).await, 1, "what was read stands still");
        metering.follow(&ctx).await.unwrap();
        assert_eq!(metering.read_all(Fold::events_counted).await, 2);
        channel.accept(events(&subscription, HOURS, &[("2026-01-03", "1")])).await;
        let replayed = metering.replayed().await.unwrap().checkpoint().unwrap();
        assert_eq!(replayed, metering.read_all(Fold::checkpoint).await.unwrap(), "both up to the same record");

        let more = event(&subscription, HOURS, "2026-01-04", "1");
        let refused = metering.intake(&ctx, vec![Submitted::Event(more.clone())]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::WorldBusy);
        channel.accept(vec![more]).await;
        look.close().await;
    });
}

#[test]
fn its_keys_are_the_owners() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        let look = look(bench.location()).await.unwrap();
        let keys = look.keys(ORIGIN).await.unwrap();
        assert_eq!(keys.jwks(""), channel.world().keys().jwks(""));
        let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
        let verified = token_verify(&look.system("test"), look.db(), &keys, &token, &[PARTNER_CENTER]).await.unwrap();
        assert_eq!(verified.tenant, channel.partner.tenant);
    });
}

#[test]
fn where_no_world_was_begun_there_is_none_to_see() {
    on_every_engine(|bench| async move {
        assert!(look(bench.location()).await.is_none());
        if let Location::File(path) = bench.location() {
            assert!(!path.exists(), "a look makes no file");
        }
    });
}

#[test]
fn another_versions_world_is_named_not_migrated() {
    on_every_engine(|bench| async move {
        let world = bench.world("2026-01-01").await;
        for (change, told) in [
            ("UPDATE schema_step SET number = 99 WHERE slice = 'billing' AND number = 1", "a newer version"),
            ("DELETE FROM schema_step WHERE number = 99", "an older version"),
        ] {
            let mut tx = world.db().begin().await.unwrap();
            sql(change).run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            let refused = Look::at(bench.location().clone(), Arc::new(Chance::from_seed(7))).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::Unsupported);
            assert!(refused.message().contains(told), "{refused:?}");
        }
    });
}
