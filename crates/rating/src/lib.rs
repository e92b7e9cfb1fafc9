//! Prices times quantities. Pure: no I/O, no clock, no wire formats.
//!
//! One rule holds everything together. With `F` the price of a whole month's quantity under a sheet, the charge
//! of a row is `F(before + quantity) - F(before)`: rows in day order add up to `F(month)` to the last digit, a
//! price that changes mid-month is exact, and the order of arrival of events cannot change a sum.
//!
//! * [`Tiers`]: graduated prices of one meter.
//! * [`PriceSheet`] and [`PriceBook`]: what was published, and what is in force on a day.
//! * [`PriceList`]: what an edge of the channel makes of a list price.
//! * [`rate_rows`]: a month of one meter, row by row.
//! * [`SeatAccount`]: seats by the day, and the lines a bill run adds when they change.

mod month;
mod price_book;
mod price_list;
mod price_sheet;
mod seats;
mod seats_bill;
mod seats_period;
mod tiers;

pub use month::{RatedRow, rate_rows};
pub use price_book::PriceBook;
pub use price_list::{AppliesTo, PriceList, PriceRule};
pub use price_sheet::{MeterPrice, PriceSheet};
pub use seats::{SeatCharge, SeatPolicy, SeatPrice, SeatStage, effective_unit_price};
pub use seats_bill::{SeatAccount, SeatForm, SeatLine, SeatReason};
pub use seats_period::{SeatCycle, SeatPeriod};
pub use tiers::{TierError, TierShare, Tiers};
