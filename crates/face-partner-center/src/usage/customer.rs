//! `GET /v1/customers/usagerecords` and `GET /v1/customers/{c}/usagesummary`: what customers come to.

use crate::params;
use crate::usage::figures::{Figures, is_metered};
use crate::usage::record::{Period, Record};
use crate::wire::{Attributes, Collection, Decimal, Links};
use serde::Serialize;
use tenantry_commerce::{Customer, CustomerQuery, customer_get, customer_list, subscription_list};
use tenantry_core::{Problem, Quantity, TenantId};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerMonthlyUsageRecord {
    #[serde(flatten)]
    record: Record,
    percent_used: Decimal,
    /// Moved to a plan of the newer kind. None here is.
    is_upgraded: bool,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerUsageSummary {
    #[serde(flatten)]
    record: Record,
    #[serde(flatten)]
    period: Period,
    links: Links,
    attributes: Attributes,
}

/// A record for each customer with a subscription that has usage.
pub(crate) async fn customer_records(call: Call) -> Result<Answer, Problem> {
    let figures = Figures::of(&call).await?;
    let mut items = Vec::new();
    for customer in metered_customers(&call, figures.partner.tenant).await? {
        let total = figures.total_of_customer(customer.id)?;
        items.push(CustomerMonthlyUsageRecord {
            record: figures.record(customer.id.to_string(), customer.company_name, total),
            percent_used: Quantity::ZERO.into(),
            is_upgraded: false,
            attributes: Attributes::of("CustomerMonthlyUsageRecord"),
        });
    }
    Answer::ok(&Collection::whole(items, "/customers/usagerecords"))
}

/// One customer's summary; zero for one without usage.
pub(crate) async fn customer_summary(call: Call) -> Result<Answer, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let figures = Figures::of(&call).await?;
    let total = figures.total_of_customer(customer.id)?;
    Answer::ok(&CustomerUsageSummary {
        record: figures.record(customer.id.to_string(), customer.company_name, total),
        period: figures.period.clone(),
        links: Links::to_self(format!("/customers/{}/usagesummary", customer.id)),
        attributes: Attributes::of("CustomerUsageSummary"),
    })
}

/// A partner's customers with a subscription that has usage, in the order of their creation.
pub(super) async fn metered_customers(call: &Call, partner: TenantId) -> Result<Vec<Customer>, Problem> {
    let (ctx, db) = (&call.ctx, call.world.db());
    let mut metered = Vec::new();
    let mut query = CustomerQuery::all(partner);
    loop {
        let page = customer_list(ctx, db, query.clone()).await?;
        if let Some(last) = page.items.last() {
            query.after = last.number;
        }
        for customer in page.items {
            if subscription_list(ctx, db, customer.id, None).await?.iter().any(is_metered) {
                metered.push(customer);
            }
        }
        if !page.more {
            return Ok(metered);
        }
    }
}
