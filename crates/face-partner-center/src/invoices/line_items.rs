//! Lines of an invoice, by path (`/lineitems/Azure/BillingLineItems`) and by query (`?provider=..`).
//!
//! Both show the same items. By path the lines of a document are cut by `size` and `offset`, by query they go on by a
//! token, as each family of clients expects (partner-center-v1.md 2.10). Open lines go on by a token either way: an
//! offset has no meaning in a list that is computed anew for every page (see [`crate::invoices::turn`]).

use crate::invoices::bill::{Bill, Shown, is_open};
use crate::invoices::chosen::Chosen;
use crate::invoices::get::number;
use crate::invoices::line_item::LineItem;
use crate::invoices::turn::{SIZE_MAX, Turn};
use crate::wire::paging::Cut;
use crate::wire::{Collection, seek};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Lines chosen by path.
pub(crate) async fn line_items(call: Call) -> Result<Answer, Problem> {
    let chosen = Chosen::read(&call, call.param("provider")?, ("type", call.param("type")?))?;
    let tail = format!("/{}/{}", chosen.provider.segment(), chosen.line_type.segment());
    if is_open(&call)? {
        return by_token(&call, &tail, |call| Turn::first(call, chosen)).await;
    }
    let cut = Cut::of(&call, SIZE_MAX, SIZE_MAX)?;
    let bill = chosen.bill(&call).await?;
    let path = format!("/invoices/{}/lineitems{tail}", bill.segment);
    let page = cut.page(&call, &path, chosen.lines(&bill), |shown| shown);
    Answer::ok(&Collection {
        items: views(&bill, &page.items)?,
        total_count: page.total_count,
        continuation_token: page.continuation_token,
        links: page.links,
        attributes: page.attributes,
    })
}

/// Lines chosen by query.
pub(crate) async fn line_items_by_query(call: Call) -> Result<Answer, Problem> {
    by_token(&call, "", |call| {
        let required = |name: &str| call.query(name).ok_or_else(|| Problem::missing(name));
        let line_type = ("invoiceLineItemType", required("invoiceLineItemType")?);
        Turn::first(call, Chosen::read(call, required("provider")?, line_type)?)
    })
    .await
}

/// A page of the list at `/invoices/{invoice}/lineitems` and `tail`, which `first` begins.
async fn by_token(
    call: &Call,
    tail: &str,
    first: impl FnOnce(&Call) -> Result<Turn, Problem>,
) -> Result<Answer, Problem> {
    // Links name the invoice by its bare number, whatever the first request put before it.
    let list = format!("/invoices/{}/lineitems{tail}", number(call.param("invoice")?).to_ascii_lowercase());
    let turn = match seek::state::<Turn>(call, &list)? {
        Some(turn) => turn.bounded(),
        None => first(call)?,
    };
    let bill = turn.chosen.bill(call).await?;
    let (shown, next) = turn.page(&bill);
    let path = format!("/invoices/{}/lineitems{tail}", bill.segment);
    let items = views(&bill, &shown)?;
    Answer::ok(&seek::page(call, seek::LOWER, (&list, &path), items, next.as_ref())?)
}

fn views(bill: &Bill, shown: &[Shown<'_>]) -> Result<Vec<LineItem>, Problem> {
    shown.iter().map(|shown| bill.view(*shown)).collect()
}
