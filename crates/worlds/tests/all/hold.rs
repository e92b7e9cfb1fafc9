//! A world on a server whose lock the server let go of: nothing is written until it is held again, and nothing at all
//! once somebody else was at the world.

use crate::open;
use tenantry_core::{Problem, Reason};
use tenantry_db::{Db, Engine, sql};
use tenantry_metering::Metering;
use tenantry_testkit::{cut_off, on_every_engine};
use tenantry_worlds::World;

async fn writes(world: &World) -> Result<(), Problem> {
    world.db().begin().await.map(drop)
}

#[test]
fn a_lost_lock_is_had_again_or_writing_ends() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        for (sandbox_from, newer) in
            [(None, false), (None, true), (Some("2026-01-01"), false), (Some("2026-01-01"), true)]
        {
            let location = bench.another_location();
            let world = open(&location, sandbox_from, 1).await.unwrap();
            let other = Db::open(location.clone()).await.unwrap();
            world.look_after_hold().await.unwrap();
            assert_eq!(cut_off(&location, &other).await, 1);
            world.look_after_hold().await.unwrap();
            writes(&world).await.unwrap();
            assert_eq!(other.claim().await.unwrap_err().reason(), Reason::WorldBusy, "it is held again");

            // While the lock is gone somebody changes the tables; or has a sandbox for itself, if it is one.
            cut_off(&location, &other).await;
            let taken = other.claim().await.unwrap();
            if newer {
                let mut tx = other.begin().await.unwrap();
                let step =
                    "INSERT INTO schema_step (slice, number, name, checksum, at) VALUES ('db', 999, 'later', '', 0)";
                sql(step).run(&mut tx).await.unwrap();
                tx.commit().await.unwrap();
            } else if sandbox_from.is_some() {
                drop(Metering::open(&world.system("test"), &other, true).await.unwrap());
            }
            assert_eq!(world.look_after_hold().await.unwrap_err().reason(), Reason::WorldBusy);
            drop(taken);
            let mut problem = None;
            for _ in 0..200 {
                problem = world.look_after_hold().await.err();
                // The server notices a moment later that the other is gone.
                if problem.as_ref().is_none_or(|problem| problem.retry_after_seconds().is_none()) {
                    break;
                }
                tokio::task::yield_now().await;
            }
            let goes_on = sandbox_from.is_none() && !newer;
            assert_eq!(problem.is_none(), goes_on, "{sandbox_from:?} {newer}: {problem:?}");
            match writes(&world).await {
                Ok(()) => assert!(goes_on),
                Err(told) => assert!(!goes_on && told.message().contains("newest program"), "{told:?}"),
            }
        }
    });
}
