//! The demo world as data: who sells what to whom, and what they use.
//!
//! A world for trying things out has to look lived in: weekdays differ from weekends, a shop is busy in the
//! evening, storage only grows, one subscription changes its reseller, and one has run away in the month that is still open,
//! with alerts about it. All of it comes
//! from [`PLAN`] and a seed. The plan and its usage touch neither database nor clock, so the same seed gives the same
//! events; `seed` lives them through in a world.

mod figures;
mod people;
mod plan;
mod rhythm;
mod seed;
mod show;
mod story;
mod tiers;
mod tour;
mod usage;

pub use figures::{Billed, Figures, Noticed, Sold, Unbilled};
pub use plan::{Company, Customer, PLAN, Plan, Series, Subscription, Tiers};
pub use rhythm::Rhythm;
pub(crate) use seed::{begins, seed};
pub(crate) use show::Shown;
pub use story::{Bought, Buyer, Person, Seller, Story, Tool};
pub use usage::{Emitter, SOURCE, batches, runaway_starts};

/// The list prices of the demo: a RateCard document, see `demo/README.md`.
pub const PRICE_SHEET: &[u8] = include_bytes!("../../demo/price-sheet.json");
