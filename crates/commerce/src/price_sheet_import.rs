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
    /// Their currency; the document must say the same.
    pub currency: Currency,
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
    let target = format!("{} {} {}", text::shown(&import.market), import.currency, import.effective_from);
    let line = audit::open(ctx, db, "price-sheet-import", &target).await?;
    let outcome = keep(ctx, db, import).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, import: ImportPriceSheet) -> Result<PriceSheetSummary, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let market = country::check("market", &import.market)?;
    let text = rate_card::unpack(&import.document)?;
    let card = rate_card::read_text(&text)?;
    if card.currency != import.currency {
        let message = format!(
            "the price sheet is in {}, the import says {}; import it as {}",
            card.currency, import.currency, card.currency
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
        currency: import.currency,
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
fn packed(text: &str) -> Result<Vec<u8>, Problem> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).map_err(Problem::internal)?;
    encoder.finish().map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::House;
    use crate::{price_sheet_current, price_sheet_get, price_sheet_list};
    use tenantry_core::{MeterId, Role};

    const EXCERPT: &str = include_str!("../testdata/rate-card-excerpt.json");
    const SERVICE_BUS: &str = "2a9992f8-e914-490b-a7a6-6d21ba55acda";

    fn import(from: &str, document: &str) -> ImportPriceSheet {
        ImportPriceSheet {
            market: "us".into(),
            currency: Currency::USD,
            effective_from: Timestamp::parse(from).unwrap(),
            document: document.as_bytes().to_vec(),
        }
    }

    #[tokio::test]
    async fn a_sheet_is_kept_whole_and_announced() {
        let house = House::open().await;
        let made = price_sheet_import(&house.ctx, &house.db, import("2026-01-01", EXCERPT)).await.unwrap();
        assert_eq!((made.import_no, made.market.as_str(), made.meters, made.third_party_meters), (1, "US", 6, 1));
        let sheet = price_sheet_get(&house.ctx, &house.db, made.id).await.unwrap();
        assert_eq!(sheet.meters, rate_card::read(EXCERPT.as_bytes()).unwrap().meters);
        let bus = &sheet.meters[&MeterId::parse(SERVICE_BUS).unwrap()];
        assert_eq!(bus.tiers.bounds()[1].0.to_string(), "87.5");
        let told: Vec<events::PriceSheetImported> = house.events(events::PRICE_SHEET_IMPORTED).await;
        assert_eq!(told, [events::PriceSheetImported::from(&made)]);
        assert_eq!(price_sheet_list(&house.ctx, &house.db).await.unwrap(), [made]);
    }

    #[tokio::test]
    async fn the_latest_date_holds_then_the_latest_import() {
        let house = House::open().await;
        let other = EXCERPT.replace("\"USD\"", "\"EUR\"");
        let mut euro = import("2026-01-15", &other);
        euro.currency = Currency::EUR;
        for next in [import("2026-03-01", EXCERPT), import("2026-01-01", EXCERPT), import("2026-03-01", EXCERPT), euro]
        {
            price_sheet_import(&house.ctx, &house.db, next).await.unwrap();
        }
        for (currency, at, expected) in [
            (Currency::USD, "2025-12-31T23:59:59Z", Err(Reason::PriceSheetNotFound)),
            (Currency::USD, "2026-01-01", Ok(2)),
            (Currency::USD, "2026-02-28", Ok(2)),
            (Currency::USD, "2026-03-01", Ok(3)),
            (Currency::EUR, "2026-03-01", Ok(4)),
        ] {
            let at = Timestamp::parse(at).unwrap();
            let found = price_sheet_current(&house.ctx, &house.db, "US", currency, at).await;
            assert_eq!(
                found.map(|sheet| sheet.import_no).map_err(|problem| problem.reason()),
                expected,
                "{currency} {at}"
            );
        }
    }

    #[tokio::test]
    async fn a_refused_sheet_leaves_no_trace() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let admin = house.by(&partner, &Role::ALL);
        let good = || import("2026-01-01", EXCERPT);
        let bad = import("2026-01-01", &EXCERPT[..EXCERPT.len() / 2]);
        let nowhere = ImportPriceSheet { market: "XX".into(), ..good() };
        let wrong = ImportPriceSheet { currency: Currency::EUR, ..good() };
        for (ctx, import, reason) in [
            (&house.ctx, bad, Reason::PriceSheetInvalid),
            (&house.ctx, nowhere, Reason::InvalidField),
            (&house.ctx, wrong, Reason::CurrencyMismatch),
            (&admin, good(), Reason::Forbidden),
        ] {
            assert_eq!(price_sheet_import(ctx, &house.db, import).await.unwrap_err().reason(), reason);
        }
        assert!(price_sheet_list(&house.ctx, &house.db).await.unwrap().is_empty());
        let made = price_sheet_import(&house.ctx, &house.db, good()).await.unwrap();
        assert_eq!(made.import_no, 1, "a refused import takes no number");
    }
}
