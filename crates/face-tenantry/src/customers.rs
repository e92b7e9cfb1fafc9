//! `GET /api/v1/customers`: a partner's customers, and for an indirect provider those of a reseller it names.
//!
//! Partner Center's list shows a partner its own customers and has no filter for a reseller that anybody recorded
//! (partner-center-v1.md, operation 1). An indirect provider may order for its resellers' customers, so it must be able to
//! find them.

use crate::document::{Detail, PARTNER, optional};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_commerce::{CUSTOMER_PAGE_MAX, Customer, CustomerQuery, customer_list};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route};

pub(crate) const DETAILS: [Detail; 1] = [Detail::of("customers.list").query(&[
    PARTNER,
    optional("after", "`next` of the page before; the first page by default"),
    optional("size", "Customers on a page, 1 to 500; 500 by default"),
])];

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/customers", "customers.list", "A partner's customers, or those of a reseller", list)]
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView<'a> {
    items: Vec<CustomerView<'a>>,
    /// Where the next page begins; not there on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    tenant: TenantId,
    /// Who sells to it.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    company_name: &'a str,
    domain: &'a str,
    country: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
}

/// Those of a partner, in the order of their creation.
async fn list(call: Call) -> Result<Answer, Problem> {
    let query = CustomerQuery {
        partner: asked::partner(&call).await?,
        filter: None,
        after: asked::parsed(&call, "after", str::parse)?.unwrap_or_default(),
        size: asked::parsed(&call, "size", str::parse)?.unwrap_or(CUSTOMER_PAGE_MAX),
    };
    let page = customer_list(&call.ctx, call.world.db(), query).await?;
    let last = page.items.last().filter(|_| page.more);
    let next = last.map(|customer| customer.number.to_string());
    Answer::ok(&ListView { items: page.items.iter().map(view).collect(), next })
}

fn view(customer: &Customer) -> CustomerView<'_> {
    CustomerView {
        tenant: customer.id,
        partner: customer.partner,
        company_name: &customer.company_name,
        domain: &customer.domain,
        country: customer.country(),
        created_at: customer.created_at,
    }
}
