//! The ground every other room stands on: ids, exact numbers, time, chance, and the words for refusals.
//!
//! Nothing here does I/O except the two named doors [`clock::SystemClock`] and [`chance::Chance::from_machine`];
//! nothing here knows of HTTP, SQL or JSON. Money and quantities are integers with a fixed scale, never floats:
//!
//! ```text
//! Quantity (18 digits) x Rate (28 digits) x Factor (8 digits) = Amount (54 digits, 256 bit, exact)
//! Amount --- Rounding, once, at the document line ---> Money (minor units of one Currency)
//! ```
//!
//! See the crate's README for what each type promises.

pub mod amount;
pub mod chance;
pub mod clock;
pub mod context;
pub mod currency;
mod decimal;
mod directory_role;
pub mod factor;
pub mod id;
mod iso_time;
pub mod money;
pub mod page;
pub mod period;
pub mod problem;
pub mod quantity;
pub mod rate;
pub mod resource;
pub mod role;
pub mod rounding;
pub mod secret;
pub mod time;

pub use amount::Amount;
pub use chance::Chance;
pub use clock::Clock;
pub use context::{Caller, Identity, OpContext};
pub use currency::Currency;
pub use decimal::DecimalError;
pub use directory_role::DirectoryRole;
pub use factor::Factor;
pub use id::{AppId, EdgeId, MeterId, ObjectId, OfferId, OrderId, PriceSheetId, SubscriptionId, TenantId};
pub use money::Money;
pub use page::Page;
pub use period::{Month, Period};
pub use problem::{Problem, Reason};
pub use quantity::Quantity;
pub use rate::Rate;
pub use resource::ResourceUri;
pub use role::{Role, TenantKind};
pub use rounding::Rounding;
pub use secret::Secret;
pub use time::{Day, Hour, Timestamp};
