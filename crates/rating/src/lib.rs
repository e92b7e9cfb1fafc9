//! Prices times quantities. Pure: no I/O, no clock, no wire formats.
//!
//! One rule holds everything together. With `F` the price of a whole month's quantity under a sheet, the charge
//! of a row is `F(before + quantity) - F(before)`: rows in day order add up to `F(month)` to the last digit, a
//! price that changes mid-month is exact, and the order of arrival of events cannot change a sum.
//!
//! * [`Tiers`]: graduated prices of one meter.
//! * [`PriceSheet`] and [`PriceBook`]: what was published, and what is in force on a day.
//! * [`PriceList`]: what an edge of the channel makes of a list price.
//! * [`price_chain`]: what a meter costs on each edge of a channel, by own prices and rules.
//! * [`FxTable`]: what a currency costs in another, month by month.
//! * [`rate_rows`]: a month of one meter, row by row.
//! * [`SeatAccount`]: seats by the day, and the lines a bill run adds when they change.

mod fx;
mod month;
mod price_book;
mod price_chain;
mod price_list;
mod price_sheet;
mod seats;
mod seats_bill;
mod seats_list;
mod seats_period;
mod tiers;

pub use fx::{Conversion, FxRates, FxTable};
pub use month::{RatedRow, rate_rows};
pub use price_book::PriceBook;
pub use price_chain::{EdgePrice, EdgePricing, price_chain};
pub use price_list::{AppliesTo, PriceList, PriceRule};
pub use price_sheet::{MeterPrice, PriceSheet};
pub use seats::{SeatCharge, SeatPolicy, SeatPrice, SeatStage, effective_unit_price};
pub use seats_bill::{PeriodPrice, SeatAccount, SeatForm, SeatLine, SeatReason};
pub use seats_list::{SeatListPrice, SeatPriceList};
pub use seats_period::{SeatCycle, SeatPeriod, term_end};
pub use tiers::{TierError, TierShare, Tiers};
