//! Importing a price sheet. Every import is kept for ever, with the document as it was published: an invoice
//! names the sheet it was rated with, and can be recomputed from it in any later year.

use crate::price_sheet::PriceSheetSummary;
use crate::{country, events, rate_card, rows, text};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{Currency, OpContext, PriceSheetId, Problem, Reason, Timestamp};
use tenantry_db::{Db, audit, counter};

/// A price sheet to be imported.
#[derive(Debug, Clone)]
pub struct ImportPriceSheet {
    /// ISO 3166 country the prices are for.
    pub market: String,
    /// Their currency: a promise that the document must keep. `None` takes the document's word.
    pub currency: Option<Currency>,
    /// From when on they hold. May be past: what is billed then is the difference.
    pub effective_from: Timestamp,
    /// A rate card, plain or gzip.
    pub document: Vec<u8>,
}

/// Imports a price sheet. Only the provider may.
///
/// Refused: a document that is no rate card (`PriceSheetInvalid`, with meter and place); one in another currency
/// (`CurrencyMismatch`); a market that is no country.
pub async fn price_sheet_import(
    ctx: &OpContext,
    db: &Db,
    import: ImportPriceSheet,
) -> Result<PriceSheetSummary, Problem> {
    let currency = import.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    let target = format!("{}{currency} {}", text::shown(&import.market), import.effective_from);
    let line = audit::open(ctx, db, "price-sheet-import", &target).await?;
    let outcome = keep(ctx, db, import).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, import: ImportPriceSheet) -> Result<PriceSheetSummary, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let market = country::check("market", &import.market)?;
    let text = rate_card::unpack(&import.document)?;
    let card = rate_card::read_text(&text)?;
    if let Some(said) = import.currency.filter(|said| *said != card.currency) {
        let message = format!(
            "the price sheet is in {}, the import says {}; import it as {}",
            card.currency, said, card.currency
        );
        return Err(Problem::new(Reason::CurrencyMismatch, message).at("currency"));
    }
    let document = packed(&text)?;
    let third_party = card.meters.values().filter(|meter| !meter.first_party).count();

    let mut tx = db.begin().await?;
    let import_no = counter::next(&mut tx, "price-sheet").await?;
    let summary = PriceSheetSummary {
        id: PriceSheetId::new(ctx.chance.guid()),
        import_no: u64::try_from(import_no).map_err(Problem::internal)?,
        market,
        currency: card.currency,
        effective_from: import.effective_from,
        meters: i64::try_from(card.meters.len()).map_err(Problem::internal)?,
        third_party_meters: i64::try_from(third_party).map_err(Problem::internal)?,
        imported_at: ctx.now(),
    };
    rows::price_sheet::insert(&mut tx, &summary, document).await?;
    let event = events::PriceSheetImported::from(&summary);
    events::publish(ctx, &mut tx, events::PRICE_SHEET_IMPORTED, summary.id, &event).await?;
    tx.commit().await?;
    Ok(summary)
}

/// Packed anew even if it came packed, so that one text is always stored as the same bytes.
pub(crate) fn packed(text: &str) -> Result<Vec<u8>, Problem> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).map_err(Problem::internal)?;
    encoder.finish().map_err(Problem::internal)
}
