//! A world: one isolated instance with its own database, clock, chance, keys and usage fold.
//!
//! A `live` world follows real time. A sandbox shows the time it was set to until it is moved; moving it runs
//! every job that falls due on the way, in time order, so a year passes as fast as its work can be done, and
//! the same seed and commands give the same world.
//!
//! The job runner is here because only a world knows all rooms that have work to do.

mod clock;
mod facts;
mod keep_up;
mod look;
mod runner;
mod tell;
mod world;

pub use clock::ClockMove;
pub use look::Look;
pub use world::{NewWorld, Settings, World};

use tenantry_db::{Migration, Slice};

/// The tables of this crate.
pub const SLICE: Slice = Slice {
    name: "worlds",
    migrations: &[Migration { number: 1, name: "world", sql: include_str!("migrations/0001_world.sql") }],
};

/// All tables of a world, from the ground up.
pub const SLICES: [Slice; 8] = [
    tenantry_db::SLICE,
    SLICE,
    tenantry_directory::SLICE,
    tenantry_commerce::SLICE,
    tenantry_metering::SLICE,
    tenantry_billing::SLICE,
    tenantry_notify::SLICE,
    tenantry_support::SLICE,
];
