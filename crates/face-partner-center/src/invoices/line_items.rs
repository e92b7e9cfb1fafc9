//! Lines of an invoice, by path (`/lineitems/Azure/BillingLineItems`) and by query (`?provider=..`).
//!
//! Both show the same items. By path they are cut by `size` and `offset`, by query they go on by a token, as each
//! family of clients expects (partner-center-v1.md 2.10). The token holds the whole question: follow-ups bring
//! nothing else.

use crate::invoices::bill::{Bill, Shown};
use crate::invoices::get::number;
use crate::invoices::line_item::LineItem;
use crate::invoices::open_lines::{SPANS, Span};
use crate::invoices::provider::{LINE_TYPES, LineType, PROVIDERS, Provider};
use crate::wire::paging::Cut;
use crate::wire::words::Words;
use crate::wire::{Collection, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::{Currency, Problem};
use tenantry_http::{Answer, Call};

/// Items on a page, at most and by default (partner-center-v1.md 1.6).
const SIZE_MAX: usize = 2000;

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Chosen {
    provider: Provider,
    line_type: LineType,
    span: Span,
    currency: Option<Currency>,
}

/// Which lines, and how far they were shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Turn {
    chosen: Chosen,
    size: usize,
    offset: usize,
}

/// Lines chosen by path.
pub(crate) async fn line_items(call: Call) -> Result<Answer, Problem> {
    let chosen = Chosen::read(&call, call.param("provider")?, ("type", call.param("type")?))?;
    let cut = Cut::of(&call, SIZE_MAX, SIZE_MAX)?;
    let bill = chosen.bill(&call).await?;
    let (provider, line_type) = (chosen.provider.segment(), chosen.line_type.segment());
    let path = format!("/invoices/{}/lineitems/{provider}/{line_type}", bill.segment);
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
    // Links name the invoice by its bare number, whatever the first request put before it.
    let list = format!("/invoices/{}/lineitems", number(call.param("invoice")?).to_ascii_lowercase());
    let turn = match seek::state::<Turn>(&call, &list)? {
        Some(turn) => Turn { size: turn.size.clamp(1, SIZE_MAX), ..turn },
        None => Turn::first(&call)?,
    };
    let bill = turn.chosen.bill(&call).await?;
    let lines = turn.chosen.lines(&bill);
    let rest = lines.get(turn.offset..).unwrap_or_default();
    let shown = rest.get(..turn.size).unwrap_or(rest);
    let next = (shown.len() < rest.len()).then(|| Turn { offset: turn.offset + shown.len(), ..turn.clone() });
    let path = format!("/invoices/{}/lineitems", bill.segment);
    let items = views(&bill, shown)?;
    Answer::ok(&seek::page(&call, seek::LOWER, (&list, &path), items, next.as_ref())?)
}

fn views(bill: &Bill, shown: &[Shown<'_>]) -> Result<Vec<LineItem>, Problem> {
    shown.iter().map(|shown| bill.view(*shown)).collect()
}

impl Turn {
    fn first(call: &Call) -> Result<Self, Problem> {
        let required = |name: &str| call.query(name).ok_or_else(|| Problem::missing(name));
        let line_type = ("invoiceLineItemType", required("invoiceLineItemType")?);
        let chosen = Chosen::read(call, required("provider")?, line_type)?;
        let cut = Cut::of(call, SIZE_MAX, SIZE_MAX)?;
        Ok(Self { chosen, size: cut.size, offset: cut.offset })
    }
}

impl Chosen {
    /// `line_type` comes with the name it has in the request.
    fn read(call: &Call, provider: &str, line_type: (&str, &str)) -> Result<Self, Problem> {
        let currency = given(call, "currencyCode")
            .map(|text| Currency::parse(text).map_err(|error| Problem::invalid("currencyCode", error)))
            .transpose()?;
        Ok(Self {
            provider: PROVIDERS.read("provider", provider)?,
            line_type: LINE_TYPES.read(line_type.0, line_type.1)?,
            // Of an issued document it says nothing, and not all clients send it for open lines.
            span: read_or(call, "period", &SPANS, Span::Current)?,
            currency,
        })
    }

    async fn bill(&self, call: &Call) -> Result<Bill, Problem> {
        Bill::of(call, self.line_type, self.span).await
    }

    /// The lines that match. We have none of another provider's, nor in another currency than the document's.
    fn lines<'a>(&self, bill: &'a Bill) -> Vec<Shown<'a>> {
        let other_currency = self.currency.is_some_and(|currency| currency != bill.currency);
        if self.provider != Provider::Azure || other_currency {
            return Vec::new();
        }
        bill.shown(self.line_type)
    }
}

fn given<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|text| !text.is_empty())
}

fn read_or<T: Copy>(call: &Call, name: &str, words: &Words<T>, otherwise: T) -> Result<T, Problem> {
    given(call, name).map_or(Ok(otherwise), |text| words.read(name, text))
}
