//! Lines as text tables: what a person compares, and what the oracle is compared with.

use crate::builder::{edge, month, name};
use tenantry_core::Amount;
use tenantry_usage::{Fold, Line};

/// Farther than any usage of the tests.
pub const FAR: &str = "2027-12";

/// One row a line: `shop 2026-01 storage 2026-01-03 vm1 quantity list charge`, in order. Rows that change nothing
/// are left out.
pub fn rated_rows(lines: &[Line]) -> Vec<String> {
    let mut rows = Vec::new();
    for line in lines {
        let named = format!("{} {} {}", name(line.subscription), line.month, name(line.meter));
        for row in line.rows.iter().filter(|row| row.sheet.is_some()) {
            if row.quantity.is_zero() && row.list.is_zero() && row.charge.is_zero() {
                continue;
            }
            let resource = row.series.resource.folded();
            rows.push(format!("{named} {} {resource} {} {} {}", row.day, row.quantity, row.list, row.charge));
        }
    }
    rows.sort();
    rows
}

/// The lines of a close as they were in the unbilled view: without what waits for a price.
pub fn without_unrated(lines: Vec<Line>) -> Vec<Line> {
    let charged = lines.into_iter().map(|mut line| {
        line.rows.retain(|row| row.sheet.is_some());
        line.unrated = tenantry_core::Quantity::ZERO;
        line
    });
    charged.filter(|line| !line.rows.is_empty()).collect()
}

pub fn charge(lines: &[Line]) -> Amount {
    lines.iter().map(|line| line.charge).sum()
}

/// Everything documents could show: both edges, what is unbilled, each close, what has no price.
pub fn everything(fold: &Fold) -> (Vec<Vec<Line>>, Vec<String>) {
    let mut documents = Vec::new();
    for edge in ["first", "second"].map(edge) {
        documents.push(fold.unbilled(edge, month(FAR)));
        documents.extend(fold.closes().iter().map(|close| fold.billed_by(edge, close.number)));
    }
    let unrated = fold.unrated().into_iter().map(|((subscription, meter, month), quantity)| {
        format!("{} {month} {} {quantity}", name(subscription), name(meter))
    });
    (documents, unrated.collect())
}

/// Lines add up: rows to their line, in every figure.
pub fn check_sums(lines: &[Line]) {
    for line in lines {
        let charged = || line.rows.iter().filter(|row| row.sheet.is_some());
        let total = |rows: &mut dyn Iterator<Item = tenantry_core::Quantity>| -> i128 { rows.map(|q| q.units()).sum() };
        assert_eq!(charged().map(|row| row.charge).sum::<Amount>(), line.charge, "{line:?}");
        assert_eq!(charged().map(|row| row.list).sum::<Amount>(), line.list, "{line:?}");
        assert_eq!(total(&mut charged().map(|row| row.quantity)), line.quantity.units(), "{line:?}");
        let waiting = &mut line.rows.iter().filter(|row| row.sheet.is_none()).map(|row| row.quantity);
        assert_eq!(total(waiting), line.unrated.units(), "{line:?}");
    }
}
