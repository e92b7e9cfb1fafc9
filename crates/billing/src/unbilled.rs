//! What the next document will show, as known now.

use crate::Draft;
use tenantry_commerce::Edge;
use tenantry_core::{Month, OpContext, Problem};
use tenantry_metering::Metering;

/// The draft of an edge for usage up to and including a month. Closing that month now would issue exactly this.
pub async fn unbilled(ctx: &OpContext, metering: &Metering, edge: &Edge, through: Month) -> Result<Draft, Problem> {
    let lines = metering.unbilled(ctx, edge.id, through).await?;
    Ok(metering.read_all(|fold| Draft::new(edge.id, edge.currency, lines, fold.book())).await)
}
