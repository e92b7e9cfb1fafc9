//! `/api/v1/credit-notes`: lines of an issued invoice taken back. The invoice stays what it is.

use crate::document::{BUYER, Detail, JSON};
use crate::payments::{money, text};
use crate::{asked, schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_billing::{
    CreditLine, CreditNote, NewCreditNote, credit_note_csv, credit_note_get, credit_note_issue, credit_note_list,
    credit_note_pdf, document_mpn_id, invoice_get,
};
use tenantry_core::Problem;
use tenantry_http::header::ETAG;
use tenantry_http::{Answer, Call, Route, StatusCode};

pub(crate) const DETAILS: [Detail; 4] = [
    Detail::of("credit-notes.list").query(&[BUYER]),
    Detail::of("credit-notes.reconciliation").gives("text/csv"),
    Detail::of("credit-notes.pdf").gives("application/pdf"),
    Detail::of("credit-notes.issue").reads(&[JSON]).also("200", "It was issued before, word for word the same"),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/credit-notes", "credit-notes.list", "Credit notes of a partner", list),
        Route::get("/api/v1/credit-notes/{number}", "credit-notes.get", "A credit note with its lines and hash", get),
        Route::get(
            "/api/v1/credit-notes/{number}/reconciliation",
            "credit-notes.reconciliation",
            "The rows of a credit note, as CSV in the columns of an invoice's",
            reconciliation,
        ),
        Route::get("/api/v1/credit-notes/{number}/pdf", "credit-notes.pdf", "A credit note on paper", pdf),
        Route::post(
            "/api/v1/invoices/{number}/credit-notes",
            "credit-notes.issue",
            "Credit lines of an issued invoice",
            issue,
        )
        .answers(StatusCode::CREATED),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NoteBody {
    /// Names it among your credit notes, for ever: who sends it twice gets one note.
    #[schemars(required)]
    reference: Option<String>,
    #[schemars(required)]
    reason: Option<String>,
    /// Everything that is left of the invoice by default.
    lines: Option<Vec<LineBody>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LineBody {
    /// Its place on the invoice, from 1.
    line: u32,
    /// All that is left of it by default.
    #[schemars(with = "Option<schema::Decimal>")]
    amount: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView<'a> {
    items: Vec<NoteSummary<'a>>,
}

/// A note without its lines.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteSummary<'a> {
    number: &'a str,
    invoice: &'a str,
    /// Empty on notes from before there were references.
    reference: &'a str,
    seller: String,
    buyer: String,
    issued_at: &'a str,
    reason: &'a str,
    currency: &'a str,
    net: &'a str,
    tax: &'a str,
    total: &'a str,
}

/// The note word for word, and its place in the chain.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteView<'a> {
    hash: &'a str,
    #[schemars(with = "schema::CreditNoteDocument")]
    credit_note: &'a CreditNote,
}

/// The notes of a partner, oldest first.
async fn list(call: Call) -> Result<Answer, Problem> {
    let partner = asked::buyer(&call).await?;
    let notes = credit_note_list(&call.ctx, call.world.db(), partner).await?;
    Answer::ok(&ListView { items: notes.iter().map(summary).collect() })
}

/// One note.
async fn get(call: Call) -> Result<Answer, Problem> {
    let (note, hash) = credit_note_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    Ok(Answer::ok(&NoteView { hash: &hash, credit_note: &note })?.with(ETAG, format!("\"{hash}\"")))
}

/// The rows of one, to add to those of its invoice.
async fn reconciliation(call: Call) -> Result<Answer, Problem> {
    let (note, _) = credit_note_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    let mpn_id = document_mpn_id(&call.ctx, call.world.db(), note.scope()).await?;
    let mut csv = Vec::new();
    credit_note_csv(&note, &mpn_id, &mut csv)?;
    let answer = Answer::bytes(StatusCode::OK, "text/csv; charset=utf-8", csv);
    Ok(answer.saved_as(&format!("reconciliation-{}.csv", note.number)))
}

/// On paper.
async fn pdf(call: Call) -> Result<Answer, Problem> {
    let (note, hash) = credit_note_get(&call.ctx, call.world.db(), call.param("number")?).await?;
    Ok(Answer::pdf(credit_note_pdf(&note, &hash)?).saved_as(&format!("{}.pdf", note.number)))
}

/// Issues one.
async fn issue(call: Call) -> Result<Answer, Problem> {
    let number = call.param("number")?.to_owned();
    let body = call.json::<NoteBody>()?;
    let (reference, reason) = (text("reference", body.reference)?, text("reason", body.reason)?);
    // Amounts are read in the invoice's currency. What is not there is said here, in the same words as by the act.
    let currency = invoice_get(&call.ctx, call.world.db(), &number).await?.0.currency()?;
    let line = |line: LineBody| {
        let amount = line.amount.map(|text| money("lines", &text, currency)).transpose()?;
        Ok(CreditLine { line: line.line, amount })
    };
    let lines = body.lines.unwrap_or_default().into_iter().map(line).collect::<Result<_, Problem>>()?;
    let new = NewCreditNote { invoice: number, reference, reason, lines };
    let written = credit_note_issue(&call.ctx, call.world.db(), call.world.metering(), new).await?;
    let (note, hash) = &written.entry;
    let view = NoteView { hash, credit_note: note };
    if written.new { Answer::created(&view) } else { Answer::ok(&view) }
}

fn summary(note: &CreditNote) -> NoteSummary<'_> {
    NoteSummary {
        number: &note.number,
        invoice: &note.invoice,
        reference: &note.reference,
        seller: note.seller.tenant.to_string(),
        buyer: note.buyer.tenant.to_string(),
        issued_at: &note.issued_at,
        reason: &note.reason,
        currency: &note.currency,
        net: &note.net,
        tax: &note.tax,
        total: &note.total,
    }
}
