//! What the next document will show, as known now.

use crate::Draft;
use crate::fx::Rates;
use crate::read::naming;
use crate::rounding::rounding_at;
use tenantry_access::{InvoiceRead, allow};
use tenantry_commerce::Edge;
use tenantry_core::{Month, OpContext, Problem};
use tenantry_db::Db;
use tenantry_metering::Metering;

/// The draft of an edge for usage up to and including a month. Closing that month now would issue exactly this.
///
/// Of an edge that is billed in another currency than it is priced in, that holds once the month has its exchange rate;
/// until then it is shown at that of the last month that has one.
///
/// # Errors
/// `ExchangeRateMissing` if there never was one.
pub async fn unbilled(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
    through: Month,
) -> Result<Draft, Problem> {
    allow::<InvoiceRead, _>(ctx, edge.scope())?;
    // Asked of the edge as it was made: the usage log does not say who on it is a customer.
    let lines = metering.unbilled(&naming(ctx), edge.id, through).await?;
    let rounding = rounding_at(&mut db.reader().await?, edge.id, ctx.now()).await?;
    let draft = metering
        .read_all(|fold| {
            let seats = fold.seats_unbilled(edge.id, through);
            let draft = Draft::new(edge.id, edge.currency, lines, fold.book()).with_seats(seats);
            let draft = draft.for_buyer(fold, Rates::Estimated(through))?;
            Ok::<_, Problem>(Draft { unpriced: fold.seats_unpriced(edge.id, through), ..draft })
        })
        .await?;
    Ok(draft.rounded(rounding))
}
