//! `GET /v1/invoices`: the partner's invoices and credit notes, the newest first, as recorded.
//!
//! What all of them ask for and what was paid on them come to the balance, less what was paid in advance.

use crate::invoices::condition::Condition;
use crate::invoices::paid::Paid;
use crate::invoices::view::InvoiceView;
use crate::params;
use crate::wire::filter::Filter;
use crate::wire::paging::Cut;
use tenantry_billing::{Invoice, InvoiceFilter, credit_note_list, invoice_list};
use tenantry_core::{Problem, Timestamp};
use tenantry_http::{Answer, Call};

/// Invoices on a page, at most and by default (partner-center-v1.md 1.6).
const SIZE_MAX: usize = 200;

/// A page of invoices.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let condition = Filter::of(&call)?.as_ref().map(Condition::of).transpose()?;
    let cut = Cut::of(&call, SIZE_MAX, SIZE_MAX)?;
    let partner = params::partner(&call)?;
    let (ctx, db) = (&call.ctx, call.world.db());
    let (invoices, notes) =
        (invoice_list(ctx, db, partner, InvoiceFilter::default()).await?, credit_note_list(ctx, db, partner).await?);
    let paid = Paid::by(&call, partner).await?;
    let mut oldest_first: Vec<(Timestamp, InvoiceView)> = Vec::with_capacity(invoices.len() + notes.len());
    for invoice in &invoices {
        oldest_first.push((invoice.issued_at()?, InvoiceView::new(invoice, &paid, &notes)?));
    }
    for note in &notes {
        let about =
            |invoice: &&Invoice| (&invoice.number, invoice.seller.tenant) == (&note.invoice, note.seller.tenant);
        let invoice = invoices.iter().find(about);
        let missing = || Problem::corrupt(format!("credit note {} is about no invoice of its buyer", note.number));
        let view = InvoiceView::credit_note(note, invoice.ok_or_else(missing)?)?;
        oldest_first.push((note.issued_at()?, view));
    }
    // Stable: a note comes after its invoice, also if a sandbox's clock stood still in between.
    oldest_first.sort_by_key(|(at, _)| *at);
    let holds = |at| condition.as_ref().is_none_or(|condition| condition.holds(at));
    let views = oldest_first.into_iter().rev().filter(|(at, _)| holds(*at)).map(|(_, view)| view).collect();
    Answer::ok(&cut.page(&call, "/invoices", views, |view| view))
}
