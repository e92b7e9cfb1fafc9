//! The lines of a credit note as other views want them: with their share of the tax, and in the form of the invoice's
//! lines, below zero.

use crate::credit_note::{CreditNote, CreditedLine};
use crate::draft::sum;
use crate::invoice::{Invoice, InvoiceLine, money};
use crate::seats::InvoiceSeatLine;
use smol_str::{SmolStr, ToSmolStr};
use tenantry_core::{Money, Problem};

/// Charge type of a credit (charge-types.csv, family `credit`).
pub(crate) const OFFSET: &str = "Offset a line item";

/// What a note gives back, in the form of what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreditedLines {
    /// Of metered usage: without quantity, and amounts below zero; above it for a credit that is taken back.
    pub usage: Vec<InvoiceLine>,
    /// Of seats, likewise.
    pub seats: Vec<InvoiceSeatLine>,
    /// What of the note's tax falls on each line of usage, below zero.
    pub usage_taxes: Vec<Money>,
    /// On each line of seats.
    pub seat_taxes: Vec<Money>,
}

/// What of the tax that a note gives back falls on each of its lines: in proportion, each share the difference of what
/// the lines up to it and the lines before it make, cut to the currency. They add up to the note's tax, to the cent. The
/// rate is not asked: a note gives back the tax of a document, which need not be the rate times the note's own lines.
///
/// # Errors
/// `Corrupt`: the stored note does not read back.
pub fn credited_line_taxes(note: &CreditNote) -> Result<Vec<Money>, Problem> {
    let currency = note.currency()?;
    let (net, tax) = (money(&note.net, currency)?, money(&note.tax, currency)?);
    let (mut credited, mut taxed) = (Money::zero(currency), Money::zero(currency));
    let mut shares = Vec::with_capacity(note.lines.len());
    for line in &note.lines {
        credited = sum([credited, line.amount(currency)?], currency)?;
        let share = tax.minor().checked_mul(credited.minor()).and_then(|part| part.checked_div(net.minor()));
        let up_to_here =
            share.ok_or_else(|| Problem::corrupt(format!("credit note {} has no net sum", note.number)))?;
        let up_to_here = Money::from_minor(up_to_here, currency);
        shares.push(sum([up_to_here, taxed.negated()], currency)?);
        taxed = up_to_here;
    }
    Ok(shares)
}

/// The lines of a note in the form of invoice lines. `invoice` is the one it is about.
///
/// # Errors
/// `Corrupt`: the note names a line that the invoice does not have.
pub fn credited_lines(note: &CreditNote, invoice: &Invoice) -> Result<CreditedLines, Problem> {
    let currency = note.currency()?;
    let mut lines = CreditedLines::default();
    for (credited, tax) in note.lines.iter().zip(credited_line_taxes(note)?) {
        let back = credited.amount(currency)?.negated().to_smolstr();
        match credited.of(invoice) {
            Some(Credited::Usage(line)) => {
                lines.usage.push(usage(line, back));
                lines.usage_taxes.push(tax.negated());
            }
            Some(Credited::Seats(line)) => {
                lines.seats.push(seats(line, back));
                lines.seat_taxes.push(tax.negated());
            }
            None => {
                let message = format!("credit note {} is about a line that {} has not", note.number, invoice.number);
                return Err(Problem::corrupt(message));
            }
        }
    }
    Ok(lines)
}

/// The line of an invoice that a credit is about. Lines of seats stand behind those of usage.
enum Credited<'a> {
    Usage(&'a InvoiceLine),
    Seats(&'a InvoiceSeatLine),
}

impl CreditedLine {
    fn of<'a>(&self, invoice: &'a Invoice) -> Option<Credited<'a>> {
        let place = usize::try_from(self.line).ok()?.checked_sub(1)?;
        let behind = place.checked_sub(invoice.lines.len()).and_then(|place| invoice.seat_lines.get(place));
        invoice.lines.get(place).map(Credited::Usage).or_else(|| behind.map(Credited::Seats))
    }
}

fn usage(line: &InvoiceLine, back: SmolStr) -> InvoiceLine {
    InvoiceLine {
        quantity: SmolStr::new_static("0"),
        list: back.clone(),
        exact: back.clone(),
        amount: back,
        pricing_currency: SmolStr::default(),
        pricing_exact: SmolStr::default(),
        ..line.clone()
    }
}

fn seats(line: &InvoiceSeatLine, back: SmolStr) -> InvoiceSeatLine {
    InvoiceSeatLine {
        charge_type: SmolStr::new_static(OFFSET),
        seats: 0,
        unit_price: SmolStr::new_static("0"),
        list: back.clone(),
        exact: back.clone(),
        amount: back,
        pricing_currency: SmolStr::default(),
        pricing_amount: SmolStr::default(),
        ..line.clone()
    }
}
