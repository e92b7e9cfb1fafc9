//! What the files of seats have in common: a line of a document and its figures.

use crate::document::Document;
use tenantry_billing::{InvoiceFx, InvoiceSeatLine};
use tenantry_core::{Amount, Day, Money, Problem, Quantity};
use tenantry_rating::SeatForm;

/// A line of seats and its place on the document.
#[derive(Debug, Clone, Copy)]
pub struct PlacedSeats<'a> {
    /// From 1, in the order of the document: behind the lines of usage.
    pub position: u64,
    /// The line.
    pub line: &'a InvoiceSeatLine,
    /// What of the document's tax falls on it.
    pub tax: Money,
}

/// What part of a document a format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// Metered usage.
    Usage,
    /// Seats that are written in a form.
    Seats(SeatForm),
    /// All of it.
    Everything,
}

impl Covers {
    /// Whether lines of usage are in the file.
    pub(crate) const fn usage(self) -> bool {
        matches!(self, Self::Usage | Self::Everything)
    }

    /// Whether a line of seats is.
    pub(crate) fn seats(self, line: &InvoiceSeatLine) -> bool {
        self == Self::Everything || self == Self::Seats(line.form)
    }
}

/// The figures of a line, read back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeatFigures {
    pub(crate) unit: Amount,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Amount,
    pub(crate) tax: Amount,
    pub(crate) bought: Day,
    pub(crate) charged: (Day, Day),
    pub(crate) term: (Day, Day),
}

impl SeatFigures {
    pub(crate) fn of(document: &Document, seats: &PlacedSeats<'_>) -> Result<Self, Problem> {
        let line = seats.line;
        let day = |text: &str| InvoiceSeatLine::day(text);
        Ok(Self {
            unit: line.unit_price()?,
            quantity: Quantity::whole(line.seats),
            amount: Amount::of(line.amount(document.currency)?),
            tax: Amount::of(seats.tax),
            bought: day(&line.bought)?,
            charged: (day(&line.charge_start)?, day(&line.charge_end)?),
            term: (day(&line.term_start)?, day(&line.term_end)?),
        })
    }
}

impl Document {
    /// The rate that a line of seats was converted with; `None` for one that was priced in the document's currency.
    pub(crate) fn fx_of_seats(&self, line: &InvoiceSeatLine) -> Option<&InvoiceFx> {
        InvoiceFx::of_seats(&self.fx, line)
    }
}
