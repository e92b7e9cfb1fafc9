//! What every format is: columns, and the rows it makes of the lines of a document.

use crate::cells::{Cells, Column};
use crate::document::{Document, PlacedLine};
use crate::seats_line::{Covers, PlacedSeats};
use tenantry_core::Problem;
use tenantry_usage::LineRow;

/// A format of files. It is told a document line by line and says rows.
pub trait Format {
    /// Its columns, in the order of the file.
    fn columns(&self) -> &'static [Column];

    /// A line begins.
    ///
    /// # Errors
    /// What is stored does not read back.
    fn begin_line(&mut self, document: &Document, line: &PlacedLine<'_>) -> Result<(), Problem>;

    /// Usage of one resource on one day.
    ///
    /// # Errors
    /// A value does not fit its column; the file cannot be written.
    fn row(
        &mut self,
        document: &Document,
        line: &PlacedLine<'_>,
        row: &LineRow,
        out: &mut dyn Cells,
    ) -> Result<(), Problem>;

    /// The line is over: what its rows leave open comes now, as a row of its own.
    ///
    /// # Errors
    /// As [`Format::row`].
    fn end_line(&mut self, document: &Document, line: &PlacedLine<'_>, out: &mut dyn Cells) -> Result<(), Problem>;

    /// A line of seats, after all lines of usage. A format of usage says nothing about it.
    ///
    /// # Errors
    /// As [`Format::row`].
    fn seats(&mut self, _: &Document, _: &PlacedSeats<'_>, _: &mut dyn Cells) -> Result<(), Problem> {
        Ok(())
    }

    /// The document is over.
    ///
    /// # Errors
    /// As [`Format::row`].
    fn end(&mut self, document: &Document, out: &mut dyn Cells) -> Result<(), Problem>;

    /// What part of a document it shows.
    fn covers(&self) -> Covers {
        Covers::Usage
    }

    /// The column that sums to that part of the document, and whether tax is in it.
    fn owed(&self) -> (&'static str, bool);

    /// Its name, as the command line and manifests have it.
    fn name(&self) -> &'static str;

    /// Its version.
    fn version(&self) -> &'static str;
}
