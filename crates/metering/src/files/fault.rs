//! Refusals that name the place in the file.

use std::fmt;
use tenantry_core::{DecimalError, MeterId, Problem, Quantity, Reason, Timestamp};

/// A place in a file: the file alone, a line of it (CSV), or a byte of it (JSON, after unpacking).
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    file: &'a str,
    at: At,
}

#[derive(Debug, Clone, Copy)]
enum At {
    File,
    Line(u64),
    Byte(usize),
}

impl<'a> Place<'a> {
    pub(super) const fn file(file: &'a str) -> Self {
        Self { file, at: At::File }
    }

    pub(super) const fn line(file: &'a str, line: u64) -> Self {
        Self { file, at: At::Line(line) }
    }

    pub(super) const fn byte(file: &'a str, byte: usize) -> Self {
        Self { file, at: At::Byte(byte) }
    }

    /// Something is wrong at this place, not with one field.
    pub(super) fn refuse(self, reason: Reason, what: impl fmt::Display) -> Problem {
        Problem::new(reason, format!("{self}: {what}"))
    }

    /// A field that must be there is not.
    pub(super) fn missing(self, field: &str) -> Problem {
        let message = format!("{self}, {field} is not there; a record needs start, meter and quantity");
        Problem::new(Reason::MissingField, message).at(field)
    }

    /// A field has a value that cannot be read.
    pub(super) fn invalid(self, field: &str, what: impl fmt::Display) -> Problem {
        Problem::new(Reason::InvalidField, format!("{self}, {field}: {what}")).at(field)
    }

    /// A quantity, exactly; exponent forms such as `1.5E-05` occur in real files and are read.
    pub(super) fn quantity(self, field: &str, text: &str) -> Result<Quantity, Problem> {
        Quantity::parse_lenient(text).map_err(|error| match error {
            DecimalError::TooPrecise { .. } | DecimalError::TooLarge(_) => {
                self.invalid(field, format_args!("{error}; we keep quantities exactly and round none, so shorten it"))
            }
            _ => self.invalid(field, format_args!("{error}; write it like 12.5, with a point and no grouping")),
        })
    }

    pub(super) fn time(self, field: &str, text: &str) -> Result<Timestamp, Problem> {
        Timestamp::parse(text).map_err(|error| self.invalid(field, error))
    }

    pub(super) fn meter(self, field: &str, text: &str) -> Result<MeterId, Problem> {
        MeterId::parse(text).map_err(|error| self.invalid(field, error))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            At::File => f.write_str(self.file),
            At::Line(line) => write!(f, "{}, line {line}", self.file),
            At::Byte(byte) => write!(f, "{}, byte {byte}", self.file),
        }
    }
}
