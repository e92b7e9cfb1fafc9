//! One owner of a world at a time.

use crate::database;
use tenantry_core::Reason;
use tenantry_db::{Db, Engine, Ownership, sql};
use tenantry_testkit::on_every_engine;

/// Claims what its owner has let go. A server hears of it a moment later, and is given a second.
async fn claim_released(db: &Db) -> Ownership {
    for _ in 0..100 {
        match db.claim().await {
            Err(problem) if problem.reason() == Reason::WorldBusy && db.engine() == Engine::Postgres => {
                let mut reader = db.reader().await.unwrap();
                sql("SELECT 1 AS one FROM pg_sleep(0.01)").one(&mut reader).await.unwrap();
            }
            claimed => return claimed.unwrap(),
        }
    }
    panic!("the world is still owned a second after its owner let go");
}

#[test]
fn a_second_owner_is_refused_until_the_first_lets_go() {
    on_every_engine(|bench| async move {
        let first = database(&bench).await;
        let second = Db::open(bench.location().clone()).await.unwrap();
        let owned = first.claim().await.unwrap();
        for db in [&second, &first] {
            assert_eq!(db.claim().await.unwrap_err().reason(), Reason::WorldBusy);
        }
        drop(owned);
        let owned = claim_released(&second).await;
        assert_eq!(first.claim().await.unwrap_err().reason(), Reason::WorldBusy);
        drop(owned);
    });
}

#[test]
fn worlds_on_one_server_have_owners_of_their_own() {
    on_every_engine(|bench| async move {
        let one = database(&bench).await;
        let other = Db::open(bench.another_location()).await.unwrap();
        let _owned = (one.claim().await.unwrap(), other.claim().await.unwrap());
    });
}

#[test]
fn closing_the_database_does_not_wait_for_its_owner() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let _owned = db.claim().await.unwrap();
        let limit = std::time::Duration::from_secs(10);
        assert!(tokio::time::timeout(limit, db.close()).await.is_ok(), "closing hangs while the world is owned");
    });
}
