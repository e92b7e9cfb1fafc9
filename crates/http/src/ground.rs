//! What the frame needs of a world: its database, its clock and its chance.
//!
//! Everything here is generic over it, with [`World`] as the default, so faces write `Call`, `Route` and `Face`
//! and never see the parameter, while the frame is tested on a world of a dozen lines.

use std::sync::Arc;
use tenantry_core::{Chance, Clock};
use tenantry_db::Db;
use tenantry_worlds::World;

/// A world as far as HTTP is concerned.
pub trait Ground: Send + Sync + 'static {
    /// Where answers of writes are kept.
    fn db(&self) -> &Db;
    /// The time requests happen at.
    fn clock(&self) -> &Arc<dyn Clock>;
    /// Where request ids are drawn from.
    fn chance(&self) -> &Arc<Chance>;
}

impl Ground for World {
    fn db(&self) -> &Db {
        World::db(self)
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        World::clock(self)
    }

    fn chance(&self) -> &Arc<Chance> {
        World::chance(self)
    }
}
