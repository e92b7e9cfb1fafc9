//! What lines are read from: an issued document, or the draft of the next one. To what shows them there is no
//! difference.

use crate::invoices::get::issued;
use crate::invoices::line_item::{BillingLine, LineItem, Parties, UsageLine};
use crate::invoices::open_lines::{Span, open_lines};
use crate::invoices::provider::LineType;
use crate::params;
use tenantry_billing::{InvoiceLine, invoice_rows, line_taxes};
use tenantry_commerce::partner_get;
use tenantry_core::{Currency, Money, Problem};
use tenantry_http::Call;
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
    parties: Parties,
    lines: Vec<InvoiceLine>,
    /// What of the document's tax falls on each line.
    taxes: Vec<Money>,
    rows: Vec<Vec<LineRow>>,
}

/// A line to be shown, and its place among all.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Billing(usize, &'a InvoiceLine),
    Usage(&'a InvoiceLine, &'a LineRow),
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
        let (invoice, _) = issued(call).await?;
        let rows = match line_type {
            LineType::Usage => invoice_rows(&call.ctx, call.world.metering(), &invoice).await?,
            LineType::Billing | LineType::None => Vec::new(),
        };
        let currency = invoice.currency()?;
        let partner = partner_get(&call.ctx, call.world.db(), invoice.buyer.tenant).await?;
        let taxes = line_taxes(&invoice)?;
        let parties = Parties::new(&partner, invoice.buyer.name, invoice.number.clone(), currency);
        Ok(Self { segment: invoice.number, currency, open: false, parties, lines: invoice.lines, taxes, rows })
    }

    async fn open(call: &Call, span: Span) -> Result<Self, Problem> {
        let partner = partner_get(&call.ctx, call.world.db(), params::partner(call)?).await?;
        let (currency, open) = open_lines(call, partner.tenant, span).await?;
        let name = partner.company_name.clone();
        let parties = Parties::new(&partner, name, String::new(), currency);
        let (lines, rows): (Vec<_>, _) = open.into_iter().map(|open| (open.line, open.rows)).unzip();
        // The rate that will hold at the close is not known yet: a draft is before tax.
        let taxes = vec![Money::zero(currency); lines.len()];
        Ok(Self { segment: OPEN.to_owned(), currency, open: true, parties, lines, taxes, rows })
    }

    /// All lines of a kind, in the order of the document.
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
                BillingLine::new(&self.parties, place + 1, line, tax).map(|item| LineItem::Billing(Box::new(item)))
            }
            Shown::Usage(line, row) => {
                UsageLine::new(&self.parties, line, row).map(|item| LineItem::Usage(Box::new(item)))
            }
        }
    }
}
