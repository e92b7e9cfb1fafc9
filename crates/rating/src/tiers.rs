//! Graduated prices: what lies above a bound costs that bound's rate, up to the next bound.

use serde::{Deserialize, Serialize};
use std::fmt;
use tenantry_core::{Amount, Factor, Quantity, Rate};

/// The rates of a meter by lower bound. The first bound is 0, bounds rise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiers(Vec<(Quantity, Rate)>);

/// Why a set of bounds and rates is no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TierError {
    /// No rate at all.
    Empty,
    /// The lowest bound is not 0: the first units would have no price.
    NoZeroBound {
        /// The lowest one seen.
        lowest: Quantity,
    },
    /// Two rates for one bound, perhaps spelled differently (`51200` and `51200.0`).
    DuplicateBound(Quantity),
}

impl fmt::Display for TierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("has no rates; give at least one for the bound 0"),
            Self::NoZeroBound { lowest } => {
                write!(f, "starts at {lowest}; the units below would have no price. Give a rate for the bound 0")
            }
            Self::DuplicateBound(bound) => write!(f, "has two rates for the bound {bound}"),
        }
    }
}

impl std::error::Error for TierError {}

/// What part of a quantity fell into one tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierShare {
    /// The tier's lower bound.
    pub from: Quantity,
    /// Its rate.
    pub rate: Rate,
    /// The quantity in it.
    pub quantity: Quantity,
    /// Rate times quantity.
    pub charge: Amount,
}

impl Tiers {
    /// Sorts and checks the bounds.
    pub fn new(mut bounds: Vec<(Quantity, Rate)>) -> Result<Self, TierError> {
        bounds.sort_by_key(|(bound, _)| *bound);
        let (lowest, _) = bounds.first().ok_or(TierError::Empty)?;
        if !lowest.is_zero() {
            return Err(TierError::NoZeroBound { lowest: *lowest });
        }
        if let Some(pair) = bounds.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(TierError::DuplicateBound(pair[0].0));
        }
        Ok(Self(bounds))
    }

    /// One price for any quantity.
    #[must_use]
    pub fn flat(rate: Rate) -> Self {
        Self(vec![(Quantity::ZERO, rate)])
    }

    /// Bounds and rates, lowest first.
    #[must_use]
    pub fn bounds(&self) -> &[(Quantity, Rate)] {
        &self.0
    }

    /// The same bounds with other rates.
    #[must_use]
    pub fn with_rates(&self, rate: impl Fn(Rate) -> Rate) -> Self {
        Self(self.0.iter().map(|(bound, known)| (*bound, rate(*known))).collect())
    }

    /// The rate, if there is only one.
    #[must_use]
    pub fn single(&self) -> Option<Rate> {
        match self.0.as_slice() {
            [(_, rate)] => Some(*rate),
            _ => None,
        }
    }

    /// The charge for `quantity` more after `before` was used: `F(before + quantity) - F(before)`.
    ///
    /// `included` units are free each billing period; they shift every bound up.
    #[must_use]
    pub fn charge(&self, included: Quantity, before: Quantity, quantity: Quantity) -> Amount {
        self.charge_times(Factor::ONE, included, before, quantity)
    }

    /// The same charge after a factor. Exact: it is multiplied with the quantity and the rate, never divided.
    #[must_use]
    pub fn charge_times(&self, factor: Factor, included: Quantity, before: Quantity, quantity: Quantity) -> Amount {
        if let Some(rate) = self.unit_price(included, before, quantity) {
            return Amount::priced(quantity, rate, factor);
        }
        let after = before.checked_add(quantity).unwrap_or(before);
        let (start, end) = (beyond(before, included), beyond(after, included));
        match self.tier_around(start.min(end), start.max(end)) {
            // Some of it was included, the rest lies in one tier.
            Some(rate) => Amount::priced(end.checked_sub(start).unwrap_or_default(), rate, factor),
            None => self.price_of(factor, included, after) - self.price_of(factor, included, before),
        }
    }

    /// What each unit of `quantity` more after `before` costs, if all of them cost the same: then the charge is the
    /// product. It is so of nearly every row.
    #[must_use]
    pub fn unit_price(&self, included: Quantity, before: Quantity, quantity: Quantity) -> Option<Rate> {
        if included.is_zero()
            && let Some(rate) = self.single()
        {
            return Some(rate);
        }
        let after = before.checked_add(quantity)?;
        let (start, end) = (beyond(before, included), beyond(after, included));
        if start == end && included >= before.max(after) {
            return Some(Rate::ZERO);
        }
        if !included.is_zero() && before.min(after) < included {
            return None;
        }
        self.tier_around(start.min(end), start.max(end))
    }

    /// The rate of the tier that both positions lie in, if there is one.
    fn tier_around(&self, low: Quantity, high: Quantity) -> Option<Rate> {
        let tier = self.0.partition_point(|(from, _)| *from <= low).checked_sub(1)?;
        let ends = self.0.get(tier + 1).map(|(bound, _)| *bound);
        ends.is_none_or(|bound| high <= bound).then(|| self.0.get(tier).map(|(_, rate)| *rate)).flatten()
    }

    /// The same charge, tier by tier, for people to read. Only for growing positions: `quantity` zero or more.
    #[must_use]
    pub fn shares(&self, included: Quantity, before: Quantity, quantity: Quantity) -> Vec<TierShare> {
        let start = beyond(before, included);
        let end = beyond(before.checked_add(quantity).unwrap_or(before), included);
        self.each_tier()
            .filter_map(|(from, to, rate)| {
                let low = start.max(from);
                let high = to.map_or(end, |to| end.min(to));
                let quantity = high.checked_sub(low).filter(|share| *share > Quantity::ZERO)?;
                Some(TierShare { from, rate, quantity, charge: Amount::list(quantity, rate) })
            })
            .collect()
    }

    /// `F`: the price of a month's whole quantity.
    fn price_of(&self, factor: Factor, included: Quantity, total: Quantity) -> Amount {
        let billable = beyond(total, included);
        if billable.is_negative() {
            // More was corrected than used: the credit is at the price of the first units.
            return self.0.first().map_or(Amount::ZERO, |(_, rate)| Amount::priced(billable, *rate, factor));
        }
        self.each_tier()
            .map(|(from, to, rate)| {
                let top = to.map_or(billable, |to| billable.min(to));
                match top.checked_sub(from) {
                    Some(share) if share > Quantity::ZERO => Amount::priced(share, rate, factor),
                    _ => Amount::ZERO,
                }
            })
            .sum()
    }

    fn each_tier(&self) -> impl Iterator<Item = (Quantity, Option<Quantity>, Rate)> {
        let tops = self.0.iter().skip(1).map(|(bound, _)| Some(*bound)).chain(std::iter::once(None));
        self.0.iter().zip(tops).map(|((from, rate), to)| (*from, to, *rate))
    }
}

/// What of a total lies beyond the included units.
fn beyond(total: Quantity, included: Quantity) -> Quantity {
    if included.is_zero() {
        return total;
    }
    total.checked_sub(included).filter(|rest| !rest.is_negative()).unwrap_or(Quantity::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    /// `"0:5, 10:3"` is 5 a unit up to 10 and 3 above.
    fn tiers(text: &str) -> Tiers {
        Tiers::new(
            text.split(", ")
                .map(|tier| tier.split_once(':').unwrap())
                .map(|(bound, rate)| (quantity(bound), Rate::parse(rate).unwrap()))
                .collect(),
        )
        .unwrap()
    }

    fn check(text: &str, included: &str, rows: &[(&str, &str)]) {
        for (total, charge) in rows {
            let charged = tiers(text).charge(quantity(included), Quantity::ZERO, quantity(total));
            assert_eq!(charged.to_string(), *charge, "{total} at {text}, {included} included");
        }
    }

    #[test]
    fn graduated_tiers_meet_without_gap_or_overlap() {
        check("0:5, 10:3", "0", &[("0", "0"), ("10", "50"), ("10.5", "51.5"), ("11", "53")]);
        check("0:1, 87.5:0.5, 2487.5:0", "0", &[("87.5", "87.5"), ("88.5", "88"), ("3000", "1287.5")]);
    }

    #[test]
    fn included_units_shift_the_bounds() {
        check("0:5, 10:3", "2", &[("1", "0"), ("2", "0"), ("3", "5"), ("12", "50"), ("13", "53")]);
    }

    #[test]
    fn a_month_of_real_storage_crosses_a_bound() {
        let storage = "0:0.095, 1024:0.08, 51200:0.07, 512000:0.065, 1024000:0.06, 5120000:0.055";
        check(storage, "0", &[("1666.37667", "148.6701336")]);
        let shares = tiers(storage).shares(Quantity::ZERO, quantity("1000"), quantity("100"));
        let read: Vec<_> = shares.iter().map(|s| (s.from.to_string(), s.charge.to_string())).collect();
        assert_eq!(read, [("0".into(), "2.28".into()), ("1024".into(), "6.08".into())]);
    }

    #[test]
    fn bounds_that_are_no_price_are_refused() {
        let rate = Rate::ZERO;
        assert_eq!(Tiers::new(vec![]), Err(TierError::Empty));
        assert_eq!(Tiers::new(vec![(quantity("5"), rate)]), Err(TierError::NoZeroBound { lowest: quantity("5") }));
        let twice = vec![(Quantity::ZERO, rate), (quantity("51200"), rate), (quantity("51200.0000000000"), rate)];
        assert_eq!(Tiers::new(twice), Err(TierError::DuplicateBound(quantity("51200"))));
    }

    proptest! {
        #[test]
        fn splitting_a_quantity_never_changes_the_sum(
            before in 0_i128..5_000_000_000, parts in proptest::collection::vec(0_i128..2_000_000_000, 1..6),
            included in 0_i128..1_000_000_000, bounds in proptest::collection::btree_set(1_i128..9_000_000_000, 0..4),
            rates in proptest::collection::vec(0_u32..100_000, 5),
        ) {
            // Units of 10^-6 keep the numbers readable in a failure.
            let q = |units: i128| Quantity::from_units(units * 1_000_000_000_000);
            let steps = std::iter::once(0).chain(bounds).zip(rates);
            let tiers = Tiers::new(
                steps.map(|(bound, rate)| (q(bound), Rate::parse(&format!("0.{rate:06}")).unwrap())).collect(),
            ).unwrap();
            let total = parts.iter().sum::<i128>();
            let whole = tiers.charge(q(included), q(before), q(total));
            let mut position = before;
            let mut sum = Amount::ZERO;
            for part in parts {
                sum += tiers.charge(q(included), q(position), q(part));
                position += part;
            }
            prop_assert_eq!(sum, whole);
            let shares = tiers.shares(q(included), q(before), q(total));
            prop_assert_eq!(shares.into_iter().map(|share| share.charge).sum::<Amount>(), whole);
        }
    }
}
