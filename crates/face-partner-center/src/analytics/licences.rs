//! How many of the licences that were sold people have: `/v1/analytics/licenses/deployment` of a partner, the same below a
//! customer, and as a table under `/partner/v1`. Source: partner-center-v1.md 2.16 and 3.18.
//!
//! Sold is what the partner's subscriptions, and those of its resellers, hold now, suspended ones among them. Assigned is
//! known to the customer's directory: a customer that gave the caller no role there is in no sum and no table, and by itself
//! it is refused. Licences of one product are one heap however many partners sold some, so no more count as assigned than
//! this one sold.
//!
//! Who uses an assigned licence is known to the service it is for; none reports here, so the reports about use are absent.
//! Whether a percentage is of 100 or of 1 the sources leave open; here it is of 100.

use crate::analytics::query::Query;
use crate::analytics::subscriptions::{page, sellers, sold};
use crate::analytics::table::{Column, Counted, Kind, Row, Table, Value};
use crate::users;
use crate::wire::{Attributes, Collection, Decimal};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_commerce::{Customer, CustomerQuery, Partner, Status, customer_get};
use tenantry_core::{Caller, OpContext, Problem, Quantity, Reason, Timestamp};
use tenantry_directory::{in_customer, subscribed_skus};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// All products that are assigned here are of this service.
const SERVICE: &str = "o365";
const SERVICE_NAME: &str = "Office 365";
/// Everything is sold through a partner.
const CHANNEL: &str = "reseller";

const COLUMNS: &[Column] = &[
    ("serviceCode", Kind::Text),
    ("serviceName", Kind::Text),
    ("channel", Kind::Text),
    ("customerTenantId", Kind::Id),
    ("customerName", Kind::Text),
    ("productId", Kind::Id),
    ("productName", Kind::Text),
    ("licensesDeployed", Kind::Number),
    ("licensesSold", Kind::Number),
    ("processedDateTime", Kind::Date),
];

const COUNTED: Counted = Counted { rows: "rowCount", sum: Some("licensesSold") };

/// A product of a customer: how many the partner sold, and how many of those somebody has.
struct Deployment {
    id: Uuid,
    name: &'static str,
    sold: i64,
    assigned: i64,
}

/// What both resources say.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Insight {
    licenses_sold: i64,
    processed_date_time: Timestamp,
    service_name: &'static str,
    channel: &'static str,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerInsight {
    prorated_deployment_percent: Decimal,
    #[serde(flatten)]
    insight: Insight,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerInsight {
    customer_id: String,
    customer_name: String,
    product_name: &'static str,
    service_code: &'static str,
    licenses_deployed: i64,
    deployment_percent: Decimal,
    #[serde(flatten)]
    insight: Insight,
}

impl Insight {
    fn of(kind: &'static str, sold: i64, at: Timestamp) -> Self {
        let attributes = Attributes::of(kind);
        Self { licenses_sold: sold, processed_date_time: at, service_name: SERVICE, channel: CHANNEL, attributes }
    }
}

/// The sum over all customers, one service. Nothing sold is an empty list.
pub(crate) async fn of_partner(call: Call) -> Result<Answer, Problem> {
    let (mut sold, mut assigned) = (0_i64, 0_i64);
    each(&call, |_, product| {
        sold = sold.saturating_add(product.sold);
        assigned = assigned.saturating_add(product.assigned);
        Ok(())
    })
    .await?;
    let insight = (sold > 0).then(|| PartnerInsight {
        prorated_deployment_percent: percent(assigned, sold),
        insight: Insight::of("PartnerLicensesDeploymentInsights", sold, call.ctx.now()),
    });
    Answer::ok(&Collection::bare(insight.into_iter().collect()))
}

/// The products of `{customer}`.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    let customer = customer_get(&call.ctx, call.world.db(), there.tenant).await?;
    let mut shown = Vec::new();
    for (seller, _) in sellers(&call).await? {
        for product in deployments(&call, &there.ctx, &seller, &customer).await? {
            shown.push(CustomerInsight {
                customer_id: customer.id.to_string(),
                customer_name: customer.company_name.clone(),
                product_name: product.name,
                service_code: SERVICE,
                licenses_deployed: product.assigned,
                deployment_percent: percent(product.assigned, product.sold),
                insight: Insight::of("CustomerLicensesDeploymentInsights", product.sold, call.ctx.now()),
            });
        }
    }
    Answer::ok(&Collection::bare(shown))
}

/// The table: a row for each product of each customer.
pub(crate) async fn table(call: Call) -> Result<Answer, Problem> {
    let query = Query::of(&call, "/partner/v1/analytics/commercial/deployment/license", COLUMNS)?;
    let mut table = Table::new(&query, COUNTED);
    each(&call, |customer, product| table.take(row(customer, product, call.ctx.now()))).await?;
    let page = table.finish();
    Answer::ok(&query.answer(page))
}

fn row(customer: &Customer, product: &Deployment, at: Timestamp) -> Row {
    vec![
        SERVICE.into(),
        SERVICE_NAME.into(),
        CHANNEL.into(),
        customer.id.to_string().into(),
        customer.company_name.as_str().into(),
        product.id.to_string().into(),
        product.name.into(),
        Value::Number(product.assigned),
        Value::Number(product.sold),
        Value::Date(at),
    ]
}

/// All products of all customers whose directory the caller may read, a page of customers at a time.
async fn each(call: &Call, mut take: impl FnMut(&Customer, &Deployment) -> Result<(), Problem>) -> Result<(), Problem> {
    for (seller, _) in sellers(call).await? {
        let mut customers = CustomerQuery::all(seller.tenant);
        while let Some(page) = page(call, &mut customers).await? {
            for customer in page {
                let there = match in_customer(&call.ctx, call.world.db(), customer.id).await {
                    Ok(there) => there,
                    // This customer delegated nothing to them. To an application nobody can: it is told so.
                    Err(problem) if problem.reason() == Reason::Forbidden && is_person(call) => continue,
                    Err(problem) => return Err(problem),
                };
                for product in deployments(call, &there, &seller, &customer).await? {
                    take(&customer, &product)?;
                }
            }
        }
    }
    Ok(())
}

fn is_person(call: &Call) -> bool {
    matches!(&call.ctx.caller, Caller::SignedIn(identity) if identity.user.is_some())
}

/// What a seller sold to a customer, by product.
async fn deployments(
    call: &Call,
    there: &OpContext,
    seller: &Partner,
    customer: &Customer,
) -> Result<Vec<Deployment>, Problem> {
    let mut products = BTreeMap::new();
    for subscription in sold(call, seller, customer).await? {
        let Some(product) = subscription.offer.product else { continue };
        if subscription.state.status() != Status::Deleted {
            let id = Uuid::try_parse(product.id).map_err(|_| Problem::corrupt("an offer's product has no id"))?;
            let entry = products.entry(id).or_insert(Deployment { id, name: product.name, sold: 0, assigned: 0 });
            entry.sold = entry.sold.saturating_add(subscription.quantity);
        }
    }
    if products.is_empty() {
        return Ok(Vec::new());
    }
    for owned in subscribed_skus(there, call.world.db(), customer.id).await? {
        if let Some(product) = products.get_mut(&owned.product.id) {
            product.assigned = owned.consumed.min(product.sold);
        }
    }
    Ok(products.into_values().collect())
}

/// Rounded down to hundredths.
fn percent(part: i64, whole: i64) -> Decimal {
    const HUNDREDTH: i128 = Quantity::ONE.units() / 100;
    let hundredths = i128::from(part).saturating_mul(10_000).checked_div_euclid(i128::from(whole)).unwrap_or_default();
    Quantity::from_units(hundredths.saturating_mul(HUNDREDTH)).into()
}
