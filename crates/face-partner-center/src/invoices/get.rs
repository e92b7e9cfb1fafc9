//! `GET /v1/invoices/{id}` and its statement, the PDF.

use crate::invoices::view::InvoiceView;
use tenantry_billing::{Invoice, invoice_get, invoice_pdf};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, header};

/// What the links of the field put before a number (partner-center-v1.md 2.10, row 142).
const PREFIXES: [&str; 2] = ["recurring-", "onetime-"];

/// One invoice.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (invoice, _) = issued(&call).await?;
    Answer::ok(&InvoiceView::new(&invoice)?)
}

/// One invoice as a document.
pub(crate) async fn statement(call: Call) -> Result<Answer, Problem> {
    let (invoice, hash) = issued(&call).await?;
    let pdf = invoice_pdf(&invoice, &hash)?;
    // Without quotes, as recorded: our numbers are letters and digits.
    let file = format!("attachment; filename=Invoice_{}.pdf", invoice.number);
    Ok(Answer::pdf(pdf).with(header::CONTENT_DISPOSITION, file))
}

/// The invoice of `{invoice}` and its hash.
pub(super) async fn issued(call: &Call) -> Result<(Invoice, String), Problem> {
    invoice_get(&call.ctx, call.world.db(), number(call.param("invoice")?)).await
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
