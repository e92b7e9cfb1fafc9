//! One handle over SQLite and PostgreSQL: the same SQL text on both.
//!
//! Slices write their SQL with [`sql`] and hand it a [`Tx`] (a write transaction) or a [`Reader`]. Nothing
//! outside this crate names the driver, so errors become [`Problem`]s in one place, and a full disk is
//! reported as such wherever it happens.
//!
//! What is kept here for everybody: migrations, the outbox, due jobs on world time, the audit trail, counters
//! without gaps, replayed answers, and the usage log with its partitions.
//!
//! [`Problem`]: tenantry_core::Problem

pub mod audit;
pub mod audit_read;
pub mod backup;
pub mod checkpoint;
mod checksum;
pub mod counter;
mod error;
mod heard;
pub mod identity_run;
pub mod job;
pub mod log;
mod migrate;
pub mod outbox;
mod owner;
mod pool;
mod readers;
mod remembered;
pub mod replay;
mod statement;

pub use migrate::{Migration, Slice};
pub use owner::{Entry, Ownership};
pub use pool::{Connection, Db, Engine, Location, Tx};
pub use readers::Reader;
pub use statement::{Row, Statement, Value, sql};

/// The tables of this crate itself.
pub const SLICE: Slice = Slice {
    name: "db",
    migrations: &[
        Migration { number: 1, name: "ground", sql: include_str!("migrations/0001_ground.sql") },
        Migration { number: 2, name: "many_processes", sql: include_str!("migrations/0002_many_processes.sql") },
        Migration { number: 3, name: "chunks", sql: include_str!("migrations/0003_chunks.sql") },
        Migration { number: 4, name: "checkpoints", sql: include_str!("migrations/0004_checkpoints.sql") },
        Migration { number: 5, name: "audit_facts", sql: include_str!("migrations/0005_audit_facts.sql") },
        Migration { number: 6, name: "takings", sql: include_str!("migrations/0006_takings.sql") },
    ],
};
