//! Who is told: partners register an address, and hear there of what happens to what is theirs.
//!
//! ```text
//! commerce, metering, billing --outbox, in the transaction that made it true--> gather: who may know, who asked
//!                                                                                  |
//!          receiver <--signed POST, tried ten times-- tell <-- deliveries, a row for each partner and entry
//! ```
//!
//! Telling is at least once: what was sent and not written down as sent before a crash is sent again, with the same bytes.
//! An entry is told to a partner as one delivery, however often it is seen.
//!
//! No wire word is known here. A topic is a kind of thing; how it is called, what a body looks like and which headers
//! carry the signature is said by the face that hands in a [`Wording`].
//!
//! Why a crate of its own, and what else was possible: `docs/adr/0011-who-is-told.md`.

mod gather;
mod post;
mod public_address;
mod receiver_url;
mod registration;
mod registration_change;
mod registration_create;
mod registration_find;
mod rows;
mod tell;
mod told;
mod topic;
mod trial;
mod trust;

pub use post::Post;
pub use registration::{NewRegistration, Registration};
pub use registration_change::registration_change;
pub use registration_create::registration_create;
pub use registration_find::{registration_find, topic_list};
pub use tell::{Teller, partners_to_tell};
pub use told::{Signed, Told, Wording};
pub use topic::Topic;
pub use trial::{Attempt, DeliveryState, Trial, trial_ask, trial_find};

use tenantry_db::{Migration, Slice};

/// The tables of this slice.
pub const SLICE: Slice = Slice {
    name: "notify",
    migrations: &[Migration { number: 1, name: "notify", sql: include_str!("migrations/0001_notify.sql") }],
};
