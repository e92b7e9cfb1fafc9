//! Opening a database and getting connections: many readers, and writers that queue up.
//!
//! SQLite has one writer at a time. A pool of one connection makes writers wait in line here, where they are
//! fair, instead of spinning on its busy handler; other processes (a backup, the command line) still meet the
//! busy timeout.

use crate::error::problem;
use crate::heard;
use crate::readers::{PATIENCE, Reader, Readers};
use crate::remembered::Remembered;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Once, PoisonError, RwLock};
use tenantry_core::{Problem, Reason};

/// Which engine answers. Only this crate asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file, embedded.
    Sqlite,
    /// A server; a world is a schema in it.
    Postgres,
}

/// Where a world's database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database and the schema of the world in it.
    Server {
        /// `postgres://user@host:port/database`
        url: String,
        /// Letters, digits and underscores.
        schema: String,
    },
}

/// A database of one world.
#[derive(Debug, Clone)]
pub struct Db {
    location: Location,
    engine: Engine,
    readers: Readers,
    writers: AnyPool,
    /// Counts committed changes of who may do what, of this process and of those it heard of.
    access_epoch: Arc<AtomicU64>,
    /// What the other processes of the world are told with, as last heard; see `heard.rs`.
    pub(crate) access_heard: Arc<AtomicI64>,
    pub(crate) facts: Arc<Remembered>,
    /// Why nothing may be written: see `owner.rs`.
    stopped: Arc<RwLock<Option<Stopped>>>,
}

/// Why nothing may be written, for each who tries.
#[derive(Debug, Clone)]
struct Stopped {
    reason: Reason,
    message: String,
    retry_after: Option<u32>,
}

/// A write transaction. Dropped without [`Tx::commit`], it leaves no trace.
pub struct Tx {
    transaction: sqlx::Transaction<'static, Any>,
    access_epoch: Arc<AtomicU64>,
    access_changed: bool,
    /// Whether other processes must be told of a change.
    others: bool,
}

/// A write connection without a transaction.
pub(crate) enum Outside {
    Lent(PoolConnection<Any>),
    Own(AnyConnection),
}

/// Anything a statement can run on.
pub trait Connection: Send {
    /// The driver's connection, for one statement.
    fn begins(&mut self) -> Result<&mut AnyConnection, Problem>;

    /// How the statement ended. Not called if it was given up half way.
    fn ended<T>(&mut self, _outcome: &sqlx::Result<T>) {}
}

impl Connection for Tx {
    fn begins(&mut self) -> Result<&mut AnyConnection, Problem> {
        Ok(&mut self.transaction)
    }
}

impl Connection for Outside {
    fn begins(&mut self) -> Result<&mut AnyConnection, Problem> {
        match self {
            Self::Lent(connection) => Ok(connection),
            Self::Own(connection) => Ok(connection),
        }
    }
}

const READERS: u32 = 8;
/// A server takes a hundred connections as a rule, and worlds share it: readers and writers of one are few.
const SERVER_READERS: u32 = 4;
const SERVER_WRITERS: u32 = 4;

/// WAL lets readers go on while one writes; FULL makes a commit survive a power cut, which an acknowledged
/// usage event must. The first gigabyte of the file is read where the system has it in memory anyway: a call and a copy for
/// each page took a quarter of the time of looking something up. It is written as before.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA busy_timeout = 10000; PRAGMA mmap_size = 1073741824;";

impl Db {
    /// Opens the database, creating the file or schema if it is not there. Does not migrate.
    pub async fn open(location: Location) -> Result<Self, Problem> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        match &location {
            Location::File(path) => {
                let url = format!("sqlite://{}?mode=rwc", percent(&path.to_string_lossy()));
                let options = AnyConnectOptions::from_str(&url).map_err(problem)?;
                let writers = AnyPoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(PATIENCE)
                    // A file does not hang up.
                    .test_before_acquire(false)
                    .after_connect(|connection, _| {
                        Box::pin(async move { connection.execute(SQLITE_SETTINGS).await.map(|_| ()) })
                    })
                    .after_release(|connection, _| Box::pin(is_done(connection)))
                    .connect_with(options.clone())
                    .await
                    .map_err(|e| unopened(path.display(), e))?;
                let readers = Readers::new(options, SQLITE_SETTINGS.to_owned(), false, READERS);
                Ok(Self::of(location, Engine::Sqlite, readers, writers))
            }
            Location::Server { url, schema } => {
                let settings = server_settings(schema)?;
                let options = AnyConnectOptions::from_str(url).map_err(|e| unopened("the PostgreSQL URL", e))?;
                let readers = Readers::new(options.clone(), settings.clone(), true, SERVER_READERS);
                let writers = AnyPoolOptions::new()
                    .max_connections(SERVER_WRITERS)
                    .acquire_timeout(PATIENCE)
                    .after_connect(move |connection, _| {
                        let settings = settings.clone();
                        Box::pin(async move { connection.execute(sqlx::AssertSqlSafe(settings)).await.map(|_| ()) })
                    })
                    .connect_with(options)
                    .await
                    .map_err(|e| unopened("the PostgreSQL server", e))?;
                Ok(Self::of(location, Engine::Postgres, readers, writers))
            }
        }
    }

    fn of(location: Location, engine: Engine, readers: Readers, writers: AnyPool) -> Self {
        let (access_epoch, access_heard, facts, stopped) = Default::default();
        Self { location, engine, readers, writers, access_epoch, access_heard, facts, stopped }
    }

    /// The engine behind the handle.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Where it is.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Whether several processes may write to it at once.
    #[must_use]
    pub const fn takes_many(&self) -> bool {
        matches!(self.engine, Engine::Postgres)
    }

    /// Begins a write transaction.
    ///
    /// # Errors
    /// `WorldBusy` while the right to write is lost ([`crate::Ownership::look`]); what the database says.
    pub async fn begin(&self) -> Result<Tx, Problem> {
        self.may_write()?;
        // IMMEDIATE takes SQLite's write lock at once: a reader that turns writer half way could only fail.
        let begun = match self.engine {
            Engine::Sqlite => self.writers.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.writers.begin().await,
        };
        let access_epoch = Arc::clone(&self.access_epoch);
        let others = self.takes_many();
        begun.map(|transaction| Tx { transaction, access_epoch, access_changed: false, others }).map_err(problem)
    }

    fn may_write(&self) -> Result<(), Problem> {
        let stopped = self.stopped.read().unwrap_or_else(PoisonError::into_inner);
        let Some(Stopped { reason, message, retry_after }) = &*stopped else { return Ok(()) };
        let told = Problem::new(*reason, message.as_str());
        Err(match retry_after {
            Some(seconds) => told.retry_after(*seconds),
            None => told,
        })
    }

    /// Refuses to begin anything that writes, with this problem.
    pub(crate) fn stop_writing(&self, why: Problem) {
        let stopped =
            Stopped { reason: why.reason(), message: why.message().to_owned(), retry_after: why.retry_after_seconds() };
        *self.stopped.write().unwrap_or_else(PoisonError::into_inner) = Some(stopped);
    }

    /// Lets writers begin again.
    pub(crate) fn write_again(&self) {
        *self.stopped.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Grows with every committed change of who may do what. Read it before reading what is to be remembered; as
    /// long as it stays the same, what was read still holds.
    #[must_use]
    pub fn access_epoch(&self) -> u64 {
        self.access_epoch.load(Ordering::Acquire)
    }

    /// Makes everybody forget what is remembered of who may do what.
    pub(crate) fn forget_access(&self) {
        self.access_epoch.fetch_add(1, Ordering::Release);
    }

    /// A connection for reading.
    pub async fn reader(&self) -> Result<Reader, Problem> {
        self.readers.lend().await
    }

    /// A write connection without a transaction, for statements that may not stand in one.
    pub(crate) async fn outside_transaction(&self) -> Result<Outside, Problem> {
        self.writers.acquire().await.map(Outside::Lent).map_err(problem)
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl Outside {
    /// Takes the connection out of the pool for good: what it holds ends when it is dropped.
    pub(crate) fn for_good(self) -> Self {
        Self::Own(self.detach())
    }

    pub(crate) fn detach(self) -> AnyConnection {
        match self {
            Self::Lent(connection) => connection.detach(),
            Self::Own(connection) => connection,
        }
    }
}

impl Tx {
    /// Makes everything in it durable.
    pub async fn commit(mut self) -> Result<(), Problem> {
        if self.access_changed && self.others {
            heard::tell(&mut self).await?;
        }
        let committed = self.transaction.commit().await.map_err(problem);
        // Also after a failed commit: whether it was kept is not known then, and forgetting costs one look.
        if self.access_changed {
            self.access_epoch.fetch_add(1, Ordering::Release);
        }
        committed
    }

    /// Says that this transaction changes who may do what: users, roles, groups, applications, relationships. What is
    /// remembered of that is forgotten with the commit.
    pub const fn changes_access(&mut self) {
        self.access_changed = true;
    }
}

/// A process that hangs in the middle of a transaction must not stop the others of its world: after five seconds of
/// silence the server ends the transaction, and the process finds its connection closed. Who waits for a lock waits
/// longer than that, so it gets the lock, not an error.
const SERVER_PATIENCE: &str = "SET idle_in_transaction_session_timeout TO '5s'; SET lock_timeout TO '20s';";

fn server_settings(schema: &str) -> Result<String, Problem> {
    let plain = !schema.is_empty() && schema.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !plain {
        return Err(Problem::invalid("schema", format!("`{schema}` may hold letters, digits and underscores only")));
    }
    Ok(format!(
        "CREATE SCHEMA IF NOT EXISTS {schema}; SET search_path TO {schema}; SET synchronous_commit TO on; \
         SET client_min_messages TO warning; {SERVER_PATIENCE}"
    ))
}

fn unopened(what: impl std::fmt::Display, error: sqlx::Error) -> Problem {
    Problem::new(Reason::Unavailable, format!("cannot open {what}: {error}")).because(error)
}

/// Whether a connection came back without a transaction, so that it may be used again.
///
/// When the disk is full, SQLite ends a transaction by itself. The driver's own rollback then finds none, and from there
/// on the driver believes in a transaction that is not there and can begin no other. Such a connection is closed.
async fn is_done(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // The rollback of a dropped transaction is only under way; what comes after it waits for it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// SQLite file names may hold characters that mean something in a URL.
fn percent(path: &str) -> String {
    path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}
