//! One owner of a world at a time.

use crate::database;
use tenantry_core::Reason;
use tenantry_db::Db;
use tenantry_testkit::on_every_engine;

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
        let owned = second.claim().await.unwrap();
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
