//! Due jobs that fail: a simulation stops there, real time goes on.

use crate::{open, open_again, settings};
use std::sync::Arc;
use tenantry_billing::schedule_close;
use tenantry_core::{Chance, Month, Timestamp};
use tenantry_db::{Db, job, sql};
use tenantry_testkit::{on_every_engine, time};
use tenantry_worlds::{NewWorld, World};

/// Of a kind that nobody handles.
const BROKEN: &str = "sweep-the-floor";

async fn schedule(db: &Db, kind: &str, at: Timestamp) {
    let mut tx = db.begin().await.unwrap();
    job::schedule(&mut tx, kind, "it", at).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_failed_job_stops_a_move_at_its_instant() {
    on_every_engine(|bench| async move {
        let world = open(bench.location(), Some("2026-01-01"), 1).await.unwrap();
        schedule(world.db(), BROKEN, time("2026-02-20")).await;
        let stopped = world.advance(&world.system("test"), time("2026-12-31")).await.unwrap_err();
        assert!(format!("{stopped:?}").contains(BROKEN), "{stopped:?}");
        let closed = async |world: &World| world.metering().read_all(|fold| fold.closes().len()).await;
        assert_eq!((world.clock().now(), closed(&world).await), (time("2026-02-20"), 1));
        assert!(world.advance(&world.system("test"), time("2026-12-31")).await.is_err(), "it is still due");
        drop(world);

        let world = open_again(bench.location(), None, 2).await;
        assert_eq!(world.clock().now(), time("2026-02-20"), "the stop is remembered");
        let failed = job::next_due(world.db(), world.clock().now()).await.unwrap().unwrap();
        let mut tx = world.db().begin().await.unwrap();
        job::complete(&mut tx, &failed, world.clock().now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.advance(&world.system("test"), time("2026-04-10")).await.unwrap().jobs, 2);
        assert_eq!(closed(&world).await, 3);
    });
}

#[test]
fn a_failed_job_of_a_live_world_is_put_off_and_holds_up_nobody() {
    on_every_engine(|bench| async move {
        let mut settings = settings();
        settings.close_grace_seconds = 0;
        let chance = Arc::new(Chance::from_seed(1));
        let world =
            World::open(bench.location().clone(), settings, NewWorld { sandbox_from: None }, chance).await.unwrap();
        let last_month = Month::of(world.clock().now().day()).previous();
        schedule(world.db(), BROKEN, last_month.period().from).await;
        let mut tx = world.db().begin().await.unwrap();
        schedule_close(&mut tx, last_month, 0).await.unwrap();
        tx.commit().await.unwrap();

        let mut waits = Vec::new();
        for _ in 0..3 {
            let before = world.clock().now();
            world.run_due().await.unwrap();
            let mut reader = world.db().reader().await.unwrap();
            let row = sql("SELECT due_at, last_error FROM due_job WHERE kind = $1").bind(BROKEN).one(&mut reader).await;
            let row = row.unwrap();
            assert!(row.text("last_error").unwrap().contains("no handler"));
            waits.push((row.time("due_at").unwrap().seconds() - before.seconds()) / 10);
            drop(reader);
            assert_eq!(world.run_due().await.unwrap(), 0, "what is put off is not due");
            // Time passes: it is due again.
            let mut tx = world.db().begin().await.unwrap();
            let due_again = sql("UPDATE due_job SET due_at = $2 WHERE kind = $1").bind(BROKEN).bind(before);
            due_again.run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(waits, [1, 2, 4], "each wait is twice the one before");
        let closes = world.metering().read_all(|fold| fold.closes().to_vec()).await;
        assert_eq!(closes.iter().map(|close| close.month).collect::<Vec<_>>(), [last_month]);
    });
}
