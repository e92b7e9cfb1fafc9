//! What a demo world comes to at the moment: asked at each start, because people move its clock and close months.

use super::story::Story;
use serde::Serialize;
use tenantry_billing::{Invoice, InvoiceFilter, invoice_list, unbilled};
use tenantry_commerce::edge_of;
use tenantry_core::{Month, OpContext, Problem, TenantId, Timestamp};
use tenantry_metering::AlertFilter;
use tenantry_usage::Fold;
use tenantry_worlds::World;

/// The figures. Their JSON is part of the answer of `tenantry demo --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// What the world's clock shows.
    #[serde(serialize_with = "as_text")]
    pub clock: Timestamp,
    /// Usage events counted.
    pub events: usize,
    /// What was billed to the partner.
    pub invoices: Vec<Billed>,
    /// What the open month comes to so far.
    pub unbilled: Unbilled,
    /// What the resellers of the longer channel billed their customer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sold: Vec<Sold>,
    /// What was noticed about the partner's subscriptions, oldest first: budgets reached, unusual spending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noticed: Vec<Noticed>,
}

/// A document of the longer channel, to its customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sold {
    /// Who billed it.
    pub seller: String,
    /// The document.
    #[serde(flatten)]
    pub billed: Billed,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noticed {
    /// When it was raised.
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// What kind of alert.
    pub kind: String,
    /// Why, in a sentence.
    pub message: String,
}

/// An issued document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Billed {
    /// Its number.
    pub id: String,
    /// The billed month.
    pub period: String,
    /// What is owed.
    pub total: String,
    /// In which currency.
    pub currency: String,
}

/// The open month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unbilled {
    /// The month.
    pub period: String,
    /// What the next document would ask for today.
    pub total: String,
    /// In which currency.
    pub currency: String,
}

impl Figures {
    /// Asks the world.
    pub(crate) async fn of(world: &World, story: &Story) -> Result<Self, Problem> {
        let ctx = world.system("demo");
        let partner =
            TenantId::parse(&story.partner.party.tenant_id).map_err(|error| Problem::corrupt(error.to_string()))?;
        let invoices = invoice_list(&ctx, world.db(), partner, InvoiceFilter::default()).await?;
        let edge = edge_of(&ctx, world.db(), partner).await?;
        let month = Month::of(ctx.now().day());
        let total = unbilled(&ctx, world.db(), world.metering(), &edge, month).await?.total()?;
        let billed = invoices.into_iter().map(Billed::from).collect();
        let unbilled =
            Unbilled { period: month.to_string(), total: total.to_string(), currency: total.currency().to_string() };
        let events = world.metering().read_all(Fold::events_counted).await;
        let (sold, noticed) = (sold(&ctx, world, story).await?, noticed(&ctx, world, partner).await?);
        Ok(Self { clock: ctx.now(), events, invoices: billed, unbilled, sold, noticed })
    }
}

impl From<Invoice> for Billed {
    fn from(invoice: Invoice) -> Self {
        Self { id: invoice.number, period: invoice.month, total: invoice.total, currency: invoice.currency }
    }
}

async fn sold(ctx: &OpContext, world: &World, story: &Story) -> Result<Vec<Sold>, Problem> {
    let Some(tiers) = &story.tiers else { return Ok(Vec::new()) };
    let customer = TenantId::parse(&tiers.customer.tenant_id).map_err(|error| Problem::corrupt(error.to_string()))?;
    let invoices = invoice_list(ctx, world.db(), customer, InvoiceFilter::default()).await?;
    let sold = invoices.into_iter().map(|invoice| Sold { seller: invoice.seller.name.clone(), billed: invoice.into() });
    Ok(sold.collect())
}

async fn noticed(ctx: &OpContext, world: &World, partner: TenantId) -> Result<Vec<Noticed>, Problem> {
    let alerts = world.metering().alert_list(ctx, AlertFilter::default()).await?;
    let own = alerts.into_iter().rev().filter(|alert| alert.owner == partner);
    Ok(own.map(|alert| Noticed { at: alert.at, kind: alert.kind.name().to_owned(), message: alert.message }).collect())
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}
