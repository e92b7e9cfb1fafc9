//! Reading prices that were named for a buyer: what a seller set. What its buyer pays is asked of rating, which knows the
//! whole channel; a buyer is told a price, and not which part of it its seller named.

use crate::channel::Channel;
use crate::edge_add_price_rule::may_price;
use crate::edge_price_sheet::{EdgePriceSheetSummary, no_edge_price_sheet};
use crate::partner::missing;
use crate::reach::Reach;
use crate::scope::CustomerPriceScope;
use crate::{Edge, customer_prices, edge_price_file, rate_card, rows};
use tenantry_access::{CustomerPriceManage, allow};
use tenantry_core::{Caller, Currency, OpContext, PriceSheetId, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, Reader};
use tenantry_rating::PriceSheet;

/// All lists of an edge, oldest import first: its seller's to read. `between` names seller and buyer; the seller only of a
/// customer that is billed by several.
///
/// # Errors
/// `Forbidden` for the buyer, who reads its prices.
pub async fn edge_price_sheet_list(
    ctx: &OpContext,
    db: &Db,
    between: (Option<TenantId>, TenantId),
) -> Result<Vec<EdgePriceSheetSummary>, Problem> {
    let mut reader = db.reader().await?;
    let channel = channel_priced_by(ctx, &mut reader, between).await?;
    rows::edge_price_sheet::of_edge(&mut reader, channel.last().id).await
}

/// One list with all its prices.
///
/// # Errors
/// As [`edge_price_sheet_list`]; `PriceSheetNotFound` for a list of another edge.
pub async fn edge_price_sheet_get(
    ctx: &OpContext,
    db: &Db,
    between: (Option<TenantId>, TenantId),
    id: PriceSheetId,
) -> Result<(EdgePriceSheetSummary, PriceSheet), Problem> {
    let mut reader = db.reader().await?;
    let edge = channel_priced_by(ctx, &mut reader, between).await?.last().id;
    let found = rows::edge_price_sheet::by_id(&mut reader, id).await?.filter(|found| found.edge == edge);
    whole(&mut reader, found.ok_or_else(|| no_edge_price_sheet(id))?).await
}

/// A list with its prices, for the platform: rating follows what was imported.
///
/// # Errors
/// `Forbidden` for everybody else.
pub async fn edge_price_sheet_followed(ctx: &OpContext, db: &Db, id: PriceSheetId) -> Result<PriceSheet, Problem> {
    let Caller::System(_) = ctx.caller else {
        return Err(Problem::new(Reason::Forbidden, "only the platform follows imports"));
    };
    let mut reader = db.reader().await?;
    let found = rows::edge_price_sheet::by_id(&mut reader, id).await?;
    Ok(whole(&mut reader, found.ok_or_else(|| no_edge_price_sheet(id))?).await?.1)
}

/// The channel to a buyer, a partner or a customer that is billed here, for who sets its prices.
pub(crate) async fn channel_priced_by(
    ctx: &OpContext,
    on: &mut impl Connection,
    (seller, buyer): (Option<TenantId>, TenantId),
) -> Result<Channel, Problem> {
    if let Some(channel) = customer_prices::channel_to(ctx, on, seller, buyer).await? {
        let scope = CustomerPriceScope { seller: channel.last().seller, customer: buyer };
        allow::<CustomerPriceManage, _>(ctx, scope)?;
        return Ok(channel);
    }
    if !rows::edge::within(on, Reach::of(ctx)?, buyer).await? {
        return Err(missing(ctx, buyer));
    }
    let channel = Channel::of(on, buyer).await?;
    may_price(ctx, &channel)?;
    Ok(channel)
}

/// In which market and currency the prices of each edge are named: those of the price sheets along its channel. The
/// currency an edge is billed in may be another. For rooms that rate; it answers nobody by itself.
pub async fn edge_pricing(db: &Db, edge: &Edge) -> Result<(String, Currency), Problem> {
    let mut reader = db.reader().await?;
    // The edge itself may be to a customer; who sells on it is a partner, or the provider.
    let channel = match Channel::to(&mut reader, edge.seller).await? {
        Some(channel) => Some(channel),
        None => Channel::to(&mut reader, edge.buyer).await?,
    };
    let first = channel.as_ref().map(|channel| (channel.first().market.clone(), channel.first().currency));
    Ok(first.unwrap_or_else(|| (edge.market.clone(), edge.currency)))
}

/// Whether who sells on an edge buys himself: then the public prices are not for its buyer, who would read from them what part
/// of the difference its seller keeps. For rooms that show prices; it answers nobody by itself.
pub async fn edge_is_resold(db: &Db, edge: &Edge) -> Result<bool, Problem> {
    Ok(Channel::to(&mut db.reader().await?, edge.seller).await?.is_some())
}

async fn whole(
    reader: &mut Reader,
    summary: EdgePriceSheetSummary,
) -> Result<(EdgePriceSheetSummary, PriceSheet), Problem> {
    let document = rows::edge_price_sheet::document(reader, summary.id).await?;
    // It was written by us; if it cannot be read now, it is not what was stored.
    let corrupt = |problem: Problem| Problem::corrupt(format!("price list {}: {}", summary.id, problem.message()));
    let text = rate_card::unpack(&document).map_err(corrupt)?;
    let meters = edge_price_file::read_table(text.as_bytes()).map_err(corrupt)?;
    let sheet = PriceSheet {
        id: summary.id,
        market: summary.market.clone(),
        currency: summary.currency,
        effective_from: summary.effective_from,
        import_no: summary.import_no,
        meters: meters.into_iter().map(|meter| (meter.id, meter)).collect(),
    };
    Ok((summary, sheet))
}
