//! What formats say and files write: rows, cell by cell, in the order of the columns.
//!
//! A format hands its cells to whatever implements [`Cells`]; it knows nothing of CSV or Parquet. Cells are pushed, not
//! collected, because a file has millions of rows of sixty cells: nothing is allocated for a row.

use crate::fixed::Fixed;
use tenantry_core::{Amount, Day, Problem, Quantity, Timestamp};

/// A column of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// Whether the manifest states its sum.
    pub summed: bool,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A decimal of any number of digits. Parquet holds it as text: no decimal type is wide enough.
    Exact,
    /// A decimal of at most 24 fraction digits. Parquet holds it as DECIMAL(38, 24).
    Fixed,
    /// An instant. ISO 8601 in CSV, a UTC timestamp in Parquet.
    Instant,
    /// JSON text.
    Json,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text, summed: false }
    }

    /// A column of exact decimals.
    #[must_use]
    pub const fn exact(name: &'static str) -> Self {
        Self { name, kind: Kind::Exact, summed: false }
    }

    /// The same, with a sum in the manifest.
    #[must_use]
    pub const fn summed(self) -> Self {
        Self { summed: true, ..self }
    }
}

/// Takes the cells of a row one after the other, and the end of it.
pub trait Cells {
    /// Nothing stands there.
    fn null(&mut self);

    /// Text; empty text is written as nothing.
    fn text(&mut self, text: &str);

    /// A decimal of a [`Kind::Fixed`] column.
    fn fixed(&mut self, value: Fixed);

    /// An amount of a [`Kind::Exact`] column.
    fn exact(&mut self, value: Amount);

    /// A quantity of a [`Kind::Exact`] column.
    fn quantity(&mut self, value: Quantity);

    /// An instant.
    fn instant(&mut self, value: Timestamp);

    /// A day, as text: `2017-10-04`. It sorts and cannot be misread, unlike the field's `10/4/2017 0:00`.
    fn day(&mut self, value: Day);

    /// The row is whole.
    ///
    /// # Errors
    /// The row has more or fewer cells than columns; the file cannot be written.
    fn end_row(&mut self) -> Result<(), Problem>;

    /// So many rows were ended so far.
    fn rows(&self) -> u64;
}
