//! What each edge of a channel makes of a public price: its own price for the meter, or a factor on what its seller pays.
//!
//! Walking down, a price is tiers times a factor. It begins as the public sheet's tiers times 1. An edge whose own sheet in
//! force has the meter starts anew with those tiers; any other multiplies the factor by that of its rules. So a seller
//! may name a price for some meters and leave the rest to its rules, and edges below build on whatever it came to.

use crate::{MeterPrice, PriceBook, PriceList};
use tenantry_core::{Amount, Currency, Day, Factor, MeterId, PriceSheetId, Quantity, Rate};

/// How an edge prices.
#[derive(Debug, Clone, Copy)]
pub struct EdgePricing<'a> {
    /// Its rules, on what its seller pays.
    pub rules: &'a PriceList,
    /// The sheets with its own prices, if it ever had any.
    pub own: Option<&'a PriceBook>,
}

/// The price of a meter on an edge: the tiers of `base`, times a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgePrice<'a> {
    /// Tiers and included units.
    pub base: &'a MeterPrice,
    /// The sheet they stand in: the public one, or that of an edge at or above this one.
    pub sheet: PriceSheetId,
    /// What they are multiplied by.
    pub factor: Factor,
}

impl EdgePrice<'_> {
    /// The charge for `quantity` more after `before` was used.
    #[must_use]
    pub fn charge(&self, before: Quantity, quantity: Quantity) -> Amount {
        self.base.tiers.charge_times(self.factor, self.base.included, before, quantity)
    }

    /// The price on its own, as its buyer is shown it: tiers that were multiplied, with no factor beside them. A product
    /// of more than 28 digits, which no sheet that people write comes to, is cut there; no charge is made of it.
    #[must_use]
    pub fn resolved(&self) -> MeterPrice {
        MeterPrice { tiers: self.base.tiers.with_rates(|rate| times(rate, self.factor)), ..self.base.clone() }
    }
}

/// The price of a meter on each edge of a channel, from the provider down. `None` without a public price: then there is
/// nothing that the edges above could be charged, and usage waits on all of them.
#[must_use]
pub fn price_chain<'a>(
    public: Option<(&'a MeterPrice, PriceSheetId)>,
    edges: impl IntoIterator<Item = EdgePricing<'a>>,
    (market, currency): (&str, Currency),
    day: Day,
) -> Option<Vec<EdgePrice<'a>>> {
    let (base, sheet) = public?;
    // What counts as the provider's own is said by the public sheet, whatever a seller writes into its own.
    let (meter, first_party) = (base.id, base.first_party);
    let mut price = EdgePrice { base, sheet, factor: Factor::ONE };
    let down = edges.into_iter().map(|edge| {
        price = match own_price(edge.own, market, currency, meter, day) {
            Some((base, sheet)) => EdgePrice { base, sheet, factor: Factor::ONE },
            // Whoever adds a rule has made sure that the product and its digits fit.
            None => EdgePrice {
                factor: price.factor.then(edge.rules.factor(first_party, day)).unwrap_or(price.factor),
                ..price
            },
        };
        price
    });
    Some(down.collect())
}

fn own_price<'a>(
    own: Option<&'a PriceBook>,
    market: &str,
    currency: Currency,
    meter: MeterId,
    day: Day,
) -> Option<(&'a MeterPrice, PriceSheetId)> {
    own?.price(market, currency, meter, day)
}

fn times(rate: Rate, factor: Factor) -> Rate {
    let (one, factor) = (i128::from(Factor::ONE.units()), i128::from(factor.units()));
    let (whole, rest) = (rate.units() / one, rate.units() % one);
    Rate::from_units(whole * factor + rest * factor / one).unwrap_or(Rate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppliesTo, PriceRule, PriceSheet, Tiers};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use tenantry_core::Timestamp;

    fn meter_id() -> MeterId {
        MeterId::parse("11111111-0000-4000-8000-000000000001").unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn meter(first: &str, above_ten: &str) -> MeterPrice {
        let rate = |text: &str| Rate::parse(text).unwrap();
        MeterPrice {
            id: meter_id(),
            name: "A meter".to_owned(),
            category: String::new(),
            subcategory: String::new(),
            region: String::new(),
            unit: "1 GB".to_owned(),
            tags: vec![],
            tiers: Tiers::new(vec![(quantity("0"), rate(first)), (quantity("10"), rate(above_ten))]).unwrap(),
            included: Quantity::ZERO,
            effective_date: Timestamp::from_micros(0),
            first_party: true,
        }
    }

    fn sheet(import_no: u64, market: &str, from: &str, meters: Vec<MeterPrice>) -> PriceSheet {
        PriceSheet {
            id: PriceSheetId::parse(&format!("00000000-0000-4000-8000-{import_no:012}")).unwrap(),
            market: market.to_owned(),
            currency: Currency::USD,
            effective_from: day(from).start(),
            import_no,
            meters: meters.into_iter().map(|meter| (meter.id, meter)).collect(),
        }
    }

    fn rules(factor: &str) -> PriceList {
        PriceList::new(vec![PriceRule {
            factor: Factor::parse(factor).unwrap(),
            applies_to: AppliesTo::Everything,
            from: Timestamp::from_micros(0),
        }])
    }

    /// What twelve units cost on each edge.
    fn twelve(prices: &[EdgePrice<'_>]) -> Vec<String> {
        prices.iter().map(|price| price.charge(Quantity::ZERO, quantity("12")).to_string()).collect()
    }

    #[test]
    fn an_own_price_starts_anew_and_edges_below_build_on_it() {
        let public = meter("1", "0.5");
        let mut own = PriceBook::default();
        own.add(sheet(7, "US", "2021-03-01", vec![meter("2", "1")]));
        own.add(sheet(8, "US", "2021-05-01", vec![]));
        own.add(sheet(9, "DE", "2021-01-01", vec![meter("9", "9")]));
        let (first, second, third) = (rules("0.85"), rules("1.07"), rules("1.2"));
        let edges = [
            EdgePricing { rules: &first, own: None },
            EdgePricing { rules: &second, own: Some(&own) },
            EdgePricing { rules: &third, own: None },
        ];
        let on = |text: &str| {
            let public = sheet(1, "US", "2020-01-01", vec![public.clone()]);
            let listed = public.meters.get(&meter_id()).map(|price| (price, public.id));
            twelve(&price_chain(listed, edges, ("US", Currency::USD), day(text)).unwrap())
        };
        // 11 at list.
        assert_eq!(on("2021-02-28"), ["9.35", "10.0045", "12.0054"], "no own price yet");
        assert_eq!(on("2021-03-01"), ["9.35", "22", "26.4"], "the own price, not the rule; the rule below on it");
        assert_eq!(on("2021-05-01"), ["9.35", "10.0045", "12.0054"], "a sheet is whole: the meter left it");
    }

    #[test]
    fn without_a_public_price_there_is_none_on_any_edge() {
        let mut own = PriceBook::default();
        own.add(sheet(7, "US", "2021-01-01", vec![meter("2", "1")]));
        let none = PriceList::default();
        let edges = [EdgePricing { rules: &none, own: Some(&own) }];
        assert_eq!(price_chain(None, edges, ("US", Currency::USD), day("2021-02-01")), None);
        let public = meter("1", "1");
        let listed = Some((&public, sheet(1, "US", "2020-01-01", vec![]).id));
        let other = price_chain(listed, edges, ("US", Currency::EUR), day("2021-02-01")).unwrap();
        assert_eq!(other[0].base, &public, "own prices of another currency are of other channels");
    }

    #[test]
    fn a_shown_price_has_its_factor_in_it() {
        let public = meter("0.087", "5.4529999999999999999999999998");
        let shown = EdgePrice {
            base: &public,
            sheet: sheet(1, "US", "2020-01-01", vec![]).id,
            factor: Factor::parse("0.5").unwrap(),
        };
        let rates: Vec<_> = shown.resolved().tiers.bounds().iter().map(|(_, rate)| rate.to_string()).collect();
        assert_eq!(rates, ["0.0435", "2.7264999999999999999999999999"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 200,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(5),
            ..ProptestConfig::default()
        })]

        /// Against a walk of its own over whole numbers: thousandths of a factor, millionths of a price.
        #[test]
        fn every_edge_charges_its_base_times_what_came_after_it(
            public in 1_u32..1_000, units in 0_u32..10,
            down in proptest::collection::vec((900_i64..1_100, proptest::option::of(1_u32..1_000)), 1..4),
        ) {
            let thousandths = |number: i64| format!("{}.{:03}", number / 1_000, number % 1_000);
            let priced = |number: u32| meter(&format!("0.{number:06}"), "0");
            let lists: Vec<_> = down.iter().map(|(factor, _)| {
                // Two digits each: three of them multiply to six.
                rules(&thousandths(factor / 10 * 10))
            }).collect();
            let books: Vec<_> = down.iter().zip(10..).map(|((_, own), import_no)| own.map(|own| {
                let mut book = PriceBook::default();
                book.add(sheet(import_no, "US", "2021-01-01", vec![priced(own)]));
                book
            })).collect();
            let edges = lists.iter().zip(&books).map(|(rules, own)| EdgePricing { rules, own: own.as_ref() });
            let (listed, id) = (priced(public), sheet(1, "US", "2020-01-01", vec![]).id);
            let prices = price_chain(Some((&listed, id)), edges, ("US", Currency::USD), day("2021-02-01")).unwrap();
            let (mut base, mut product, mut digits) = (public, 1_i64, 0);
            for (price, (factor, own)) in prices.iter().zip(&down) {
                match own {
                    Some(own) => (base, product, digits) = (*own, 1, 0),
                    None => (product, digits) = (product * (factor / 10), digits + 2),
                }
                let millionths = i64::from(base) * i64::from(units) * product;
                let expected = Amount::parse(&format!("{millionths}e-{}", 6 + digits)).unwrap();
                prop_assert_eq!(price.charge(Quantity::ZERO, quantity(&units.to_string())), expected);
            }
        }
    }
}
