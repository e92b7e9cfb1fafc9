//! Reading imported price sheets.

use crate::price_sheet::{PriceSheetSummary, no_price_sheet};
use crate::{rate_card, rows};
use tenantry_access::{PriceRead, WorldScope, allow};
use tenantry_core::{Currency, OpContext, PriceSheetId, Problem, Timestamp};
use tenantry_db::{Db, Reader};
use tenantry_rating::PriceSheet;

/// All imports, oldest first, without their prices.
pub async fn price_sheet_list(ctx: &OpContext, db: &Db) -> Result<Vec<PriceSheetSummary>, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    rows::price_sheet::all(&mut db.reader().await?).await
}

/// An import with all its prices: list prices, before any edge's rules.
///
/// Reading is unpacking a whole document. A sheet never changes, so keep it by its id instead of asking twice.
pub async fn price_sheet_get(ctx: &OpContext, db: &Db, id: PriceSheetId) -> Result<PriceSheet, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    let mut reader = db.reader().await?;
    let summary = rows::price_sheet::by_id(&mut reader, id).await?;
    whole(&mut reader, summary.ok_or_else(|| no_price_sheet(id))?).await
}

/// The sheet in force at an instant: the latest date at or before it, then the latest import.
pub async fn price_sheet_current(
    ctx: &OpContext,
    db: &Db,
    market: &str,
    currency: Currency,
    at: Timestamp,
) -> Result<PriceSheet, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    let mut reader = db.reader().await?;
    let market = market.to_ascii_uppercase();
    let summary = rows::price_sheet::in_force(&mut reader, &market, currency, at).await?;
    let summary = summary.ok_or_else(|| no_price_sheet(format!("for {market} in {currency} in force at {at}")))?;
    whole(&mut reader, summary).await
}

async fn whole(reader: &mut Reader, summary: PriceSheetSummary) -> Result<PriceSheet, Problem> {
    let document = rows::price_sheet::document(reader, summary.id).await?;
    // It was read before it was stored; if it cannot be read now, it is not what was stored.
    let card = rate_card::read(&document)
        .map_err(|problem| Problem::corrupt(format!("price sheet {}: {}", summary.id, problem.message())))?;
    Ok(summary.with(card))
}
