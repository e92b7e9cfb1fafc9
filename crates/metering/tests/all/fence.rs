//! Two that think they own a world: the later one does, and the earlier one can write nothing more.

use crate::scene::{batch, hours, open, prove_replay, shown};
use tenantry_core::Reason;
use tenantry_db::sql;
use tenantry_metering::Metering;
use tenantry_testkit::on_every_engine;

#[test]
fn taking_over_cuts_off_whoever_held_the_log() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1")]).await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let successor = Metering::open(&ctx, world.db(), true).await.unwrap();
        let send = async |to: &Metering, id: &str| to.intake(&ctx, batch([hours(&own, id, "2026-01-10", "1")])).await;

        for id in ["b", "c"] {
            let refused = send(world.metering(), id).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::WorldBusy, "{refused:?}");
            assert!(refused.message().contains("nothing was saved"), "{refused:?}");
        }
        for (id, expected) in [("a", "duplicate"), ("b", "accepted"), ("b", "duplicate")] {
            assert_eq!(shown(&send(&successor, id).await.unwrap()[0]), expected);
        }
        assert!(send(world.metering(), "d").await.is_err(), "and still cut off");
        let mut reader = world.db().reader().await.unwrap();
        let epochs = sql("SELECT seq, epoch FROM usage_log ORDER BY seq").all(&mut reader).await.unwrap();
        let epochs: Vec<_> = epochs.iter().map(|row| row.integer("epoch").unwrap()).collect();
        assert_eq!(epochs, [1, 1, 1, 1, 1, 1, 2], "one record of the second tenure");
        drop(reader);
        let channel = channel.reopen(&bench).await;
        prove_replay(&channel).await;
    });
}
