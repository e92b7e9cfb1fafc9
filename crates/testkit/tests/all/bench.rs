//! The bench: fresh for each engine, and honest about failure.

use crate::database;
use std::panic::catch_unwind;
use std::sync::Mutex;
use tenantry_db::{Db, Engine, counter};
use tenantry_testkit::{engines, golden, on_every_engine};

#[test]
fn each_engine_gets_a_database_of_its_own() {
    static SEEN: Mutex<Vec<Engine>> = Mutex::new(Vec::new());
    on_every_engine(|bench| async move {
        let other = Db::open(bench.another_location()).await.unwrap();
        other.migrate(&[tenantry_db::SLICE], crate::at(0)).await.unwrap();
        for db in [database(&bench).await, other] {
            assert_eq!(db.engine(), bench.engine());
            let mut tx = db.begin().await.unwrap();
            assert_eq!(counter::next(&mut tx, "seen").await.unwrap(), 1);
            tx.commit().await.unwrap();
        }
        SEEN.lock().unwrap().push(bench.engine());
    });
    assert_eq!(*SEEN.lock().unwrap(), engines());
}

#[test]
fn a_body_that_panics_fails_the_test() {
    let ended = catch_unwind(|| {
        on_every_engine(|bench| async move {
            database(&bench).await;
            panic!("on purpose, to see it")
        });
    });
    assert_eq!(ended.unwrap_err().downcast_ref::<&str>(), Some(&"on purpose, to see it"));
}

#[test]
fn a_golden_that_differs_fails_the_test() {
    golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/example.txt", "one\ntwo\n");
    let ended = catch_unwind(|| golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/absent.txt", ""));
    assert!(ended.is_err());
}
