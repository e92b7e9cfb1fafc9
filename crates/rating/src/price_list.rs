//! What an edge of the channel makes of the list price: rules with a history.

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

/// From an instant on, list prices of some meters are multiplied by a factor.
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

    /// The rules, oldest first.
    #[must_use]
    pub fn rules(&self) -> &[PriceRule] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
