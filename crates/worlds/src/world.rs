//! Opening a world and reaching its parts.

use crate::{SLICES, facts};
use std::sync::Arc;
use tenantry_billing::{finish_close, schedule_close};
use tenantry_commerce::customers_catch_up;
use tenantry_core::clock::{ManualClock, SystemClock};
use tenantry_core::{Chance, Clock, Month, OpContext, Problem, Reason, Timestamp};
use tenantry_db::{Db, Entry, Location, Ownership};
use tenantry_directory::{AccessMaps, Keys};
use tenantry_metering::Metering;
use tenantry_usage::Fold;
use tokio::sync::Mutex;

/// What an operator decides about a world.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A short name.
    pub name: String,
    /// Whether its clock can be moved.
    pub sandbox: bool,
    /// What tenant domains end in, without the dot: `onmicrosoft.com`.
    pub domain_suffix: String,
    /// Scheme, host and port that clients reach it by, without a slash at the end.
    pub origin: String,
    /// How long after a month's end late usage is waited for before the month is closed.
    pub close_grace_seconds: i64,
}

/// What a world begins with, should it not exist yet.
#[derive(Debug, Clone)]
pub struct NewWorld {
    /// `Some`: a sandbox that shows this time. `None`: a live world.
    pub sandbox_from: Option<Timestamp>,
}

/// One isolated instance: owned by this process, or, live and on a server, shared with others.
#[derive(Debug)]
pub struct World {
    settings: Settings,
    db: Db,
    clock: Arc<dyn Clock>,
    pub(crate) sandbox_clock: Option<Arc<ManualClock>>,
    /// Held while the clock is moved.
    pub(crate) moving: Mutex<()>,
    chance: Arc<Chance>,
    keys: Keys,
    access_maps: AccessMaps,
    metering: Metering,
    ownership: Ownership,
}

impl World {
    /// Opens the world at a location, or begins it. This process owns it until the value is dropped; a live world on a
    /// server is shared by all that open it.
    ///
    /// `settings.sandbox` and `settings.domain_suffix` are taken from the world itself once it exists; the rest is the
    /// operator's to choose at each start. A close that was interrupted is finished, and customers of an older version
    /// get what a customer of today has in the directory.
    ///
    /// # Errors
    /// `WorldBusy` if another process owns it; `Unsupported` if a newer version wrote it.
    pub async fn open(
        location: Location,
        mut settings: Settings,
        new: NewWorld,
        chance: Arc<Chance>,
    ) -> Result<Arc<Self>, Problem> {
        let db = Db::open(location).await?;
        let mut entry = db.enter().await?;
        bring_up_to_date(&db, &mut entry).await?;
        let sandbox_at = begin(&db, &mut settings, new.sandbox_from).await?;
        let sandbox_clock = sandbox_at.map(|at| Arc::new(ManualClock::at(at)));
        let clock: Arc<dyn Clock> = match &sandbox_clock {
            Some(clock) => Arc::<ManualClock>::clone(clock),
            None => Arc::new(SystemClock),
        };
        let ctx = OpContext::system("open-world", Arc::clone(&clock), Arc::clone(&chance));
        if let Err(problem) = customers_catch_up(&ctx, &db).await {
            // Who is not caught up with is served as before; the next opening tries again.
            tracing::error!("a customer of an older version could not be brought into its tenant: {problem:?}");
        }
        let keys = Keys::open(&ctx, &db, &settings.origin).await?;
        // A clock that can be moved is one process's. Real time is everybody's.
        let ownership = if settings.sandbox { entry.keep().await? } else { entry.share().await? };
        let metering = Metering::open(&ctx, &db, settings.sandbox).await?;
        if let Err(problem) = finish_close(&ctx, &db, &metering).await {
            // The rest of the world can be served; the operator finds the cause in the log and closes again.
            tracing::error!("an interrupted close could not be finished: {problem:?}");
        }
        let mut tx = db.begin().await?;
        let month = metering.read_all(Fold::first_open_month).await.unwrap_or_else(|| Month::of(ctx.now().day()));
        schedule_close(&mut tx, month, settings.close_grace_seconds).await?;
        tx.commit().await?;
        Ok(Arc::new(Self {
            settings,
            db,
            clock,
            sandbox_clock,
            moving: Mutex::new(()),
            chance,
            keys,
            access_maps: AccessMaps::default(),
            metering,
            ownership,
        }))
    }

    /// Whether other processes may serve it at the same time.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.db.takes_many() && !self.settings.sandbox
    }

    /// What the operator decided.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its database.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Its clock.
    #[must_use]
    pub const fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Its chance.
    #[must_use]
    pub const fn chance(&self) -> &Arc<Chance> {
        &self.chance
    }

    /// The keys its tokens are signed with.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What is remembered of who may do what on Azure resources.
    #[must_use]
    pub const fn access_maps(&self) -> &AccessMaps {
        &self.access_maps
    }

    /// Its usage.
    #[must_use]
    pub const fn metering(&self) -> &Metering {
        &self.metering
    }

    pub(crate) const fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// A context for the platform's own work in this world.
    #[must_use]
    pub fn system(&self, job: &'static str) -> OpContext {
        OpContext::system(job, Arc::clone(&self.clock), Arc::clone(&self.chance))
    }

    /// Ends what is done in the background, keeps a checkpoint and closes the database: a clean end. Dropping the world
    /// instead loses nothing, the next start only takes longer.
    pub async fn close(&self) -> Result<(), Problem> {
        self.metering.close().await?;
        self.db.close().await;
        Ok(())
    }
}

/// Runs the migrations that are missing. They change tables under the feet of whoever else uses them, so nobody may.
async fn bring_up_to_date(db: &Db, entry: &mut Entry) -> Result<(), Problem> {
    if entry.alone().await? {
        return db.migrate(&SLICES, SystemClock.now()).await.map(drop);
    }
    if db.is_current(&SLICES).await? {
        return Ok(());
    }
    let told = "other Tenantry processes serve this world with an older version of the program; stop all of them, then \
                start this one, which brings the world up to date";
    Err(Problem::new(Reason::WorldBusy, told))
}

/// Writes down what the world is, or reads what it was written down as. Gives the time a sandbox shows.
async fn begin(
    db: &Db,
    settings: &mut Settings,
    sandbox_from: Option<Timestamp>,
) -> Result<Option<Timestamp>, Problem> {
    let mut tx = db.begin().await?;
    let kind = facts::get(&mut tx, facts::KIND).await?;
    let at = match kind.as_deref() {
        None => {
            facts::set(&mut tx, facts::KIND, if sandbox_from.is_some() { "sandbox" } else { "live" }).await?;
            facts::set(&mut tx, facts::DOMAIN_SUFFIX, &settings.domain_suffix).await?;
            if let Some(at) = sandbox_from {
                facts::set(&mut tx, facts::CLOCK, &at.to_string()).await?;
            }
            sandbox_from
        }
        Some("live") if sandbox_from.is_some() => {
            return Err(Problem::new(
                Reason::ClockRefused,
                "this is a live world: it follows real time and cannot become a sandbox. Use another data directory",
            ));
        }
        Some("live") => None,
        Some(_) => {
            let text = facts::get(&mut tx, facts::CLOCK).await?.unwrap_or_default();
            Some(Timestamp::parse(&text).map_err(|error| Problem::corrupt(error.to_string()))?)
        }
    };
    if let Some(suffix) = facts::get(&mut tx, facts::DOMAIN_SUFFIX).await? {
        settings.domain_suffix = suffix;
    }
    tx.commit().await?;
    settings.sandbox = at.is_some();
    Ok(at)
}
