//! Which connections for reading are kept, and that a server may go away between two reads.
//!
//! A table that only one connection knows is the mark by which it is found again; both engines have such tables.

use crate::database;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use tenantry_core::{Problem, Reason};
use tenantry_db::{Connection, Db, Engine, sql};
use tenantry_testkit::on_every_engine;
use tokio::task::JoinSet;

/// A read that takes far longer than it takes to give it up.
const LONG: &str = "WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 1000000) \
    SELECT COUNT(*) AS many FROM count";
/// Connections at most, on the engine that has more of them.
const MOST: usize = 8;
const MANY: usize = 40;

async fn mark(on: &mut impl Connection) {
    sql("CREATE TEMP TABLE mark (n BIGINT)").run(on).await.unwrap();
}

async fn is_marked(on: &mut impl Connection) -> bool {
    sql("SELECT n FROM mark").all(on).await.is_ok()
}

/// What is done with a marked connection before it comes back.
#[derive(Debug, Clone, Copy)]
enum Last {
    Read,
    Refused,
    RefusedThenRead,
    GivenUp,
}

async fn check(db: &Db, last: Last, kept: bool) {
    let mut reader = db.reader().await.unwrap();
    mark(&mut reader).await;
    if let Last::Refused | Last::RefusedThenRead = last {
        sql("SELECT nothing FROM nowhere").all(&mut reader).await.unwrap_err();
    }
    if let Last::Read | Last::RefusedThenRead = last {
        sql("SELECT 1 AS one").one(&mut reader).await.unwrap();
    }
    if let Last::GivenUp = last {
        let mut read = Box::pin(sql(LONG).one(&mut reader));
        assert!(read.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    drop(reader);
    // The one that came back last is lent first.
    assert_eq!(is_marked(&mut db.reader().await.unwrap()).await, kept, "{:?}, {last:?}", db.engine());
}

#[test]
fn a_connection_is_kept_if_the_last_thing_done_on_it_ended_well() {
    for (last, kept) in
        [(Last::Read, true), (Last::Refused, false), (Last::RefusedThenRead, true), (Last::GivenUp, false)]
    {
        on_every_engine(async |bench| check(&database(&bench).await, last, kept).await);
    }
}

#[test]
fn all_who_come_are_served_a_few_at_a_time() {
    on_every_engine(async |bench| {
        let db = database(&bench).await;
        let (reading, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut readers = JoinSet::new();
        for _ in 0..MANY {
            let (db, reading, most) = (db.clone(), Arc::clone(&reading), Arc::clone(&most));
            readers.spawn(async move {
                let mut reader = db.reader().await.unwrap();
                most.fetch_max(reading.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sql("SELECT 1 AS one").one(&mut reader).await.unwrap();
                reading.fetch_sub(1, Ordering::SeqCst);
            });
        }
        assert_eq!(readers.join_all().await.len(), MANY);
        let most = most.load(Ordering::SeqCst);
        assert!((1..=MOST).contains(&most), "{most}");
        db.close().await;
        assert_eq!(db.reader().await.unwrap_err().reason(), Reason::Unavailable);
    });
}

/// Ends the server's side of all connections for reading, as a restart does.
async fn end_connections(db: &Db, pids: &[i64]) {
    let mut tx = db.begin().await.unwrap();
    for pid in pids {
        sql("SELECT 1 AS one FROM (SELECT pg_terminate_backend(CAST($1 AS INTEGER), 10000)) AS ended")
            .bind(*pid)
            .one(&mut tx)
            .await
            .unwrap();
    }
}

#[test]
fn a_server_that_went_away_costs_one_refused_read_at_most() {
    on_every_engine(async |bench| {
        if bench.engine() != Engine::Postgres {
            // Nobody ends the connections to a file.
            return;
        }
        let db = database(&bench).await;
        let mut lent = Vec::new();
        for _ in 0..3 {
            let mut reader = db.reader().await.unwrap();
            let row = sql("SELECT CAST(pg_backend_pid() AS BIGINT) AS pid").one(&mut reader).await.unwrap();
            lent.push((reader, row.integer("pid").unwrap()));
        }
        let pids: Vec<i64> = lent.drain(..).map(|(_, pid)| pid).collect();
        end_connections(&db, &pids).await;
        let read = async || {
            let mut reader = db.reader().await?;
            sql("SELECT 1 AS one").one(&mut reader).await.map(|_| ())
        };
        let mut refused: Vec<Problem> = Vec::new();
        for _ in 0..6 {
            refused.extend(read().await.err());
        }
        assert!(refused.len() <= 1, "{refused:?}");
        assert!(refused.iter().all(|problem| problem.reason() == Reason::Unavailable), "{refused:?}");
    });
}
