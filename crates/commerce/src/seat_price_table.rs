//! List prices of seats to begin with: what the field asked for these offers in the United States when they were recorded.
//!
//! General knowledge of 2019, in US dollars a month; a year was twelve of them. A provider imports its own lists over
//! them; nothing is priced by this table unless somebody imports it.

use crate::catalogue;
use crate::seat_price_import::{ImportSeatPrices, NewSeatPrice};
use tenantry_core::{Currency, Day, OfferId, Problem, Rate};
use tenantry_rating::SeatCycle;

const MARKET: &str = "US";
const MONTHS: i128 = 12;

/// Offer and price of a month.
const MONTHLY: [(&str, &str); 11] = [
    (catalogue::BUSINESS_ESSENTIALS, "5.00"),
    (catalogue::BUSINESS_PREMIUM, "12.50"),
    (catalogue::ENTERPRISE_E1, "8.00"),
    (catalogue::ENTERPRISE_E3, "20.00"),
    (catalogue::E3_NEW_COMMERCE, "20.00"),
    (catalogue::MICROSOFT_365_E5, "57.50"),
    (catalogue::MICROSOFT_365_E5_NEW_COMMERCE, "57.50"),
    (catalogue::EXCHANGE_ARCHIVING, "3.00"),
    (catalogue::CALLING_PLAN, "24.00"),
    (catalogue::EDUCATION_A3, "3.25"),
    (catalogue::GOVERNMENT_G3, "20.00"),
];

/// The list prices of all offers of the catalogue that are billed by the seat, from a day on: to be imported.
///
/// # Errors
/// `Internal`: a price of the table cannot be read.
pub fn seat_prices_of_the_field(effective_from: Day) -> Result<ImportSeatPrices, Problem> {
    let mut prices = Vec::with_capacity(2 * MONTHLY.len());
    for (offer, monthly) in MONTHLY {
        let month = Rate::parse(monthly).map_err(Problem::internal)?;
        let year = month.units().checked_mul(MONTHS);
        let year = year.and_then(Rate::from_units).ok_or_else(|| Problem::internal("a yearly price is too high"))?;
        for (cycle, rate) in [(SeatCycle::Monthly, month), (SeatCycle::Annual, year)] {
            prices.push(NewSeatPrice { offer: OfferId::new(offer), cycle, rate, first_party: true });
        }
    }
    Ok(ImportSeatPrices { market: MARKET.to_owned(), currency: Currency::USD, effective_from, prices })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_that_is_billed_by_the_seat_has_a_price() {
        let table = seat_prices_of_the_field(Day::from_number(0)).unwrap();
        for offer in catalogue::OFFERS.iter().filter(|offer| !offer.is_usage_based()) {
            for cycle in offer.billing_cycles.iter().filter_map(|cycle| cycle.seat_cycle()) {
                let of = |price: &&NewSeatPrice| price.offer.as_str() == offer.id && price.cycle == cycle;
                assert_eq!(table.prices.iter().filter(of).count(), 1, "{} {}", offer.name, cycle.name());
            }
        }
        let shown = |cycle| table.prices.iter().find(|price| price.cycle == cycle).map(|price| price.rate.to_string());
        assert_eq!((shown(SeatCycle::Monthly), shown(SeatCycle::Annual)), (Some("5".into()), Some("60".into())));
    }
}
