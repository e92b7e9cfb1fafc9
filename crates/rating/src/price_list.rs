//! What an edge of the channel makes of a price: rules with a history.
//!
//! The rules of the provider's edges are on the public list. Those of a lower edge are on what its seller pays: 1.07
//! adds 7 % to it. Whoever buys there must not learn what the seller pays, so it is shown one list, the public one, and
//! one factor on it: the product along the channel ([`PriceList::on`]).

use serde::{Deserialize, Serialize};
use tenantry_core::{Day, Factor, Timestamp};

/// Which meters a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppliesTo {
    /// Services the provider owns.
    FirstParty,
    /// All services.
    Everything,
}

/// From an instant on, the prices of some meters are multiplied by a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRule {
    /// 0.85 for 15 % off.
    pub factor: Factor,
    /// Which meters.
    pub applies_to: AppliesTo,
    /// From when.
    pub from: Timestamp,
}

/// The rules of one edge, oldest first. On a day the last one that has begun and applies decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList(Vec<PriceRule>);

impl PriceList {
    /// Orders the rules by their date; of two with one date the later in the list holds.
    #[must_use]
    pub fn new(mut rules: Vec<PriceRule>) -> Self {
        rules.sort_by_key(|rule| rule.from);
        Self(rules)
    }

    /// The factor for a meter on a day; 1 where no rule applies.
    #[must_use]
    pub fn factor(&self, first_party: bool, day: Day) -> Factor {
        self.rule(first_party, day).map_or(Factor::ONE, |rule| rule.factor)
    }

    /// The rule behind [`PriceList::factor`], for explanations.
    #[must_use]
    pub fn rule(&self, first_party: bool, day: Day) -> Option<&PriceRule> {
        self.0
            .iter()
            .rev()
            .filter(|rule| rule.from <= day.start())
            .find(|rule| first_party || rule.applies_to == AppliesTo::Everything)
    }

    /// What this list, applied to the prices that `above` makes, comes to on the prices `above` is applied to: on every
    /// day the product of the two, as one list. `None` where a product needs more than 8 digits or is beyond
    /// [`Factor::MAX`].
    #[must_use]
    pub fn on(&self, above: &Self) -> Option<Self> {
        let mut begins: Vec<_> = self.0.iter().chain(&above.0).map(|rule| rule.from).collect();
        begins.sort_unstable();
        begins.dedup();
        let mut rules = Vec::with_capacity(2 * begins.len());
        for from in begins {
            // Of two rules with one date the later holds, for the meters it is for.
            for (first_party, applies_to) in [(false, AppliesTo::Everything), (true, AppliesTo::FirstParty)] {
                let factor = above.at(first_party, from).then(self.at(first_party, from))?;
                rules.push(PriceRule { factor, applies_to, from });
            }
        }
        Some(Self(rules))
    }

    /// Whether a chain of lists, from the provider down, can be charged exactly whichever of their rules meet: no product
    /// needs more than 8 digits or is beyond [`Factor::MAX`]. A list alone always can.
    #[must_use]
    pub fn chain_fits<'a>(lists: impl IntoIterator<Item = &'a Self>) -> bool {
        let mut products = vec![Factor::ONE];
        for list in lists {
            // A rule is not there before its day: then the price above stands as it is.
            let factors: Vec<_> = list.0.iter().map(|rule| rule.factor).chain([Factor::ONE]).collect();
            let next = products.iter().flat_map(|product| factors.iter().map(|factor| product.then(*factor)));
            let Some(mut next) = next.collect::<Option<Vec<_>>>() else { return false };
            next.sort_unstable();
            next.dedup();
            products = next;
        }
        true
    }

    fn at(&self, first_party: bool, at: Timestamp) -> Factor {
        let begun = self.0.iter().rev().filter(|rule| rule.from <= at);
        let mut holding = begun.filter(|rule| first_party || rule.applies_to == AppliesTo::Everything);
        holding.next().map_or(Factor::ONE, |rule| rule.factor)
    }

    /// From when on this list may come to something else than the one before it; `None` if it never does.
    #[must_use]
    pub fn differs_from(&self, before: &Self) -> Option<Timestamp> {
        let same = self.0.iter().zip(&before.0).take_while(|(now, then)| now == then).count();
        [self.0.get(same), before.0.get(same)].into_iter().flatten().map(|rule| rule.from).min()
    }

    /// The rules, oldest first.
    #[must_use]
    pub fn rules(&self) -> &[PriceRule] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn a_list_differs_from_the_first_rule_that_is_not_in_both() {
        let rule = |factor: &str, from: &str| PriceRule {
            factor: Factor::parse(factor).unwrap(),
            applies_to: AppliesTo::Everything,
            from: Timestamp::parse(from).unwrap(),
        };
        let (first, second, third) = (
            rule("0.9", "2026-01-01T00:00:00Z"),
            rule("0.8", "2026-03-01T00:00:00Z"),
            rule("0.7", "2026-02-01T00:00:00Z"),
        );
        let list = |rules: &[&PriceRule]| PriceList::new(rules.iter().map(|rule| (*rule).clone()).collect());
        for (now, before, from) in [
            (list(&[]), list(&[]), None),
            (list(&[&first]), list(&[&first]), None),
            (list(&[&first, &second]), list(&[&first]), Some(second.from)),
            (list(&[&first]), list(&[&first, &second]), Some(second.from)),
            (list(&[&first, &second, &third]), list(&[&first, &second]), Some(third.from)),
            (list(&[&third]), list(&[&first, &third]), Some(first.from)),
        ] {
            assert_eq!(now.differs_from(&before), from, "{now:?} after {before:?}");
        }
    }

    #[test]
    fn rules_have_a_history_and_spare_third_parties() {
        let rule = |factor: &str, applies_to, from: &str| PriceRule {
            factor: Factor::parse(factor).unwrap(),
            applies_to,
            from: Timestamp::parse(from).unwrap(),
        };
        let list = PriceList::new(vec![
            rule("0.80", AppliesTo::FirstParty, "2021-01-01"),
            rule("0.85", AppliesTo::FirstParty, "2020-01-01"),
            rule("0.99", AppliesTo::Everything, "2020-06-01"),
        ]);
        for (first_party, day, factor) in [
            (true, "2019-12-31", "1"),
            (true, "2020-01-01", "0.85"),
            (true, "2020-06-01", "0.99"),
            (true, "2021-01-01", "0.8"),
            (false, "2020-01-01", "1"),
            (false, "2021-01-01", "0.99"),
        ] {
            assert_eq!(list.factor(first_party, Day::parse(day).unwrap()).to_string(), factor, "{first_party} {day}");
        }
    }

    fn factor(text: &str) -> Factor {
        Factor::parse(text).unwrap()
    }

    fn day(number: u8) -> Day {
        Day::from_number(i32::from(number))
    }

    #[test]
    fn what_cannot_be_multiplied_exactly_is_refused() {
        let list = |factors: &[&str]| {
            let rule = |(day_number, text): (u8, &&str)| PriceRule {
                factor: factor(text),
                applies_to: AppliesTo::Everything,
                from: day(day_number).start(),
            };
            PriceList::new((0..).zip(factors).map(rule).collect())
        };
        let fits = |lists: &[PriceList]| PriceList::chain_fits(lists);
        assert!(fits(&[]) && fits(&[list(&["0.12345678"])]) && fits(&[list(&["0.85"]), list(&["1.07"])]));
        assert!(!fits(&[list(&["0.12345678"]), list(&["1.07"])]));
        assert!(!fits(&[list(&["0.85", "5"]), list(&["1.07"])]), "5 is the bound already");
        assert!(!fits(&[list(&["0.0001"]), list(&["1.07"]), list(&["1.001"])]));
        // Never in force on one day, but late usage may be priced by any.
        assert!(!fits(&[list(&["2.5", "1"]), list(&["1", "2.5"])]));
        assert_eq!(list(&["1.07"]).on(&list(&["0.12345678"])), None);
    }

    fn a_list() -> impl Strategy<Value = PriceList> {
        let rule = (0_i64..400, any::<bool>(), 0_u8..6).prop_map(|(thousandths, everything, from)| PriceRule {
            factor: factor(&format!("0.{thousandths:03}")),
            applies_to: if everything { AppliesTo::Everything } else { AppliesTo::FirstParty },
            from: day(from).start().plus_seconds(if from % 2 == 0 { 0 } else { 3600 }),
        });
        proptest::collection::vec(rule, 0..5).prop_map(PriceList::new)
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 300,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(9),
            ..ProptestConfig::default()
        })]

        #[test]
        fn one_list_on_another_is_their_product_on_every_day(own in a_list(), above in a_list()) {
            prop_assert!(PriceList::chain_fits([&above, &own]));
            let product = own.on(&above).unwrap();
            for number in 0..8 {
                for first_party in [false, true] {
                    let (own, above) = (own.factor(first_party, day(number)), above.factor(first_party, day(number)));
                    prop_assert_eq!(Some(product.factor(first_party, day(number))), above.then(own));
                }
            }
        }
    }
}
