//! What a file is about: an issued document, or the draft of the next one.

use crate::Format;
use crate::cells::Cells;
use crate::seats_line::PlacedSeats;
use tenantry_billing::{Invoice, InvoiceFx, InvoiceLine, InvoiceParty};
use tenantry_core::{Currency, Money, Month, Problem, Rounding};
use tenantry_usage::LineRow;

/// The head of a document, as far as files show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its number; `None` for an estimate: the draft of the next document, which may still change.
    pub number: Option<String>,
    /// The hash that chains an issued document: what an interrupted export goes on for.
    pub hash: String,
    /// Who asks for the money. To the buyer it is the provider: nobody above it is shown.
    pub seller: InvoiceParty,
    /// Who owes it.
    pub buyer: InvoiceParty,
    /// The buyer's tenant, as text: it stands in every row.
    pub buyer_id: String,
    /// The buyer's partner id in the programme.
    pub mpn_id: String,
    /// The billed month.
    pub month: Month,
    /// The currency of every amount.
    pub currency: Currency,
    /// Tax on the document.
    pub tax: Money,
    /// The exchange rates of lines that were priced in another currency.
    pub fx: Vec<InvoiceFx>,
}

impl Document {
    /// The head of an issued document.
    ///
    /// # Errors
    /// `Corrupt`: what is stored does not read back.
    pub fn of(invoice: &Invoice, hash: &str, mpn_id: &str) -> Result<Self, Problem> {
        let currency = invoice.currency()?;
        let tax = money(&invoice.tax, currency)?;
        Ok(Self {
            number: Some(invoice.number.clone()),
            hash: hash.to_owned(),
            seller: invoice.seller.clone(),
            buyer: invoice.buyer.clone(),
            buyer_id: invoice.buyer.tenant.to_string(),
            mpn_id: mpn_id.to_owned(),
            month: invoice.month()?,
            currency,
            tax,
            fx: invoice.fx.clone(),
        })
    }

    /// Takes in a rate that some of its lines were converted with.
    pub(crate) fn knows(&mut self, fx: &InvoiceFx) {
        if self.fx.iter().all(|known| (&known.from, &known.month) != (&fx.from, &fx.month)) {
            self.fx.push(fx.clone());
        }
    }

    /// The rate that a line was converted with; `None` for one that was priced in the document's currency.
    #[must_use]
    pub fn fx_of(&self, line: &InvoiceLine) -> Option<&InvoiceFx> {
        InvoiceFx::of_line(&self.fx, line)
    }

    /// Its number, or nothing.
    #[must_use]
    pub fn number(&self) -> &str {
        self.number.as_deref().unwrap_or_default()
    }
}

fn money(text: &str, currency: Currency) -> Result<Money, Problem> {
    let damaged = |error| Problem::corrupt(format!("an issued document has the amount `{text}`: {error}"));
    let exact = tenantry_core::Amount::parse_exact(text).map_err(damaged)?;
    Ok(exact.round(currency, Rounding::HalfEven))
}

/// A line of a document and its place on it.
#[derive(Debug, Clone, Copy)]
pub struct PlacedLine<'a> {
    /// From 1, in the order of the document.
    pub position: u64,
    /// The line.
    pub line: &'a InvoiceLine,
    /// What of the document's tax falls on it.
    pub tax: Money,
}

/// Writes rows of lines to a sink: the one loop under every export. The lines and their rows may come from anywhere,
/// one at a time, so memory does not grow with the file.
///
/// # Errors
/// What the source, the format or the sink refuses.
pub fn write_rows<'a, R>(
    document: &Document,
    format: &mut dyn Format,
    lines: impl IntoIterator<Item = Result<(PlacedLine<'a>, R), Problem>>,
    sink: &mut dyn Cells,
) -> Result<(), Problem>
where
    R: IntoIterator<Item: std::borrow::Borrow<LineRow>>,
{
    write_lines(document, format, lines, &[], sink)
}

/// The same with the lines of seats behind those of usage; of both those that the format is about.
///
/// # Errors
/// As [`write_rows`].
pub fn write_lines<'a, R>(
    document: &Document,
    format: &mut dyn Format,
    lines: impl IntoIterator<Item = Result<(PlacedLine<'a>, R), Problem>>,
    seats: &[PlacedSeats<'a>],
    sink: &mut dyn Cells,
) -> Result<(), Problem>
where
    R: IntoIterator<Item: std::borrow::Borrow<LineRow>>,
{
    let covers = format.covers();
    for line in lines {
        let (line, rows) = line?;
        if !covers.usage() {
            continue;
        }
        format.begin_line(document, &line)?;
        for row in rows {
            format.row(document, &line, std::borrow::Borrow::borrow(&row), sink)?;
        }
        format.end_line(document, &line, sink)?;
    }
    for seats in seats.iter().filter(|seats| covers.seats(seats.line)) {
        format.seats(document, seats, sink)?;
    }
    format.end(document, sink)
}
