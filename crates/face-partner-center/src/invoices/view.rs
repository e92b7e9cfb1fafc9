//! An invoice on the wire. Source: partner-center-v1.md 3.11 and the recorded `GetInvoice`.

use crate::invoices::provider::{LineType, Provider};
use crate::wire::{Attributes, Decimal, Links};
use serde::Serialize;
use tenantry_billing::Invoice;
use tenantry_core::{Month, Problem, Quantity, Timestamp};

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
    total_charges: Decimal,
    paid_amount: Decimal,
    currency_code: String,
    currency_symbol: String,
    pdf_download_link: String,
    invoice_details: [Detail; 2],
    /// Also of a document with a negative total, as recorded: `adjustment_note` is for one that amends another.
    document_type: &'static str,
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
    pub(super) fn new(invoice: &Invoice) -> Result<Self, Problem> {
        let (number, currency, month) = (&invoice.number, invoice.currency()?, invoice.month()?);
        let uri = format!("/invoices/{INVOICE_TYPE}-{number}");
        let detail = |line_type: LineType| Detail {
            invoice_line_item_type: line_type.word(),
            billing_provider: Provider::Azure.word(),
            links: Links::to_self(format!("{uri}/lineitems/{}/{}", Provider::Azure.segment(), line_type.segment())),
            attributes: Attributes::of("InvoiceDetail"),
        };
        Ok(Self {
            id: number.clone(),
            invoice_date: invoice.issued_at()?.to_string(),
            billing_period_start_date: month.first_day().start().to_string(),
            billing_period_end_date: end_of(month).to_string(),
            total_charges: invoice.total()?.into(),
            // Payments are a later room; nothing is known to be paid.
            paid_amount: Quantity::ZERO.into(),
            currency_code: currency.code().to_owned(),
            currency_symbol: currency.symbol().to_owned(),
            pdf_download_link: format!("/invoices/{number}/documents/statement"),
            invoice_details: [LineType::Billing, LineType::Usage].map(detail),
            document_type: "invoice",
            invoice_type: INVOICE_TYPE,
            links: Links::to_self(uri),
            attributes: Attributes::of("Invoice"),
        })
    }
}

/// The last second of a month, by which the field names its end (partner-center-v1.md 9.11).
pub(super) fn end_of(month: Month) -> Timestamp {
    month.period().to.plus_seconds(-1)
}
