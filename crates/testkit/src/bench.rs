//! One test body, run on each engine with nothing in common but the code.

use crate::engines;
use crate::postgres::Postgres;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;
use tenantry_core::Chance;
use tenantry_db::{Db, Engine, Location, sql};

/// What a test stands on: an engine, places for databases on it, a directory. Fresh for each run of a body.
#[derive(Debug)]
pub struct Bench {
    engine: Engine,
    location: Location,
    directory: TempDir,
    schemas: Schemas,
    pub(crate) opened: AtomicUsize,
}

/// The schemas a run has used; on a server that is not ours they are removed at its end.
type Schemas = Arc<Mutex<Vec<String>>>;

/// Runs a test body once for each engine, in a runtime of its own with several threads.
///
/// # Panics
/// When the body does; the name of the engine is printed with it.
pub fn on_every_engine<F, Fut>(body: F)
where
    F: Fn(Bench) -> Fut,
    Fut: Future<Output = ()>,
{
    for engine in engines() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let schemas = Schemas::default();
        let bench = Bench::new(*engine, Arc::clone(&schemas));
        let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(body(bench))));
        runtime.block_on(remove(&schemas));
        if let Err(panic) = ended {
            say(&format!("the test failed on {engine:?}"));
            resume_unwind(panic);
        }
    }
}

impl Bench {
    fn new(engine: Engine, schemas: Schemas) -> Self {
        let directory = tempfile::Builder::new().prefix("tenantry-test-").tempdir().unwrap();
        let location = place(engine, directory.path(), &schemas);
        Self { engine, location, directory, schemas, opened: AtomicUsize::new(0) }
    }

    /// The engine.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Where the database of this test is; nothing is there at first.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// One more bench of the same engine: another place, another directory.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.engine, Arc::clone(&self.schemas))
    }

    /// A place for one more database.
    #[must_use]
    pub fn another_location(&self) -> Location {
        place(self.engine, self.directory.path(), &self.schemas)
    }

    /// A directory that goes away with the bench.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }
}

fn place(engine: Engine, directory: &Path, schemas: &Schemas) -> Location {
    static PLACES: AtomicUsize = AtomicUsize::new(0);
    let number = PLACES.fetch_add(1, Ordering::Relaxed);
    match engine {
        Engine::Sqlite => Location::File(directory.join(format!("world-{number}.sqlite"))),
        Engine::Postgres => {
            let server = Postgres::of_this_process().unwrap();
            let schema = format!("tenantry_test_{}_{number}", run_name());
            schemas.lock().unwrap().push(schema.clone());
            Location::Server { url: server.url.clone(), schema }
        }
    }
}

/// Keeps the runs apart that share a server.
fn run_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| Chance::from_machine().unwrap().guid().simple().to_string())
}

async fn remove(schemas: &Schemas) {
    let schemas = std::mem::take(&mut *schemas.lock().unwrap());
    let Ok(server) = Postgres::of_this_process() else { return };
    if !server.borrowed {
        return;
    }
    for schema in schemas {
        let location = Location::Server { url: server.url.clone(), schema: schema.clone() };
        // A server that is out of reach has made the body fail already, and that is what people must see.
        let Ok(db) = Db::open(location).await else { return };
        let mut tx = db.begin().await.unwrap();
        // Statements are constants for good reason. This one is a name we made ourselves, leaked once a test.
        sql(format!("DROP SCHEMA {schema} CASCADE").leak()).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    }
}

#[expect(clippy::print_stderr, reason = "shown with the failed test, and only then")]
fn say(text: &str) {
    eprintln!("{text}");
}
