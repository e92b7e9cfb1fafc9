//! The field's usage-based reconciliation file, at any size. Its cells are billing's: one mapping, whoever writes it.

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::format::Format;
use tenantry_billing::{
    RECONCILIATION_COLUMNS, ReconciliationCell, ReconciliationHead, ReconciliationRow, reconciliation_cells,
};
use tenantry_core::{Amount, Problem};
use tenantry_usage::LineRow;

/// The columns that hold decimals.
const DECIMALS: [&str; 10] = [
    "ConsumedQuantity",
    "IncludedQuantity",
    "OverageQuantity",
    "ListPrice",
    "PretaxCharges",
    "TaxAmount",
    "PostTaxTotal",
    "PretaxEffectiveRate",
    "PostTaxEffectiveRate",
    "DetailLineItemId",
];
const CHARGE: &str = "PretaxCharges";

/// The format.
#[derive(Debug, Default)]
pub struct UsageBased {
    rows: u64,
}

static COLUMNS: [Column; 42] = columns();

const fn columns() -> [Column; 42] {
    let mut all = [Column::text(""); 42];
    let mut at = 0;
    while at < all.len() {
        let name = RECONCILIATION_COLUMNS[at];
        all[at] = if is_one_of(name, &DECIMALS) { Column::exact(name) } else { Column::text(name) };
        all[at].summed = same(name, CHARGE);
        at += 1;
    }
    all
}

const fn is_one_of(name: &str, names: &[&str]) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(name, names[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// `==` on text is not there yet at compile time.
const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

impl UsageBased {
    fn say(&mut self, document: &Document, row: ReconciliationRow<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        self.rows += 1;
        let head = ReconciliationHead {
            buyer: &document.buyer,
            number: document.number(),
            currency: document.currency.code(),
            mpn_id: &document.mpn_id,
        };
        for cell in reconciliation_cells(&head, &row, self.rows)? {
            match cell {
                ReconciliationCell::Text(text) => out.text(&text),
                ReconciliationCell::Amount(amount) => out.exact(amount),
                ReconciliationCell::Quantity(quantity) => out.quantity(quantity),
                ReconciliationCell::Day(day) => out.day(day),
            }
        }
        out.end_row()
    }
}

impl Format for UsageBased {
    fn columns(&self) -> &'static [Column] {
        &COLUMNS
    }

    fn begin_line(&mut self, _: &Document, _: &PlacedLine<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn row(
        &mut self,
        document: &Document,
        line: &PlacedLine<'_>,
        row: &LineRow,
        out: &mut dyn Cells,
    ) -> Result<(), Problem> {
        self.say(document, ReconciliationRow::Usage { line: line.line, row }, out)
    }

    fn end_line(&mut self, document: &Document, line: &PlacedLine<'_>, out: &mut dyn Cells) -> Result<(), Problem> {
        let amount = Amount::of(line.line.amount(document.currency)?) - line.line.exact()?;
        if !amount.is_zero() {
            self.say(document, ReconciliationRow::Rounding { line: line.line, amount }, out)?;
        }
        if line.tax.is_zero() {
            return Ok(());
        }
        self.say(document, ReconciliationRow::Tax { line: line.line, amount: line.tax }, out)
    }

    fn end(&mut self, _: &Document, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    fn owed(&self) -> (&'static str, bool) {
        (CHARGE, false)
    }

    fn name(&self) -> &'static str {
        "usage"
    }

    fn version(&self) -> &'static str {
        "1"
    }
}
