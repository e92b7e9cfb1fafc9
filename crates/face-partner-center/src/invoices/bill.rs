//! What lines are read from: an issued document, be it invoice or credit note, or the draft of the next one. To what
//! shows them there is no difference.

use crate::invoices::get::{Document, issued};
use crate::invoices::line_item::{BillingLine, LineItem, Parties, UsageLine};
use crate::invoices::open_lines::{Span, open_lines, open_seats};
use crate::invoices::provider::LineType;
use crate::invoices::seat_item::{LicenceLine, OneTimeLine};
use crate::params;
use tenantry_billing::{
    CreditNote, Invoice, InvoiceFx, InvoiceLine, InvoiceSeatLine, credited_lines, invoice_get, invoice_rows,
    line_taxes, seat_line_taxes,
};
use tenantry_commerce::partner_get;
use tenantry_core::{Currency, Money, Problem};
use tenantry_http::Call;
use tenantry_rating::SeatForm;
use tenantry_usage::LineRow;

/// Stands in place of a number for lines that no document shows yet (partner-center-v1.md 2.10, row 150).
const OPEN: &str = "unbilled";

/// Lines and what goes on each of them.
pub(super) struct Bill {
    /// What names it in paths: its number, or `unbilled`.
    pub(super) segment: String,
    /// The currency of all amounts.
    pub(super) currency: Currency,
    /// Whether it is the draft of the next document, whose lines are known only as of now.
    pub(super) open: bool,
    /// Whether its lines give back what others asked for.
    credit: bool,
    parties: Parties,
    lines: Vec<InvoiceLine>,
    /// What of the document's tax falls on each line.
    taxes: Vec<Money>,
    rows: Vec<Vec<LineRow>>,
    seats: Vec<InvoiceSeatLine>,
    seat_taxes: Vec<Money>,
    fx: Vec<InvoiceFx>,
}

/// A line to be shown, and its place among all.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Billing(usize, &'a InvoiceLine),
    Usage(&'a InvoiceLine, &'a LineRow),
    /// And which it is of those of its subscription that begin on one day in one period: a reversal stands before what
    /// replaces it.
    Seats(usize, usize, &'a InvoiceSeatLine),
}

/// Whether `{invoice}` asks for what no document shows yet.
pub(super) fn is_open(call: &Call) -> Result<bool, Problem> {
    Ok(call.param("invoice")?.eq_ignore_ascii_case(OPEN))
}

impl Bill {
    /// The document that `{invoice}` names, or the open lines of a span, with what this kind of line needs.
    pub(super) async fn of(call: &Call, line_type: LineType, span: Span) -> Result<Self, Problem> {
        if is_open(call)? {
            return Self::open(call, span).await;
        }
        match issued(call).await?.0 {
            Document::Invoice(invoice) => Self::of_invoice(call, line_type, *invoice).await,
            Document::CreditNote(note) => Self::of_credit_note(call, *note).await,
        }
    }

    async fn of_invoice(call: &Call, line_type: LineType, invoice: Invoice) -> Result<Self, Problem> {
        let rows = match line_type {
            LineType::Usage => invoice_rows(&call.ctx, call.world.metering(), &invoice).await?,
            LineType::Billing | LineType::None => Vec::new(),
        };
        let currency = invoice.currency()?;
        let partner = partner_get(&call.ctx, call.world.db(), invoice.buyer.tenant).await?;
        let (taxes, seat_taxes) = (line_taxes(&invoice)?, seat_line_taxes(&invoice)?);
        let parties = Parties::new(&partner, invoice.buyer.name, invoice.number.clone(), currency);
        Ok(Self {
            segment: invoice.number,
            currency,
            open: false,
            credit: false,
            parties,
            lines: invoice.lines,
            taxes,
            rows,
            seats: invoice.seat_lines,
            seat_taxes,
            fx: invoice.fx,
        })
    }

    /// A credit is of a line, not of days of usage: there are no rows behind it.
    async fn of_credit_note(call: &Call, note: CreditNote) -> Result<Self, Problem> {
        let (ctx, db, currency) = (&call.ctx, call.world.db(), note.currency()?);
        let (invoice, _) = invoice_get(ctx, db, &note.invoice).await?;
        let lines = credited_lines(&note, &invoice)?;
        let partner = partner_get(ctx, db, note.buyer.tenant).await?;
        Ok(Self {
            parties: Parties::new(&partner, note.buyer.name, note.number.clone(), currency),
            segment: note.number,
            currency,
            open: false,
            credit: true,
            lines: lines.usage,
            taxes: lines.usage_taxes,
            rows: Vec::new(),
            seats: lines.seats,
            seat_taxes: lines.seat_taxes,
            fx: Vec::new(),
        })
    }

    async fn open(call: &Call, span: Span) -> Result<Self, Problem> {
        let partner = partner_get(&call.ctx, call.world.db(), params::partner(call)?).await?;
        let (currency, open) = open_lines(call, partner.tenant, span).await?;
        let name = partner.company_name.clone();
        let parties = Parties::new(&partner, name, String::new(), currency);
        let (lines, rows): (Vec<_>, _) = open.into_iter().map(|open| (open.line, open.rows)).unzip();
        // The rate that will hold at the close is not known yet: a draft is before tax.
        let taxes = vec![Money::zero(currency); lines.len()];
        let (seats, fx) = open_seats(call, partner.tenant, span).await?;
        let seat_taxes = vec![Money::zero(currency); seats.len()];
        let segment = OPEN.to_owned();
        Ok(Self { segment, currency, open: true, credit: false, parties, lines, taxes, rows, seats, seat_taxes, fx })
    }

    /// All charges for seats in a form, in the order of the document.
    pub(super) fn seats(&self, form: SeatForm) -> Vec<Shown<'_>> {
        let (mut before, mut nth) = (None, 0);
        let of_form = self.seats.iter().enumerate().filter(|(_, line)| line.form == form);
        let numbered = of_form.map(|(place, line)| {
            let begins = Some((line.subscription, &line.term_start, &line.charge_start));
            nth = if before == begins { nth + 1 } else { 0 };
            before = begins;
            Shown::Seats(place, nth, line)
        });
        numbered.collect()
    }

    /// All lines of metered usage of a kind, in the order of the document.
    pub(super) fn shown(&self, line_type: LineType) -> Vec<Shown<'_>> {
        match line_type {
            LineType::None => Vec::new(),
            LineType::Billing => {
                self.lines.iter().enumerate().map(|(place, line)| Shown::Billing(place, line)).collect()
            }
            LineType::Usage => {
                let rows = self.lines.iter().zip(&self.rows);
                rows.flat_map(|(line, rows)| rows.iter().map(move |row| Shown::Usage(line, row))).collect()
            }
        }
    }

    /// A line on the wire.
    pub(super) fn view(&self, shown: Shown<'_>) -> Result<LineItem, Problem> {
        match shown {
            Shown::Billing(place, line) => {
                let tax = self.taxes.get(place).copied().unwrap_or(Money::zero(self.currency));
                let item = BillingLine::new(&self.parties, place + 1, line, tax)?;
                Ok(LineItem::Billing(Box::new(if self.credit { item.into_credit() } else { item })))
            }
            Shown::Seats(place, _, line) => {
                let tax = self.seat_taxes.get(place).copied().unwrap_or(Money::zero(self.currency));
                let fx = InvoiceFx::of_seats(&self.fx, line);
                match line.form {
                    SeatForm::Licence => {
                        LicenceLine::new(&self.parties, line, tax).map(|item| LineItem::Licence(Box::new(item)))
                    }
                    SeatForm::OneTime => {
                        OneTimeLine::new(&self.parties, line, tax, fx).map(|item| LineItem::OneTime(Box::new(item)))
                    }
                }
            }
            Shown::Usage(line, row) => {
                UsageLine::new(&self.parties, line, row).map(|item| LineItem::Usage(Box::new(item)))
            }
        }
    }
}
