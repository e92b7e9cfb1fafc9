//! `GET /v1/invoices`: the partner's invoices, the newest first, as recorded.

use crate::invoices::condition::Condition;
use crate::invoices::view::InvoiceView;
use crate::params;
use crate::wire::filter::Filter;
use crate::wire::paging::Cut;
use tenantry_billing::{InvoiceFilter, invoice_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Invoices on a page, at most and by default (partner-center-v1.md 1.6).
const SIZE_MAX: usize = 200;

/// A page of invoices.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let condition = Filter::of(&call)?.as_ref().map(Condition::of).transpose()?;
    let cut = Cut::of(&call, SIZE_MAX, SIZE_MAX)?;
    let partner = params::partner(&call)?;
    let oldest_first = invoice_list(&call.ctx, call.world.db(), partner, InvoiceFilter::default()).await?;
    let mut views = Vec::with_capacity(oldest_first.len());
    for invoice in oldest_first.iter().rev() {
        let at = invoice.issued_at()?;
        if condition.as_ref().is_none_or(|condition| condition.holds(at)) {
            views.push(InvoiceView::new(invoice)?);
        }
    }
    Answer::ok(&cut.page(&call, "/invoices", views, |view| view))
}
