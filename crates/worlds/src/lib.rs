//! A world: one isolated instance with its own database, clock, keys and settings.

use std::sync::Arc;
use tenantry_core::{Chance, Clock, OpContext};
use tenantry_db::Db;

/// What an operator decides about a world.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A short name.
    pub name: String,
    /// Whether its clock can be moved.
    pub sandbox: bool,
    /// What tenant domains end in, without the dot.
    pub domain_suffix: String,
    /// Scheme, host and port that clients reach it by, without a slash at the end.
    pub origin: String,
}

/// One isolated instance.
#[derive(Debug)]
pub struct World {
    settings: Settings,
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<Chance>,
}

impl World {
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

    /// A context for the platform's own work in this world.
    #[must_use]
    pub fn system(&self, job: &'static str) -> OpContext {
        OpContext::system(job, Arc::clone(&self.clock), Arc::clone(&self.chance))
    }
}
