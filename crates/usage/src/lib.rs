//! The usage fold: log records in, everything that is known about usage out.
//!
//! A [`Fold`] is a pure function of a partition's log: the same records give the same state, on any machine, in
//! any year. It keeps which events were counted (for ever), the quantities per resource and hour, what each
//! edge of the channel owes for them, and what was billed by which close. It never reads a clock and does no
//! I/O; `metering` appends records to the log and applies them here, in that order.
//!
//! What is owed is never stored as such but computed: the **delta rule** says that a document of a service
//! period shows `rated(everything known) - already billed`. Late events, corrections, a price that arrives or
//! changes afterwards: none is a special case.
//!
//! * [`Record`]: what stands in the log, and its stored form.
//! * [`Fold::admit`]: whether an event may be counted; [`Fold::apply`]: counting it.
//! * [`Fold::unbilled`] and [`Fold::billed_by`]: the lines of the next document and of any past one.

mod account;
mod admit;
mod bill;
mod budget;
mod budget_book;
mod budget_fold;
mod bytes;
mod cells;
mod channel;
mod checkpoint;
mod closing;
mod counting;
mod event;
mod fault;
mod fold;
mod identity;
mod lines;
mod own_prices;
mod prepared;
mod quotes;
mod rating;
mod record;
mod recount;
mod running;
mod seats;
mod seats_fold;
mod series;
mod sold_along;
mod subscription;
mod summary;

pub use admit::{FUTURE_TOLERANCE_SECONDS, Refusal};
pub use budget::{ACTION_PERCENT, BudgetAction, BudgetId, BudgetKind, BudgetScope, BudgetTerms, Crossing, Owed};
pub use budget_book::BudgetBook;
pub use budget_fold::DayCharge;
pub use checkpoint::Restoring;
pub use event::Event;
pub use fault::FoldFault;
pub use fold::Fold;
pub use identity::{IdentityKey, Look, Merge, NAMES_IN_MEMORY, PAGE_NAMES, Place, Run, RunIndex, RunPage};
pub use lines::{Line, LineRow};
pub use own_prices::EdgePriceSheet;
pub use prepared::Prepared;
pub use record::{Close, EdgeTerms, Record, RecordError, ServiceState, SubscriptionTerms};
pub use recount::Recount;
pub use seats::{SeatChange, SeatTerms};
pub use seats_fold::{SeatBillLine, SeatHistory, SeatStint, UnpricedSeats};
pub use series::Series;
pub use sold_along::SoldAlong;
pub use summary::{Bucket, Granularity};
