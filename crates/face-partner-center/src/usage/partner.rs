//! `GET /v1/usagesummary`: what all customers of a partner come to.

use crate::usage::figures::Figures;
use crate::usage::record::{Period, Record};
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_billing::metered_customers;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};
use tenantry_metering::UsageBudget;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerUsageSummary {
    #[serde(flatten)]
    record: Record,
    #[serde(flatten)]
    period: Period,
    emails_to_notify: [String; 0],
    customers_over_budget: usize,
    /// Close to it: from 80 % on, where the field sends its mail (partner-center-v1.md 4.6). What "trending" is to the
    /// field is not said more closely.
    customers_trending_over: usize,
    customers_with_usage_based_subscription: usize,
    links: Links,
    attributes: Attributes,
}

/// The partner's summary.
pub(crate) async fn partner_summary(call: Call) -> Result<Answer, Problem> {
    let figures = Figures::of(&call).await?;
    let customers = metered_customers(&call.ctx, call.world.db(), figures.partner.tenant).await?;
    let (tenant, name) = (figures.partner.tenant.to_string(), &figures.partner.company_name);
    Answer::ok(&PartnerUsageSummary {
        record: figures.record(tenant, name, figures.total()?),
        period: figures.period.clone(),
        emails_to_notify: [],
        customers_over_budget: figures.budgets_that(UsageBudget::is_over),
        customers_trending_over: figures.budgets_that(UsageBudget::is_near),
        customers_with_usage_based_subscription: customers.len(),
        links: Links::to_self("/usagesummary"),
        attributes: Attributes::of("PartnerUsageSummary"),
    })
}
