//! `GET /v1/invoices/{id}` and its statement, the PDF; of credit notes as well.

use crate::invoices::paid::Paid;
use crate::invoices::view::InvoiceView;
use tenantry_billing::{
    CreditNote, Invoice, credit_note_get, credit_note_list, credit_note_pdf, invoice_get, invoice_pdf,
};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call, header};

/// What the links of the field put before a number (partner-center-v1.md 2.10, row 142).
const PREFIXES: [&str; 2] = ["recurring-", "onetime-"];

/// A document of the list: an invoice, or a credit note on one.
pub(super) enum Document {
    Invoice(Box<Invoice>),
    CreditNote(Box<CreditNote>),
}

/// One invoice or credit note.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (document, _) = issued(&call).await?;
    let invoice = match document {
        Document::CreditNote(note) => {
            let (invoice, _) = invoice_get(&call.ctx, call.world.db(), &note.invoice).await?;
            return Answer::ok(&InvoiceView::credit_note(&note, &invoice)?);
        }
        Document::Invoice(invoice) => invoice,
    };
    let (ctx, db, buyer) = (&call.ctx, call.world.db(), invoice.buyer.tenant);
    let paid = Paid::by(&call, buyer).await?;
    let notes = credit_note_list(ctx, db, buyer).await?;
    Answer::ok(&InvoiceView::new(&invoice, &paid, &notes)?)
}

/// One invoice as a document.
pub(crate) async fn statement(call: Call) -> Result<Answer, Problem> {
    let (document, hash) = issued(&call).await?;
    let (pdf, number) = match &document {
        Document::Invoice(invoice) => (invoice_pdf(invoice, &hash)?, &invoice.number),
        Document::CreditNote(note) => (credit_note_pdf(note, &hash)?, &note.number),
    };
    // Without quotes, as recorded: our numbers are letters and digits.
    let file = format!("attachment; filename=Invoice_{number}.pdf");
    Ok(Answer::pdf(pdf).with(header::CONTENT_DISPOSITION, file))
}

/// The document of `{invoice}` and its hash. Credit notes have numbers of their own, which begin with `C`.
pub(super) async fn issued(call: &Call) -> Result<(Document, String), Problem> {
    let number = number(call.param("invoice")?);
    let (document, hash, to_customer) = if number.starts_with(['C', 'c']) {
        let (note, hash) = credit_note_get(&call.ctx, call.world.db(), number).await?;
        let to_customer = note.to_customer;
        (Document::CreditNote(Box::new(note)), hash, to_customer)
    } else {
        let (invoice, hash) = invoice_get(&call.ctx, call.world.db(), number).await?;
        let to_customer = invoice.to_customer;
        (Document::Invoice(Box::new(invoice)), hash, to_customer)
    };
    if to_customer {
        // What a partner bills its own customer is on no account of the field's.
        let message = format!("there is no invoice `{number}` here; this one is to a customer, ask our own API for it");
        return Err(Problem::new(Reason::InvoiceNotFound, message));
    }
    Ok((document, hash))
}

/// A number without what may stand before it, in any letter case.
pub(super) fn number(text: &str) -> &str {
    let begins = |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let prefix = PREFIXES.into_iter().find(begins).unwrap_or_default();
    text.get(prefix.len()..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_taken_off() {
        for (text, expected) in [
            ("D200000001", "D200000001"),
            ("Recurring-D200000001", "D200000001"),
            ("ONETIME-d200000001", "d200000001"),
            ("recurring-", ""),
            ("Recurring", "Recurring"),
            ("ünbilled-äöüß", "ünbilled-äöüß"),
        ] {
            assert_eq!(number(text), expected);
        }
    }
}
