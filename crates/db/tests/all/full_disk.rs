//! A full disk is said to be one, wherever a write meets it, and the database is as good as before once there is room.

use crate::{at, database, system};
use tenantry_core::{Problem, Reason};
use tenantry_db::{Db, Engine, audit, outbox, sql};
use tenantry_testkit::on_every_engine;

async fn publish(db: &Db, bytes: usize) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    outbox::publish(&mut tx, at(1), "topic", "subject", &"x".repeat(bytes)).await?;
    tx.commit().await
}

/// Not a page more than there are. SQLite keeps the limit on its one writing connection, and `db` closes that after a
/// write that failed for want of room: the limit holds until then.
async fn fill_disk(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    sql("PRAGMA max_page_count = 1").one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_write_without_room_is_refused_and_leaves_nothing() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Postgres {
            return;
        }
        let db = database(&bench).await;
        publish(&db, 10).await.unwrap();
        for _ in 0..3 {
            fill_disk(&db).await;
            let problem = publish(&db, 100_000).await.unwrap_err();
            assert_eq!(problem.reason(), Reason::StorageFull, "{problem:?}");
            let said = problem.message();
            assert!(said.contains("full") && said.contains("nothing was saved") && said.contains("again"), "{said}");
        }
        // No room for the line, no act.
        fill_disk(&db).await;
        let target = "x".repeat(100_000);
        let opened = audit::open(&system(at(1)), &db, "act", &target).await;
        assert_eq!(opened.unwrap_err().reason(), Reason::StorageFull);
        assert_eq!(outbox::pending(&db, "anybody", 9).await.unwrap().len(), 1, "reading goes on");
        fill_disk(&db).await;
        publish(&db, 10).await.unwrap_or_else(|problem| panic!("what still fits is still taken: {problem:?}"));
        assert_eq!(publish(&db, 100_000).await.unwrap_err().reason(), Reason::StorageFull);
        publish(&db, 100_000).await.unwrap_or_else(|problem| panic!("there is room again: {problem:?}"));
        let positions: Vec<_> =
            outbox::pending(&db, "anybody", 9).await.unwrap().iter().map(|entry| entry.position).collect();
        assert_eq!(positions, [1, 2, 3], "positions of refused writes were given back");
    });
}

/// PostgreSQL says so with an SQLSTATE; the server is made to say it.
#[test]
fn the_servers_word_for_a_full_disk_is_understood_and_others_are_not_taken_for_it() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let db = database(&bench).await;
        for (raise, reason) in [
            (
                "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
                Reason::StorageFull,
            ),
            ("DO $$ BEGIN RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200'; END $$", Reason::Internal),
            ("DO $$ BEGIN RAISE EXCEPTION 'boom' USING ERRCODE = 'P0001'; END $$", Reason::Internal),
        ] {
            let mut tx = db.begin().await.unwrap();
            let problem = sql(raise).run(&mut tx).await.unwrap_err();
            assert_eq!(problem.reason(), reason, "{raise}: {problem:?}");
        }
        publish(&db, 10).await.unwrap();
    });
}
