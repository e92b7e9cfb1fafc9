//! Who may write to a world: one process, or several that share it.
//!
//! A SQLite world belongs to one process, guarded by a lock on a file beside the database. On a server, processes hold
//! an advisory lock on a connection of their own, which never goes back to the pool: alone, where the world has a clock
//! that can be moved or its tables are about to change; shared, where many may serve it. Both locks vanish with the
//! process, however it dies.
//!
//! But a server lets go of a lock with its connection, and a connection may die while the process lives: the server was
//! started again, a firewall forgot the session. Then somebody else may take the world, or a newer program change its
//! tables. So whoever holds a lock on a server looks after it ([`Ownership::look`]), several times a second: once it is
//! gone, nothing is written until it is had again and nothing happened meanwhile.
//!
//! Opening goes one process after another, behind a second lock: who comes while a world is begun or brought up to date
//! waits for that instead of meeting half of it.
//!
//! A lock is a number, a checksum of the schema's name. Two schemas of one database whose names have the same one (one
//! pair in four thousand million) block each other: the second is told that another process serves it.

use crate::pool::{Db, Location, Outside};
use crate::sql;
use std::fs::{File, TryLockError};
use std::time::Duration;
use tenantry_core::{Problem, Reason};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// The right to write, held until dropped.
#[derive(Debug)]
pub struct Ownership(Held);

#[derive(Debug)]
enum Held {
    File { _lock: File },
    Server(Mutex<Hold>),
}

/// A lock on a server.
#[derive(Debug)]
struct Hold {
    /// `None` once it was found dead.
    connection: Option<Outside>,
    key: i64,
    alone: bool,
}

/// How long the connection with the lock may take to answer before it counts as dead.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// A world being opened by this process and by no other. Ends with [`Entry::keep`] or [`Entry::share`].
#[derive(Debug)]
#[must_use = "an entry that is dropped opens nothing"]
pub struct Entry(Way);

#[derive(Debug)]
enum Way {
    File(File),
    Server { connection: Outside, key: i64, alone: bool },
}

/// The server notices a moment late that an owner is gone; a quick restart must not stumble over that moment.
const OWNER_TRIES: u32 = 20;
/// A minute: how long another process may take to begin the world or to bring it up to date.
const OPENING_TRIES: u32 = 1_200;

/// The locks of a world, each as what is asked of the server. The first is of a key space of its own.
const OPENING: &str = "SELECT CASE WHEN pg_try_advisory_lock(1, CAST($1 % 2147483648 AS INTEGER)) \
    THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS got";
const ALONE: &str =
    "SELECT CASE WHEN pg_try_advisory_lock($1) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS got";
const SHARED: &str =
    "SELECT CASE WHEN pg_try_advisory_lock_shared($1) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS got";
const ALONE_NO_MORE: &str =
    "SELECT CASE WHEN pg_advisory_unlock($1) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS got";
const OPENING_NO_MORE: &str = "SELECT CASE WHEN pg_advisory_unlock(1, CAST($1 % 2147483648 AS INTEGER)) \
    THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS got";

impl Db {
    /// Claims the world for this process alone, or says that another has it.
    pub async fn claim(&self) -> Result<Ownership, Problem> {
        self.enter().await?.keep().await
    }

    /// Begins to open the world: waits for another process that is opening it, and says so if one has it for itself.
    ///
    /// # Errors
    /// `WorldBusy`.
    pub async fn enter(&self) -> Result<Entry, Problem> {
        match self.location() {
            Location::File(path) => {
                let path = path.with_extension("lock");
                let failed = |error: std::io::Error| {
                    Problem::new(Reason::Unavailable, format!("cannot lock {}: {error}", path.display())).because(error)
                };
                let lock = File::create(&path).map_err(failed)?;
                match lock.try_lock() {
                    Ok(()) => Ok(Entry(Way::File(lock))),
                    Err(TryLockError::WouldBlock) => Err(busy()),
                    Err(TryLockError::Error(error)) => Err(failed(error)),
                }
            }
            Location::Server { schema, .. } => {
                let mut connection = self.outside_transaction().await?.for_good();
                let key = i64::from(crc32fast::hash(schema.as_bytes()));
                if !got(&mut connection, OPENING, key, OPENING_TRIES).await? {
                    return Err(opening());
                }
                for _ in 0..=OWNER_TRIES {
                    if ask(&mut connection, ALONE, key).await? {
                        return Ok(Entry(Way::Server { connection, key, alone: true }));
                    }
                    if ask(&mut connection, SHARED, key).await? {
                        return Ok(Entry(Way::Server { connection, key, alone: false }));
                    }
                    wait(&mut connection).await?;
                }
                Err(busy())
            }
        }
    }
}

impl Entry {
    /// Whether no other process serves the world: only then may its tables change. Gives processes that have just died
    /// the moment that the server needs to notice.
    pub async fn alone(&mut self) -> Result<bool, Problem> {
        match &mut self.0 {
            Way::File(_) => Ok(true),
            Way::Server { connection, key, alone } => {
                if !*alone {
                    *alone = got(connection, ALONE, *key, OWNER_TRIES).await?;
                }
                Ok(*alone)
            }
        }
    }

    /// Keeps the world for this process alone.
    ///
    /// # Errors
    /// `WorldBusy` if others serve it.
    pub async fn keep(mut self) -> Result<Ownership, Problem> {
        if !self.alone().await? {
            return Err(busy());
        }
        match self.0 {
            Way::File(lock) => Ok(Ownership(Held::File { _lock: lock })),
            Way::Server { connection, key, .. } => opened(connection, key, true).await,
        }
    }

    /// Lets other processes serve the world too, where the engine allows it.
    pub async fn share(self) -> Result<Ownership, Problem> {
        match self.0 {
            Way::File(lock) => Ok(Ownership(Held::File { _lock: lock })),
            Way::Server { mut connection, key, alone } => {
                if alone {
                    // Both at once for a moment: nobody can come in between.
                    ask(&mut connection, SHARED, key).await?;
                    ask(&mut connection, ALONE_NO_MORE, key).await?;
                }
                opened(connection, key, false).await
            }
        }
    }
}

impl Ownership {
    /// Looks whether the right to write still holds. If the server let go of it, writing stops, and begins again once
    /// the lock is had again and `unchanged` says that nobody else was at the world meanwhile. Costs nothing for a file.
    ///
    /// # Errors
    /// Why nothing can be written now. Whoever tries hears the same ([`Db::begin`]).
    pub async fn look(&self, db: &Db, unchanged: impl AsyncFnOnce() -> Result<bool, Problem>) -> Result<(), Problem> {
        let Held::Server(hold) = &self.0 else { return Ok(()) };
        let mut hold = hold.lock().await;
        if let Some(connection) = &mut hold.connection {
            let here = timeout(ANSWERS_WITHIN, sql("SELECT 1 AS here").one(connection)).await;
            if let Ok(Ok(_)) = here {
                return Ok(());
            }
            hold.connection = None;
            db.stop_writing(lost());
            tracing::error!("the server let go of the lock on this world; nothing is written until it is had again");
        }
        let mut connection = db.outside_transaction().await?.for_good();
        let lock = if hold.alone { ALONE } else { SHARED };
        if !ask(&mut connection, lock, hold.key).await? {
            return Err(lost());
        }
        match unchanged().await {
            Ok(true) => {
                db.write_again();
                hold.connection = Some(connection);
                tracing::warn!("the lock on this world is held again; nothing happened to the world meanwhile");
                Ok(())
            }
            // The lock is let go of again: this process is done.
            Ok(false) => {
                db.stop_writing(overtaken());
                Err(overtaken())
            }
            Err(problem) if problem.reason() == Reason::Unsupported => {
                db.stop_writing(overtaken());
                Err(overtaken().because(problem.cause_chain()))
            }
            Err(problem) => Err(problem),
        }
    }
}

fn lost() -> Problem {
    let told = "the database server let go of this process's lock on the world, so nothing can be written until it is \
                had again; try again in a moment. If this stays, another process has the world: stop one of the two";
    Problem::new(Reason::WorldBusy, told).retry_after(1)
}

fn overtaken() -> Problem {
    let told = "while the database server was away, another process took this world over or changed its tables; this \
                one writes nothing more. Stop it and start it again, with the newest program";
    Problem::new(Reason::WorldBusy, told)
}

/// Lets the next process open the world.
async fn opened(mut connection: Outside, key: i64, alone: bool) -> Result<Ownership, Problem> {
    ask(&mut connection, OPENING_NO_MORE, key).await?;
    let connection = Some(connection.for_good());
    Ok(Ownership(Held::Server(Mutex::new(Hold { connection, key, alone }))))
}

/// Asks again and again.
async fn got(connection: &mut Outside, lock: &'static str, key: i64, tries: u32) -> Result<bool, Problem> {
    for _ in 0..tries {
        if ask(connection, lock, key).await? {
            return Ok(true);
        }
        wait(connection).await?;
    }
    ask(connection, lock, key).await
}

async fn ask(connection: &mut Outside, lock: &'static str, key: i64) -> Result<bool, Problem> {
    sql(lock).bind(key).one(connection).await?.flag("got")
}

/// The server lets a twentieth of a second pass before it answers.
async fn wait(connection: &mut Outside) -> Result<(), Problem> {
    sql("SELECT 1 AS waited FROM pg_sleep(0.05)").one(connection).await.map(drop)
}

fn busy() -> Problem {
    Problem::new(Reason::WorldBusy, "another Tenantry process is serving this world; use its API, or stop it first")
}

fn opening() -> Problem {
    let told =
        "another Tenantry process has been opening this world for a minute; wait until it is through, or stop it";
    Problem::new(Reason::WorldBusy, told)
}
