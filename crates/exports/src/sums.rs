//! Sums of columns, exact, for the manifest: who loads a file compares them with what arrived.

use crate::cells::{Column, Kind};
use crate::fixed::{FIXED_SCALE, Fixed};
use ethnum::I256;
use tenantry_core::{Amount, Problem};

/// The sums of the columns that are summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    columns: Vec<Option<Sum>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sum {
    name: &'static str,
    total: Total,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Total {
    Exact(Amount),
    /// 256 bits: no file is long enough to fill them.
    Fixed(I256),
}

impl Sums {
    pub(crate) fn of(columns: &[Column]) -> Self {
        let sum = |column: &Column| {
            let total = match column.kind {
                Kind::Fixed => Total::Fixed(I256::ZERO),
                _ => Total::Exact(Amount::ZERO),
            };
            column.summed.then_some(Sum { name: column.name, total })
        };
        Self { columns: columns.iter().map(sum).collect() }
    }

    pub(crate) fn add_fixed(&mut self, column: usize, value: Fixed) {
        if let Some(Some(Sum { total: Total::Fixed(total), .. })) = self.columns.get_mut(column) {
            *total += I256::from(value.units());
        }
    }

    pub(crate) fn add_exact(&mut self, column: usize, value: Amount) {
        if let Some(Some(Sum { total: Total::Exact(total), .. })) = self.columns.get_mut(column) {
            *total += value;
        }
    }

    /// Name and sum of each summed column, in the order of the file.
    #[must_use]
    pub fn texts(&self) -> Vec<(&'static str, String)> {
        self.columns.iter().flatten().map(|sum| (sum.name, sum.total.text())).collect()
    }

    /// The sum of one column.
    ///
    /// # Errors
    /// `Internal`: the column is not summed.
    pub fn amount(&self, name: &str) -> Result<Amount, Problem> {
        let found = self.texts().into_iter().find(|(summed, _)| *summed == name);
        let (_, text) = found.ok_or_else(|| Problem::internal(format!("column {name} is not summed")))?;
        Amount::parse_exact(&text).map_err(Problem::internal)
    }
}

impl Total {
    fn text(self) -> String {
        match self {
            Self::Exact(amount) => amount.to_string(),
            Self::Fixed(units) => {
                let sign = if units < I256::ZERO { "-" } else { "" };
                let scale = FIXED_SCALE as usize;
                let digits = format!("{:0>width$}", units.unsigned_abs().to_string(), width = scale + 1);
                let (whole, fraction) = digits.split_at(digits.len() - scale);
                let fraction = fraction.trim_end_matches('0');
                let point = if fraction.is_empty() { "" } else { "." };
                format!("{sign}{whole}{point}{fraction}")
            }
        }
    }
}
