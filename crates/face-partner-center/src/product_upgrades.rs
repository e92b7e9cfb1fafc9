//! Product upgrades: a customer's Azure subscriptions, which were bought by themselves, move under an Azure plan.
//!
//! Source: partner-center-v1.md 2.7 rows 121 to 123, 3.7, 4.5. `Azure` is the only family there is. An upgrade is done when it
//! is answered, so its status is always `Completed`. The link to it has no slash in front, as clients expect.

use crate::params;
use crate::wire::input::Body;
use crate::wire::words::Words;
use crate::wire::{Attributes, upper};
use serde::Serialize;
use tenantry_commerce::{
    AzurePlanUpgrade, Limits, MovedUnderPlan, Offer, azure_plan_upgrade, azure_plan_upgrade_get,
    azure_plan_upgrade_obstacle,
};
use tenantry_core::{Problem, TenantId};
use tenantry_http::{Answer, Call, StatusCode, header};

const FAMILIES: Words<()> = Words(&[(AZURE, ())]);
const AZURE: &str = "Azure";
const COMPLETED: &str = "Completed";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    customer_id: String,
    is_eligible: bool,
    product_family: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    id: String,
    product_family: &'static str,
    status: &'static str,
    line_items: Vec<Line>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    source_product: Product,
    target_product: Product,
    upgraded_date: String,
    status: &'static str,
}

/// A subscription, and what it is of.
#[derive(Debug, Serialize)]
struct Product {
    id: String,
    name: &'static str,
}

impl Status {
    fn of(made: AzurePlanUpgrade) -> Self {
        let at = made.made_at.to_string();
        let product = |of: &MovedUnderPlan, offer: &Offer| Product { id: upper(of.subscription), name: offer.name };
        let line = |moved: &MovedUnderPlan| Line {
            source_product: product(moved, moved.from),
            target_product: product(moved, moved.to),
            upgraded_date: at.clone(),
            status: COMPLETED,
        };
        Self {
            id: made.id.to_string(),
            product_family: AZURE,
            status: COMPLETED,
            line_items: made.moved.iter().map(line).collect(),
            attributes: Attributes::of("ProductUpgradesStatus"),
        }
    }
}

/// Whose products a request is about.
fn customer(call: &Call) -> Result<TenantId, Problem> {
    let body = Body::of(call)?;
    let fields = body.fields()?;
    let id = fields.text("customerId")?.filter(|id| !id.trim().is_empty());
    let id = id.ok_or_else(|| Problem::missing(fields.path("customerId")))?;
    let customer = TenantId::parse(id.trim()).map_err(|error| Problem::invalid(fields.path("customerId"), error))?;
    fields.word("productFamily", &FAMILIES)?.ok_or_else(|| Problem::missing(fields.path("productFamily")))?;
    Ok(customer)
}

pub(crate) async fn eligibility(call: Call) -> Result<Answer, Problem> {
    let customer = customer(&call)?;
    let obstacle = azure_plan_upgrade_obstacle(&call.ctx, call.world.db(), &Limits::NONE, customer).await?;
    Answer::ok(&Eligibility {
        customer_id: customer.to_string(),
        is_eligible: obstacle.is_none(),
        product_family: AZURE,
        reason: obstacle.map(|obstacle| obstacle.message().to_owned()),
        attributes: Attributes::of("ProductUpgradesEligibility"),
    })
}

pub(crate) async fn upgrade(call: Call) -> Result<Answer, Problem> {
    let customer = customer(&call)?;
    let made = azure_plan_upgrade(&call.ctx, call.world.db(), &Limits::NONE, customer).await?;
    Ok(Answer::empty(StatusCode::ACCEPTED).with(header::LOCATION, format!("productUpgrades/{}", made.id)))
}

pub(crate) async fn status(call: Call) -> Result<Answer, Problem> {
    let id = params::product_upgrade(&call)?;
    let customer = customer(&call)?;
    let made = azure_plan_upgrade_get(&call.ctx, call.world.db(), customer, id).await?;
    Answer::ok(&Status::of(made))
}
