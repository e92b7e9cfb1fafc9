//! Lines of a draft cut into what stands behind them: by day, by resource.
//!
//! A line is rounded once, and it is the line that is owed; the rows behind it are exact and finer than a cent. A list of days
//! must still come to what the subscription comes to. So the cents of a line are dealt out along its rows: a row gets what the
//! line, rounded up to and including it, has more than it had before. Each share is within a cent of the row's own charge, and
//! all of them are the line, whatever they are then grouped by.

use crate::usage::figures::Figures;
use std::collections::BTreeMap;
use tenantry_billing::DraftLine;
use tenantry_core::{Amount, Money, Problem, Rounding, SubscriptionId};
use tenantry_usage::LineRow;

/// A part of a line.
pub(super) struct Share<'a> {
    /// What it stands for.
    pub(super) row: &'a LineRow,
    /// What it comes to.
    pub(super) amount: Money,
}

impl Figures {
    /// What stands behind the lines of some subscriptions.
    fn shares(&self, of: &[SubscriptionId]) -> Vec<Share<'_>> {
        self.lines_of(of).flat_map(|line| shares(line, self.rounding())).collect()
    }

    /// What they come to by something that each has, with the first row of each.
    pub(super) fn grouped<K: Ord>(
        &self,
        of: &[SubscriptionId],
        key: impl Fn(&Share<'_>) -> K,
    ) -> Result<BTreeMap<K, (&LineRow, Money)>, Problem> {
        let mut groups: BTreeMap<K, (&LineRow, Vec<Money>)> = BTreeMap::new();
        for share in self.shares(of) {
            groups.entry(key(&share)).or_insert((share.row, Vec::new())).1.push(share.amount);
        }
        let total = |(key, (row, amounts)): (K, (_, Vec<Money>))| Ok((key, (row, self.sum(amounts.into_iter())?)));
        groups.into_iter().map(total).collect()
    }
}

fn shares(line: &DraftLine, rounding: Rounding) -> impl Iterator<Item = Share<'_>> {
    let currency = line.amount.currency();
    let (mut exact, mut given, last) = (Amount::ZERO, 0, line.rows.len());
    line.rows.iter().zip(1..).map(move |(row, number)| {
        exact += row.charge;
        // The last row ends where the line does, also where the charges of a converted line do not add up to the last digit.
        let so_far = if number == last { line.amount.minor() } else { exact.round(currency, rounding).minor() };
        let amount = Money::from_minor(so_far - given, currency);
        given = so_far;
        Share { row, amount }
    })
}
