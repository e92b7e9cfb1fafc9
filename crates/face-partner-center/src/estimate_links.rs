//! `GET /v1/invoices/estimates/links`: where the charges are that no invoice shows yet. Source: partner-center-v1.md 2.10
//! row 147, 3.11.
//!
//! The field knows two kinds: usage by the day, and everything else. Ours lead to the lists that hold such lines here:
//! usage is `azure`, seats are `office` as licences and `all` as bought by the modern agreement. The month before is
//! linked as long as it is not closed.

use crate::params;
use crate::wire::links::uri;
use crate::wire::{Attributes, Collection, Link};
use serde::Serialize;
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Month, Problem};
use tenantry_http::{Answer, Call};

/// Lines on a page of what is linked: the most there can be.
const SIZE: &str = "2000";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EstimateLink {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    period: &'static str,
    link: Link,
    attributes: Attributes,
}

/// A list of open lines: type, title, description, provider and type of line.
type List = (&'static str, &'static str, &'static str, &'static str, &'static str);

const LISTS: [List; 3] = [
    ("daily_rated_usage", "Daily usage", "Metered usage by resource and day", "azure", "usagelineitems"),
    ("non_consumption", "Licences", "Charges for seats of licences", "office", "billinglineitems"),
    ("non_consumption", "Purchases", "Charges for what was bought by the modern agreement", "all", "billinglineitems"),
];

/// The links of a currency; that of the partner by default, because one client forgets to name it. There are no charges in
/// another.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let asked = call.query("currencyCode").map(str::trim).filter(|text| !text.is_empty());
    let asked = asked.map(Currency::parse).transpose().map_err(|error| Problem::invalid("currencyCode", error))?;
    let edge = edge_of(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    let before = Month::of(call.ctx.now().day()).previous();
    let is_open = call.world.metering().last_closed_month().await.is_none_or(|closed| closed < before);
    let periods = [Some("Current"), is_open.then_some("Previous")];
    let wanted = asked.is_none_or(|asked| asked == edge.currency);
    let items = periods.into_iter().flatten().filter(|_| wanted);
    let items = items.flat_map(|period| LISTS.map(|list| EstimateLink::new(list, period, edge.currency)));
    Answer::ok(&Collection::whole(items.collect(), "/invoices/estimates/links"))
}

impl EstimateLink {
    fn new((kind, title, description, provider, line_type): List, period: &'static str, currency: Currency) -> Self {
        let query = [
            ("provider", provider),
            ("invoicelineitemtype", line_type),
            ("currencycode", currency.code()),
            ("period", if period == "Current" { "current" } else { "previous" }),
            ("size", SIZE),
        ];
        Self {
            kind,
            title,
            description,
            period,
            link: Link::get(uri("/invoices/unbilled/lineitems", query)),
            attributes: Attributes::of("EstimateLink"),
        }
    }
}
