//! An invoice on the wire. Source: partner-center-v1.md 3.11 and the recorded `GetInvoice`.

use crate::invoices::paid::Paid;
use crate::invoices::provider::{LineType, Provider};
use crate::wire::{Attributes, Decimal, Links};
use serde::Serialize;
use tenantry_billing::{CreditNote, Invoice, InvoiceSeatLine, credited_lines};
use tenantry_core::{Currency, Money, Month, Problem, Quantity, Timestamp};
use tenantry_rating::SeatForm;

/// All our invoices are of this type: monthly, in arrears.
pub(super) const INVOICE_TYPE: &str = "Recurring";

/// An invoice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoiceView {
    id: String,
    invoice_date: String,
    billing_period_start_date: String,
    billing_period_end_date: String,
    /// Below zero for a credit note.
    total_charges: Decimal,
    /// Below zero: what came in comes off. With `totalCharges` it makes what is still asked for.
    paid_amount: Decimal,
    currency_code: String,
    currency_symbol: String,
    pdf_download_link: String,
    invoice_details: Vec<Detail>,
    /// What amends it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amendments: Vec<Self>,
    /// `invoice` also of a close with a negative total, as recorded: `adjustment_note` is for one that amends another.
    document_type: &'static str,
    /// The number of the invoice that it amends.
    #[serde(skip_serializing_if = "String::is_empty")]
    amends_of: String,
    invoice_type: &'static str,
    links: Links,
    attributes: Attributes,
}

/// Where lines of one kind are.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    links: Links,
    attributes: Attributes,
}

impl InvoiceView {
    /// An invoice; `notes` are those of its buyer.
    pub(super) fn new(invoice: &Invoice, paid: &Paid, notes: &[CreditNote]) -> Result<Self, Problem> {
        let (number, month) = (&invoice.number, invoice.month()?);
        let own = notes.iter().filter(|note| note.invoice == *number && note.seller.tenant == invoice.seller.tenant);
        let details = [(Provider::Azure, LineType::Billing), (Provider::Azure, LineType::Usage)];
        let details = details.into_iter().chain(of_seats(&invoice.seat_lines));
        Ok(Self {
            invoice_date: invoice.issued_at()?.to_string(),
            // Plain `0` while nothing is paid, as recorded.
            paid_amount: paid.of(number).map_or(Quantity::ZERO.into(), |paid| paid.negated().into()),
            amendments: own.map(|note| Self::credit_note(note, invoice)).collect::<Result<_, _>>()?,
            ..Self::of(number, (invoice.currency()?, invoice.total()?), (month, month), details)
        })
    }

    /// A credit note on an invoice: an adjustment of it, with a total below zero and the months of its lines. Nothing is
    /// paid on it; it comes off what is owed by itself.
    pub(super) fn credit_note(note: &CreditNote, invoice: &Invoice) -> Result<Self, Problem> {
        let months = note.lines.iter().map(|line| Month::parse(&line.service_month));
        let months = months.collect::<Result<Vec<_>, _>>().map_err(|error| Problem::corrupt(error.to_string()))?;
        let (Some(first), Some(last)) = (months.iter().min(), months.iter().max()) else {
            return Err(Problem::corrupt(format!("credit note {} has no lines", note.number)));
        };
        let lines = credited_lines(note, invoice)?;
        let usage = (!lines.usage.is_empty()).then_some((Provider::Azure, LineType::Billing));
        let details = usage.into_iter().chain(of_seats(&lines.seats));
        Ok(Self {
            invoice_date: note.issued_at()?.to_string(),
            document_type: "adjustment_note",
            amends_of: note.invoice.clone(),
            ..Self::of(&note.number, (note.currency()?, note.total()?.negated()), (*first, *last), details)
        })
    }

    /// What both have in common.
    fn of(
        number: &str,
        (currency, total): (Currency, Money),
        (first, last): (Month, Month),
        details: impl Iterator<Item = (Provider, LineType)>,
    ) -> Self {
        let uri = format!("/invoices/{INVOICE_TYPE}-{number}");
        let detail = |(provider, line_type): (Provider, LineType)| Detail {
            invoice_line_item_type: line_type.word(),
            billing_provider: provider.word(),
            links: Links::to_self(format!("{uri}/lineitems/{}/{}", provider.segment(), line_type.segment())),
            attributes: Attributes::of("InvoiceDetail"),
        };
        Self {
            id: number.to_owned(),
            invoice_date: String::new(),
            billing_period_start_date: first.first_day().start().to_string(),
            billing_period_end_date: end_of(last).to_string(),
            total_charges: total.into(),
            paid_amount: Quantity::ZERO.into(),
            currency_code: currency.code().to_owned(),
            currency_symbol: currency.symbol().to_owned(),
            pdf_download_link: format!("/invoices/{number}/documents/statement"),
            invoice_details: details.map(detail).collect(),
            amendments: Vec::new(),
            document_type: "invoice",
            amends_of: String::new(),
            invoice_type: INVOICE_TYPE,
            links: Links::to_self(uri),
            attributes: Attributes::of("Invoice"),
        }
    }
}

/// Where charges for seats are, if there are any.
fn of_seats(lines: &[InvoiceSeatLine]) -> impl Iterator<Item = (Provider, LineType)> {
    let has = |form| lines.iter().any(|line| line.form == form);
    let licences = has(SeatForm::Licence).then_some((Provider::Office, LineType::Billing));
    licences.into_iter().chain(has(SeatForm::OneTime).then_some((Provider::OneTime, LineType::Billing)))
}

/// The last second of a month, by which the field names its end (partner-center-v1.md 9.11).
pub(super) fn end_of(month: Month) -> Timestamp {
    month.period().to.plus_seconds(-1)
}
