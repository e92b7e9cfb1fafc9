//! Connections for reading: opened when they are first needed, lent to one at a time, kept for the next.
//!
//! The driver has a pool of its own. It asks a connection whether it is there before it lends it, and once more, in a
//! task of its own, when it comes back: of three round trips to the thread or the server that holds the connection, one is
//! the read. Here nobody asks. A connection is kept if the last thing done on it ended well; after anything else, also
//! after a read that was given up half way, it is closed. What this cannot notice is a server that went away while
//! nothing was read, so a connection to a server that has rested is asked, and one that turns out to be dead takes those
//! that rest with it.
//!
//! Writers stay in the driver's pool, which also rolls back what was dropped half way.

use crate::error::{is_gone, problem};
use crate::pool::Connection;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _, Executor as _};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tenantry_core::Problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long to wait for a connection, and for a server to take one.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// A server is asked whether it is still there after a rest as long as this. Under load nothing rests that long.
const RESTED: Duration = Duration::from_secs(1);

/// The connections of one database.
#[derive(Clone)]
pub(crate) struct Readers(Arc<Shared>);

/// A connection for reading.
pub struct Reader {
    /// Gone only while it is dropped.
    connection: Option<AnyConnection>,
    /// Whether the last thing done on it ended well.
    sound: bool,
    home: Arc<Shared>,
    /// Given back after the connection: fields are dropped after `drop`.
    _place: OwnedSemaphorePermit,
}

struct Shared {
    options: AnyConnectOptions,
    /// What is said to each new connection.
    settings: String,
    /// Whether what is at the other end may go away.
    remote: bool,
    most: u32,
    places: Arc<Semaphore>,
    /// The one that came back last is lent first: its memory is warm, and the others may rest.
    resting: Mutex<Vec<Resting>>,
}

struct Resting {
    connection: AnyConnection,
    since: Instant,
}

impl Readers {
    /// At most `most` connections, none of them opened yet.
    pub(crate) fn new(options: AnyConnectOptions, settings: String, remote: bool, most: u32) -> Self {
        let places = Arc::new(Semaphore::new(most as usize));
        Self(Arc::new(Shared { options, settings, remote, most, places, resting: Mutex::default() }))
    }

    /// A connection; waits if all are lent.
    pub(crate) async fn lend(&self) -> Result<Reader, Problem> {
        let places = &self.0.places;
        let place = match Arc::clone(places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => timeout(PATIENCE, Arc::clone(places).acquire_owned())
                .await
                .map_err(|_| problem(sqlx::Error::PoolTimedOut))?
                .map_err(|_| problem(sqlx::Error::PoolClosed))?,
        };
        let connection = match self.0.rested().await {
            Some(connection) => connection,
            None => self.0.open().await?,
        };
        Ok(Reader { connection: Some(connection), sound: true, home: Arc::clone(&self.0), _place: place })
    }

    /// Waits for what is lent and closes all connections.
    pub(crate) async fn close(&self) {
        // Refused only when it is closed already.
        let all = self.0.places.acquire_many(self.0.most).await;
        self.0.places.close();
        drop(all);
        let resting = std::mem::take(&mut *self.0.resting());
        for Resting { connection, .. } in resting {
            // One that cannot say goodbye is gone, too.
            let _ = connection.close().await;
        }
    }
}

impl Shared {
    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        // Nothing that can fail half way happens under the lock.
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that rests, and is there.
    async fn rested(&self) -> Option<AnyConnection> {
        loop {
            let Resting { mut connection, since } = self.resting().pop()?;
            if !self.remote || now().saturating_duration_since(since) < RESTED {
                return Some(connection);
            }
            if let Ok(Ok(())) = timeout(PATIENCE, connection.ping()).await {
                return Some(connection);
            }
            self.resting().clear();
        }
    }

    async fn open(&self) -> Result<AnyConnection, Problem> {
        let open = async {
            let mut connection = self.options.connect().await?;
            connection.execute(sqlx::AssertSqlSafe(self.settings.clone())).await?;
            Ok(connection)
        };
        timeout(PATIENCE, open).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(problem)
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a connection rested, on the machine's clock")]
fn now() -> Instant {
    Instant::now()
}

impl Connection for Reader {
    fn begins(&mut self) -> Result<&mut AnyConnection, Problem> {
        self.sound = false;
        self.connection.as_mut().ok_or_else(|| Problem::internal("a reader without a connection"))
    }

    fn ended<T>(&mut self, outcome: &sqlx::Result<T>) {
        match outcome {
            Ok(_) => self.sound = true,
            // The other end is gone, and those that rest are connected to the same.
            Err(error) if is_gone(error) => self.home.resting().clear(),
            Err(_) => {}
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(|_| self.sound) {
            self.home.resting().push(Resting { connection, since: now() });
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Readers(at most {})", self.0.most)
    }
}
