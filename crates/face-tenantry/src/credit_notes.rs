//! `/api/v1/credit-notes`: lines of an issued invoice taken back. The invoice stays what it is.

use crate::asked;
use crate::document::{Detail, JSON, PARTNER};
use crate::payments::money;
use serde::{Deserialize, Serialize};
use tenantry_billing::{
    CreditLine, CreditNote, NewCreditNote, credit_note_csv, credit_note_get, credit_note_issue, credit_note_list,
    invoice_get,
};
use tenantry_commerce::partner_get;
use tenantry_core::Problem;
use tenantry_http::header::ETAG;
use tenantry_http::{Answer, Call, Route, StatusCode};

pub(crate) const DETAILS: [Detail; 3] = [
    Detail::of("credit-notes.list").query(&[PARTNER]),
    Detail::of("credit-notes.reconciliation").gives("text/csv"),
    Detail::of("credit-notes.issue").reads(&[JSON]),
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
        Route::post(
            "/api/v1/invoices/{number}/credit-notes",
            "credit-notes.issue",
            "Credit lines of an issued invoice",
            issue,
        )
        .answers(StatusCode::CREATED),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NoteBody {
    reason: Option<String>,
    /// Everything that is left of the invoice by default.
    lines: Option<Vec<LineBody>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LineBody {
    /// Its place on the invoice, from 1.
    line: u32,
    /// All that is left of it by default.
    amount: Option<String>,
}

#[derive(Serialize)]
struct ListView<'a> {
    items: Vec<NoteSummary<'a>>,
}

/// A note without its lines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteSummary<'a> {
    number: &'a str,
    invoice: &'a str,
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
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteView<'a> {
    hash: &'a str,
    credit_note: &'a CreditNote,
}

/// The notes of a partner, oldest first.
async fn list(call: Call) -> Result<Answer, Problem> {
    let partner = asked::partner(&call).await?;
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
    let buyer = partner_get(&call.ctx, call.world.db(), note.buyer.tenant).await?;
    let mut csv = Vec::new();
    credit_note_csv(&note, &buyer.mpn_id, &mut csv)?;
    let answer = Answer::bytes(StatusCode::OK, "text/csv; charset=utf-8", csv);
    Ok(answer.saved_as(&format!("reconciliation-{}.csv", note.number)))
}

/// Issues one.
async fn issue(call: Call) -> Result<Answer, Problem> {
    let number = call.param("number")?.to_owned();
    let body = call.json::<NoteBody>()?;
    let reason = body.reason.ok_or_else(|| Problem::missing("reason"))?;
    // Amounts are read in the invoice's currency. What is not there is said here, in the same words as by the act.
    let currency = invoice_get(&call.ctx, call.world.db(), &number).await?.0.currency()?;
    let line = |line: LineBody| {
        let amount = line.amount.map(|text| money("lines", &text, currency)).transpose()?;
        Ok(CreditLine { line: line.line, amount })
    };
    let lines = body.lines.unwrap_or_default().into_iter().map(line).collect::<Result<_, Problem>>()?;
    let new = NewCreditNote { invoice: number, reason, lines };
    let (note, hash) = credit_note_issue(&call.ctx, call.world.db(), call.world.metering(), new).await?;
    Answer::created(&NoteView { hash: &hash, credit_note: &note })
}

fn summary(note: &CreditNote) -> NoteSummary<'_> {
    NoteSummary {
        number: &note.number,
        invoice: &note.invoice,
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
