//! What the `db` crate promises, on both engines; and that the bench keeps its own promises.
#![cfg(test)]

mod bench;
mod channel;
mod client;
mod migrations;
mod order;
mod owner;
mod usage_log;

use tenantry_core::Timestamp;
use tenantry_db::Db;
use tenantry_testkit::Bench;

/// A database with the tables of `db`.
async fn database(bench: &Bench) -> Db {
    let db = Db::open(bench.location().clone()).await.unwrap();
    db.migrate(&[tenantry_db::SLICE], at(0)).await.unwrap();
    db
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}
