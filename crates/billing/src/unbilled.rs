//! What the next document will show, as known now.

use crate::Draft;
use crate::rounding::rounding_at;
use tenantry_commerce::Edge;
use tenantry_core::{Month, OpContext, Problem};
use tenantry_db::Db;
use tenantry_metering::Metering;

/// The draft of an edge for usage up to and including a month. Closing that month now would issue exactly this.
pub async fn unbilled(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
    through: Month,
) -> Result<Draft, Problem> {
    let lines = metering.unbilled(ctx, edge.id, through).await?;
    let rounding = rounding_at(&mut db.reader().await?, edge.id, ctx.now()).await?;
    let draft = metering.read_all(|fold| Draft::new(edge.id, edge.currency, lines, fold.book())).await;
    Ok(draft.rounded(rounding))
}
