//! Imported price sheets: kept whole, announced, and in force from their day.

use crate::house::in_a_house;
use tenantry_commerce::{
    ImportPriceSheet, events, price_sheet_current, price_sheet_get, price_sheet_import, price_sheet_list, rate_card,
};
use tenantry_core::{Currency, MeterId, Reason, Role};
use tenantry_testkit::time;

const EXCERPT: &str = include_str!("../../testdata/rate-card-excerpt.json");
const SERVICE_BUS: &str = "2a9992f8-e914-490b-a7a6-6d21ba55acda";

fn import(from: &str, document: &str) -> ImportPriceSheet {
    ImportPriceSheet {
        market: "us".into(),
        currency: Some(Currency::USD),
        effective_from: time(from),
        document: document.as_bytes().to_vec(),
    }
}

#[test]
fn a_sheet_is_kept_whole_and_announced() {
    in_a_house(|house| async move {
        let made = price_sheet_import(&house.ctx, &house.db, import("2026-01-01", EXCERPT)).await.unwrap();
        assert_eq!((made.import_no, made.market.as_str(), made.meters, made.third_party_meters), (1, "US", 6, 1));
        let sheet = price_sheet_get(&house.ctx, &house.db, made.id).await.unwrap();
        assert_eq!(sheet.meters, rate_card::read(EXCERPT.as_bytes()).unwrap().meters);
        let bus = &sheet.meters[&MeterId::parse(SERVICE_BUS).unwrap()];
        assert_eq!(bus.tiers.bounds()[1].0.to_string(), "87.5");
        let told: Vec<events::PriceSheetImported> = house.events(events::PRICE_SHEET_IMPORTED).await;
        assert_eq!(told, [events::PriceSheetImported::from(&made)]);
        assert_eq!(price_sheet_list(&house.ctx, &house.db).await.unwrap(), [made]);
    });
}

#[test]
fn the_latest_date_holds_then_the_latest_import() {
    in_a_house(|house| async move {
        let other = EXCERPT.replace("\"USD\"", "\"EUR\"");
        let mut euro = import("2026-01-15", &other);
        euro.currency = Some(Currency::EUR);
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
            let at = time(at);
            let found = price_sheet_current(&house.ctx, &house.db, "US", currency, at).await;
            assert_eq!(
                found.map(|sheet| sheet.import_no).map_err(|problem| problem.reason()),
                expected,
                "{currency} {at}"
            );
        }
    });
}

#[test]
fn a_refused_sheet_leaves_no_trace() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let admin = house.by(&partner, &Role::ALL);
        let good = || import("2026-01-01", EXCERPT);
        let bad = import("2026-01-01", &EXCERPT[..EXCERPT.len() / 2]);
        let nowhere = ImportPriceSheet { market: "XX".into(), ..good() };
        let wrong = ImportPriceSheet { currency: Some(Currency::EUR), ..good() };
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
    });
}
