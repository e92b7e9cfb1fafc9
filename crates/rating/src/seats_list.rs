//! List prices of seats, as the provider publishes them.

use crate::SeatCycle;
use serde::{Deserialize, Serialize};
use tenantry_core::{Currency, Day, OfferId, Rate};

/// List prices of seats of a market in a currency, from a day on. A list need not be whole: an offer that is not on it
/// keeps the price it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPriceList {
    /// Counts imports; of two lists of one day the later holds.
    pub import_no: u64,
    /// The country.
    pub market: String,
    /// The currency of all prices.
    pub currency: Currency,
    /// The first day they hold.
    pub effective_from: Day,
    /// The prices.
    pub prices: Vec<SeatListPrice>,
}

/// What a seat costs at list for one cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatListPrice {
    /// Of which offer.
    pub offer: OfferId,
    /// For how long.
    pub cycle: SeatCycle,
    /// The price of one seat for that long.
    pub rate: Rate,
    /// Whether the provider makes it: price rules ask.
    pub first_party: bool,
}

impl SeatPriceList {
    /// The price of an offer for a cycle, if it is on the list.
    #[must_use]
    pub fn price(&self, offer: &OfferId, cycle: SeatCycle) -> Option<&SeatListPrice> {
        self.prices.iter().find(|price| price.offer == *offer && price.cycle == cycle)
    }

    /// Of some lists the price in force on a day, and the import it is from: the latest day, then the latest import, of
    /// those that name the offer.
    #[must_use]
    pub fn in_force<'a>(
        lists: &'a [Self],
        (market, currency): (&str, Currency),
        (offer, cycle): (&OfferId, SeatCycle),
        day: Day,
    ) -> Option<(u64, &'a SeatListPrice)> {
        let of = |list: &&Self| list.market == market && list.currency == currency && list.effective_from <= day;
        let found = lists.iter().filter(of).filter_map(|list| Some((list, list.price(offer, cycle)?)));
        let latest = found.max_by_key(|(list, _)| (list.effective_from, list.import_no));
        latest.map(|(list, price)| (list.import_no, price))
    }
}
