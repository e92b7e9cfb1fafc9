//! Who may write to a world's usage log: one process at a time.
//!
//! SQLite worlds are guarded by a lock on a file beside the database, PostgreSQL worlds by an advisory lock
//! held on a connection of its own, which never goes back to the pool. Both vanish with the process, however it dies.

use crate::pool::{Db, Location, Outside};
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
                let mut tries = 0;
                while !try_lock(&mut connection, key).await? {
                    tries += 1;
                    if tries > SERVER_TRIES {
                        return Err(busy());
                    }
                }
                Ok(Ownership { _held: Held::Server { _connection: Mutex::new(connection.detach()) } })
            }
        }
    }
}

/// The server notices a moment late that an owner is gone; a quick restart must not stumble over that moment.
const SERVER_TRIES: u32 = 20;

/// Asks for the lock. If somebody has it, the server lets a twentieth of a second pass before it answers.
async fn try_lock(connection: &mut Outside, key: i64) -> Result<bool, Problem> {
    let row = sql("SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1::BIGINT ELSE 0::BIGINT END AS got")
        .bind(key)
        .one(connection)
        .await?;
    let got = row.flag("got")?;
    if !got {
        sql("SELECT 1 AS waited FROM pg_sleep(0.05)").one(connection).await?;
    }
    Ok(got)
}

fn busy() -> Problem {
    Problem::new(Reason::WorldBusy, "another Tenantry process is serving this world; use its API, or stop it first")
}
