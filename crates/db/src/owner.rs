//! Who may write to a world's usage log: one process at a time.
//!
//! SQLite worlds are guarded by a lock on a file beside the database, PostgreSQL worlds by an advisory lock
//! held on a connection of its own, which never goes back to the pool. Both vanish with the process, however it dies.

use crate::pool::{Db, Location};
use crate::sql;
use sqlx::AnyConnection;
use std::fs::{File, TryLockError};
use std::sync::Mutex;
use tenantry_core::{Problem, Reason};

/// The right to write, held until dropped.
#[derive(Debug)]
pub struct Ownership {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    File {
        _lock: File,
    },
    /// Never used again, so never contended: the lock only makes the value shareable.
    Server {
        _connection: Mutex<AnyConnection>,
    },
}

impl Db {
    /// Claims the world for this process, or says that another has it.
    pub async fn claim(&self) -> Result<Ownership, Problem> {
        match self.location() {
            Location::File(path) => {
                let path = path.with_extension("lock");
                let failed = |error: std::io::Error| {
                    Problem::new(Reason::Unavailable, format!("cannot lock {}: {error}", path.display())).because(error)
                };
                let lock = File::create(&path).map_err(failed)?;
                match lock.try_lock() {
                    Ok(()) => Ok(Ownership { _held: Held::File { _lock: lock } }),
                    Err(TryLockError::WouldBlock) => Err(busy()),
                    Err(TryLockError::Error(error)) => Err(failed(error)),
                }
            }
            Location::Server { schema, .. } => {
                let mut connection = self.outside_transaction().await?;
                let key = i64::from(crc32fast::hash(schema.as_bytes()));
                let row = sql("SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1::BIGINT ELSE 0::BIGINT END AS got")
                    .bind(key)
                    .one(&mut connection)
                    .await?;
                if !row.flag("got")? {
                    return Err(busy());
                }
                Ok(Ownership { _held: Held::Server { _connection: Mutex::new(connection.detach()) } })
            }
        }
    }
}

fn busy() -> Problem {
    Problem::new(Reason::WorldBusy, "another Tenantry process is serving this world; use its API, or stop it first")
}
