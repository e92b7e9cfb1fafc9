//! `GET /v1/customers/usagerecords` and `GET /v1/customers/{c}/usagesummary`: what customers come to.

use crate::params;
use crate::usage::budget::SpendingBudget;
use crate::usage::figures::Figures;
use crate::usage::record::{Period, Record};
use crate::wire::{Attributes, Collection, Decimal, Links};
use serde::Serialize;
use tenantry_billing::{metered_customers, name_of};
use tenantry_core::{Problem, Quantity};
use tenantry_http::{Answer, Call};
use tenantry_metering::UsageBudget;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerMonthlyUsageRecord {
    #[serde(flatten)]
    record: Record,
    /// Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<SpendingBudget>,
    /// Of the budget, by the running month; 0 without one.
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
    /// Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<SpendingBudget>,
    links: Links,
    attributes: Attributes,
}

/// A record for each customer with a subscription that has usage.
pub(crate) async fn customer_records(call: Call) -> Result<Answer, Problem> {
    let figures = Figures::of(&call).await?;
    let mut items = Vec::new();
    for customer in metered_customers(&call.ctx, call.world.db(), figures.partner.tenant).await? {
        let total = figures.total_of_customer(customer.id)?;
        let budget = figures.budget(customer.id);
        items.push(CustomerMonthlyUsageRecord {
            record: figures.record(customer.id.to_string(), customer.name, total),
            budget: budget.map(SpendingBudget::of),
            percent_used: budget.map_or(Quantity::ZERO, UsageBudget::percent_used).into(),
            is_upgraded: false,
            attributes: Attributes::of("CustomerMonthlyUsageRecord"),
        });
    }
    Answer::ok(&Collection::whole(items, "/customers/usagerecords"))
}

/// One customer's summary; zero for one without usage.
pub(crate) async fn customer_summary(call: Call) -> Result<Answer, Problem> {
    let customer = name_of(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let figures = Figures::of(&call).await?;
    let total = figures.total_of_customer(customer.id)?;
    Answer::ok(&CustomerUsageSummary {
        record: figures.record(customer.id.to_string(), customer.name, total),
        period: figures.period.clone(),
        budget: figures.budget(customer.id).map(SpendingBudget::of),
        links: Links::to_self(format!("/customers/{}/usagesummary", customer.id)),
        attributes: Attributes::of("CustomerUsageSummary"),
    })
}
