//! Rows of a month, against an independent calculator.

use crate::exact::{Exact, decimal};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Day, MeterId, PriceSheetId, Quantity, Rate, Timestamp};
use tenantry_rating::{MeterPrice, RatedRow, Tiers, rate_rows};

/// A price as plain numbers: bounds and included units in 10^-18, rates in 10^-28.
#[derive(Debug, Clone)]
struct Plain {
    tiers: BTreeMap<i128, i128>,
    included: i128,
}

const UNIT: i128 = 1_000_000_000_000_000_000;
const SHEET: &str = "00000000-0000-4000-8000-000000000001";

fn price() -> impl Strategy<Value = Plain> {
    let rate = prop_oneof![Just(0), (0..500_i128).prop_map(|n| n * 10_i128.pow(26)), 0..10_i128.pow(31)];
    let bounds = prop::collection::btree_map(1..1_000 * UNIT, rate.clone(), 0..4);
    (bounds, rate, prop_oneof![Just(0), 0..500 * UNIT]).prop_map(|(mut tiers, first, included)| {
        tiers.insert(0, first);
        Plain { tiers, included }
    })
}

fn quantity() -> impl Strategy<Value = i128> {
    prop_oneof![4 => (0..400_i128).prop_map(|n| n * UNIT), 4 => 0..400 * UNIT, 1 => -300 * UNIT..0, 1 => Just(1)]
}

impl Plain {
    /// What a month's whole quantity costs at list: the definition, tier by tier.
    fn of_total(&self, total: i128) -> Exact {
        let billable = if self.included == 0 { total } else { (total - self.included).max(0) };
        let bounds: Vec<_> = self.tiers.iter().collect();
        if billable < 0 {
            return Exact::product(&[(billable, 18), (*bounds[0].1, 28)]);
        }
        let mut sum = Exact::default();
        for (at, (from, rate)) in bounds.iter().enumerate() {
            let top = bounds.get(at + 1).map_or(billable, |(next, _)| billable.min(**next));
            if top > **from {
                sum = sum.plus(&Exact::product(&[(top - **from, 18), (**rate, 28)]));
            }
        }
        sum
    }

    fn as_price(&self) -> MeterPrice {
        let tier =
            |(bound, rate): (&i128, &i128)| (Quantity::from_units(*bound), Rate::parse(&decimal(*rate, 28)).unwrap());
        MeterPrice {
            id: MeterId::parse(SHEET).unwrap(),
            name: String::new(),
            category: String::new(),
            subcategory: String::new(),
            region: String::new(),
            unit: String::new(),
            tags: Vec::new(),
            tiers: Tiers::new(self.tiers.iter().map(tier).collect()).unwrap(),
            included: Quantity::from_units(self.included),
            effective_date: Timestamp::default(),
            first_party: true,
        }
    }
}

/// The charges of rows, where the price changes on given days; before the first there is none.
fn charges(prices: &BTreeMap<i32, Plain>, rows: &[(i32, i128)]) -> Vec<Option<Amount>> {
    let sheet = PriceSheetId::parse(SHEET).unwrap();
    let prices: BTreeMap<i32, MeterPrice> = prices.iter().map(|(from, price)| (*from, price.as_price())).collect();
    let rows = rows.iter().map(|(day, quantity)| (Day::from_number(*day), Quantity::from_units(*quantity)));
    rate_rows(rows, |day| prices.range(..=day.number()).next_back().map(|(_, price)| (price, sheet)))
        .into_iter()
        .map(|row| match row {
            RatedRow::Charged { list, sheet: named, first_party } => {
                assert!(first_party && named == sheet);
                Some(list)
            }
            RatedRow::Unrated => None,
        })
        .collect()
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rows_cost_what_the_definition_says(
        prices in prop::collection::btree_map(0..31, price(), 1..4),
        mut rows in prop::collection::vec((0..31, quantity()), 1..12),
    ) {
        rows.sort_by_key(|(day, _)| *day);
        let mut before = 0;
        for (charge, (day, quantity)) in charges(&prices, &rows).into_iter().zip(&rows) {
            let expected = prices.range(..=*day).next_back().map(|(_, price)| {
                price.of_total(before + quantity).minus(&price.of_total(before)).to_string()
            });
            prop_assert_eq!(charge.map(|charge| charge.to_string()), expected);
            before += quantity;
        }
    }

    #[test]
    fn rows_of_one_price_add_up_to_the_month(price in price(), rows in prop::collection::vec((0..31, quantity()), 0..12)) {
        let total = rows.iter().map(|(_, quantity)| quantity).sum();
        let sum: Amount = charges(&BTreeMap::from([(0, price.clone())]), &rows).into_iter().flatten().sum();
        prop_assert_eq!(sum.to_string(), price.of_total(total).to_string());
    }

    #[test]
    fn splitting_a_row_never_changes_the_sum(
        prices in prop::collection::btree_map(0..31, price(), 1..4), day in 0..31, parts in prop::collection::vec(quantity(), 1..6),
    ) {
        let sum = |rows: &[(i32, i128)]| -> Amount { charges(&prices, rows).into_iter().flatten().sum() };
        let split: Vec<_> = parts.iter().map(|part| (day, *part)).collect();
        prop_assert_eq!(sum(&split), sum(&[(day, parts.iter().sum())]));
    }
}

#[test]
fn positions_run_through_rows_without_a_price() {
    let price =
        Plain { tiers: BTreeMap::from([(0, 5 * 10_i128.pow(28)), (10 * UNIT, 3 * 10_i128.pow(28))]), included: 0 };
    let rows = [(1, 8 * UNIT), (5, 4 * UNIT), (6, UNIT)];
    let shown = |from: i32| -> Vec<String> {
        charges(&BTreeMap::from([(from, price.clone())]), &rows)
            .into_iter()
            .map(|charge| charge.map_or_else(|| "unrated".to_owned(), |charge| charge.to_string()))
            .collect()
    };
    assert_eq!(shown(0), ["40", "16", "3"]);
    assert_eq!(shown(5), ["unrated", "16", "3"]);
    assert_eq!(shown(9), ["unrated", "unrated", "unrated"]);
}
