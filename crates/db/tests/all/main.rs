//! What `db` promises to those who build on it, on both engines: kept answers, the audit trail, order under
//! concurrency, searches of the usage log, a full disk, connections that come and go, and the shape of every table.
//!
//! The testkit's own tests prove the rest (migrations, counters, jobs, ownership, damage): they show at the same time
//! that a bench works.
#![cfg(test)]

mod audit;
mod checkpoints;
mod full_disk;
mod many;
mod outbox;
mod readers;
mod remembered;
mod replay;
mod schema;
mod usage_log;

use std::sync::Arc;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, OpContext, Timestamp};
use tenantry_db::Db;
use tenantry_testkit::Bench;

/// Seconds since 1970: tests here need an order, not dates.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// A fresh database with the tables of `db` itself.
async fn database(bench: &Bench) -> Db {
    let db = Db::open(bench.location().clone()).await.unwrap();
    db.migrate(&[tenantry_db::SLICE], at(0)).await.unwrap();
    db
}

/// The platform's own context, at a time.
fn system(now: Timestamp) -> OpContext {
    OpContext::system("test", Arc::new(ManualClock::at(now)), Arc::new(Chance::from_seed(7)))
}
