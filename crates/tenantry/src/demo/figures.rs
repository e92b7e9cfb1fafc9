//! What a demo world comes to at the moment: asked at each start, because people move its clock and close months.

use super::story::Story;
use serde::Serialize;
use tenantry_billing::{InvoiceFilter, invoice_list, unbilled};
use tenantry_commerce::edge_of;
use tenantry_core::{Month, Problem, TenantId, Timestamp};
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
        let billed = invoices
            .into_iter()
            .map(|i| Billed { id: i.number, period: i.month, total: i.total, currency: i.currency })
            .collect();
        let unbilled =
            Unbilled { period: month.to_string(), total: total.to_string(), currency: total.currency().to_string() };
        let events = world.metering().read_all(Fold::events_counted).await;
        Ok(Self { clock: ctx.now(), events, invoices: billed, unbilled })
    }
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}
