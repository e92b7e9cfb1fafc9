//! Files of documents: what stands behind each line, in the formats of the field.
//!
//! Nothing is computed here. Lines and rows come from `billing`; a [`Format`] lays them out in columns, [`CsvCells`] and
//! `ParquetCells` write them, and `file` sees to it that a file is whole or not there. Rows are pushed through one by one, so
//! a file of any length takes the same memory.
//!
//! | format | what it is | sums to |
//! | --- | --- | --- |
//! | [`UsageBased`] | the field's usage-based reconciliation file | the net amount of usage, exact digits |
//! | [`DailyRated`] | the field's daily rated usage | the net amount of usage, exact digits |
//! | [`LicenceBased`] | the field's licence-based reconciliation file | the net amount of licences |
//! | [`OneTime`] | the field's one-time reconciliation file | the net amount of what was bought one-time |
//! | [`Focus`] | FOCUS Cost and Usage, 1.2 and 1.4 | the total, rows of 24 digits |
//!
//! The buyer of a document gets files of that document: its own charges, and as list price its own list. What anybody
//! above it pays or asks stands on other edges and never comes near this crate.

mod cells;
mod csv_file;
mod daily_rated;
mod document;
mod file;
mod fixed;
pub mod focus;
mod format;
mod licence_based;
mod manifest;
mod one_time;
mod parquet_file;
mod seats_line;
mod source;
mod sums;
mod usage_based;
mod whole;

pub use cells::{Cells, Column, Kind};
pub use csv_file::CsvCells;
pub use daily_rated::DailyRated;
pub use document::{Document, PlacedLine, write_lines, write_rows};
pub use file::{Encoding, FileCells, Owes, Target, checked_path};
pub use fixed::{FIXED_PRECISION, FIXED_SCALE, Fixed};
pub use focus::{Focus, FocusVersion};
pub use format::Format;
pub use licence_based::LicenceBased;
pub use manifest::{Manifest, NamedColumn, Part, Subject};
pub use one_time::OneTime;
pub use parquet_file::ParquetCells;
pub use seats_line::{Covers, PlacedSeats};
pub use source::{ExportFormat, Request, export_estimate, export_invoice};
pub use sums::Sums;
pub use usage_based::UsageBased;

use tenantry_core::{Problem, Reason};

/// A file that could not be written, in words that help.
pub(crate) fn unwritten(error: std::io::Error) -> Problem {
    let full = error.kind() == std::io::ErrorKind::StorageFull;
    let reason = if full { Reason::StorageFull } else { Reason::Unavailable };
    Problem::new(reason, format!("the file could not be written ({error}); check space and permissions")).because(error)
}

/// A format that says more or fewer cells than it has columns is a fault of ours, and must not become a file.
pub(crate) fn cells_match(columns: &[Column], said: usize) -> Result<(), Problem> {
    if columns.len() == said {
        return Ok(());
    }
    Err(Problem::internal(format!("a row has {said} cells, {} columns", columns.len())))
}
