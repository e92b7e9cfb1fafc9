//! A look at a world that another process may own: the command line beside a running server.
//!
//! Nothing is claimed, migrated or written. The clock stands where the sandbox's clock stood at the look; the log may
//! grow meanwhile, and whoever reads again sees more.

use crate::{SLICES, facts};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenantry_core::clock::{ManualClock, SystemClock};
use tenantry_core::{Chance, Clock, OpContext, Problem, Reason, Timestamp};
use tenantry_db::{Db, Location, Reader, sql};
use tenantry_directory::Keys;
use tenantry_metering::Metering;

/// A world seen from outside.
#[derive(Debug)]
pub struct Look {
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<Chance>,
    sandbox: bool,
}

impl Look {
    /// Looks at the world at a location; `None` if none was begun there. (On a server the schema is made if it is not
    /// there; nothing is put into it.)
    ///
    /// # Errors
    /// `Unsupported` if another version of the program shaped the database: a look does not migrate.
    pub async fn at(location: Location, chance: Arc<Chance>) -> Result<Option<Self>, Problem> {
        // Opening a file that is not there would make it.
        if matches!(&location, Location::File(path) if !path.exists()) {
            return Ok(None);
        }
        let db = Db::open(location).await?;
        let mut reader = db.reader().await?;
        let steps = match steps(&mut reader).await {
            Err(problem) if is_no_table(&problem) => return Ok(None),
            steps => steps?,
        };
        check_steps(&steps)?;
        let kind = facts::get(&mut reader, facts::KIND).await?;
        let shown = facts::get(&mut reader, facts::CLOCK).await?;
        drop(reader);
        let (sandbox, clock): (_, Arc<dyn Clock>) = match (kind.as_deref(), shown) {
            (None, _) => return Ok(None),
            (Some("live"), _) => (false, Arc::new(SystemClock)),
            (Some(_), shown) => {
                let shown = Timestamp::parse(&shown.unwrap_or_default());
                let shown = shown.map_err(|error| Problem::corrupt(error.to_string()))?;
                (true, Arc::new(ManualClock::at(shown)))
            }
        };
        Ok(Some(Self { db, clock, chance, sandbox }))
    }

    /// Its database. Read only: the owner may be writing.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Whether its clock can be moved.
    #[must_use]
    pub const fn in_sandbox(&self) -> bool {
        self.sandbox
    }

    /// A context for the platform's own reading.
    #[must_use]
    pub fn system(&self, job: &'static str) -> OpContext {
        OpContext::system(job, Arc::clone(&self.clock), Arc::clone(&self.chance))
    }

    /// The keys its tokens are signed with, in the name of the origin that its clients reach it by.
    pub async fn keys(&self, origin: &str) -> Result<Keys, Problem> {
        Keys::open(&self.system("look"), &self.db, origin).await
    }

    /// Its usage so far. Costs as much as a start of the world, so only who needs it asks.
    pub async fn metering(&self) -> Result<Metering, Problem> {
        Metering::open_readonly(&self.db, self.sandbox).await
    }

    /// Closes the connections.
    pub async fn close(self) {
        self.db.close().await;
    }
}

async fn steps(reader: &mut Reader) -> Result<BTreeSet<(String, i64)>, Problem> {
    let rows = sql("SELECT slice, number FROM schema_step").all(reader).await?;
    rows.iter().map(|row| Ok((row.text("slice")?, row.integer("number")?))).collect()
}

/// How the two engines say that a table is not there. Each has a catalogue of its tables, but not the same one.
fn is_no_table(problem: &Problem) -> bool {
    let cause = problem.cause_chain();
    cause.contains("no such table") || cause.contains("does not exist")
}

fn check_steps(ran: &BTreeSet<(String, i64)>) -> Result<(), Problem> {
    let step = |slice: &tenantry_db::Slice, number| (slice.name.to_owned(), number);
    let known: BTreeSet<_> =
        SLICES.iter().flat_map(|slice| slice.migrations.iter().map(|m| step(slice, m.number))).collect();
    if let Some((slice, number)) = ran.difference(&known).next() {
        let told = format!("a newer version of Tenantry wrote this world (step {slice}/{number}); use that one");
        return Err(Problem::new(Reason::Unsupported, told));
    }
    if let Some((slice, number)) = known.difference(ran).next() {
        let told = format!(
            "an older version of Tenantry wrote this world (step {slice}/{number} is missing); start it once with \
             `tenantry serve`, which brings it up to date"
        );
        return Err(Problem::new(Reason::Unsupported, told));
    }
    Ok(())
}
