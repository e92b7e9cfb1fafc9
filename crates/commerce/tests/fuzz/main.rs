//! Rate cards, lists of prices and exchange rates, read from documents that nobody published.
//!
//! A card is taken whole or refused with the place of what is wrong; whatever is taken can price any quantity, and the
//! wrapping of the document (packed, with a mark before it) changes no price. A list of prices or of rates says the same
//! as a table and as JSON.
#![cfg(test)]

#[path = "../../../testkit/src/fuzz.rs"]
mod fuzz;

use flate2::{Compression, write::GzEncoder};
use fuzz::{Seen, Target};
use std::collections::BTreeMap;
use std::io::Write;
use tenantry_commerce::{NewFxRate, edge_price_file, fx_file, rate_card};
use tenantry_core::{Amount, Quantity};
use tenantry_rating::MeterPrice;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const MARK: &[u8] = b"\xef\xbb\xbf";
const WORDS: &[&str] = &[
    "\"MeterRates\"",
    "\"IncludedQuantity\"",
    "{\"0\":1}",
    "{\"0\":1,\"0\":2}",
    "\"0.0\"",
    "1e-28",
    "\"Third Party\"",
];
const LIST_WORDS: &[&str] =
    &["MeterId", "LowerBound", "Price", "\"rates\"", "\"from\"", ",,", "\"\"\"", "1e-28", "-1", "1.5E-05", ";"];
const RATE_WORDS: &[&str] =
    &["Month", "Rate", "\"rates\"", "\"rate\"", "2021-13", "2021-02-30", "usd", "QQQ", "JPY", ",,", "\"\"\"", ";"];

#[test]
fn fuzz_rate_cards_are_taken_whole_or_refused_with_the_place() {
    let corpus = fuzz::corpus(env!("CARGO_MANIFEST_DIR"), "rate-cards");
    Target::new("rate-cards", corpus, 3_000, WORDS).run(|bytes| {
        let card = match rate_card::read(bytes) {
            Ok(card) => card,
            Err(problem) => return Seen::Refused(problem.message().to_owned()),
        };
        assert!(!card.meters.is_empty(), "a card without meters prices nothing");
        // Packed twice or marked twice is another document.
        if !bytes.starts_with(&GZIP) {
            assert_eq!(rate_card::read(&packed(bytes)).unwrap(), card, "packing changes the card");
            if !bytes.starts_with(MARK) {
                assert_eq!(rate_card::read(&[MARK, bytes].concat()).unwrap(), card, "a mark changes the card");
            }
        }
        card.meters.values().for_each(prices_any_quantity);
        Seen::Accepted
    });
}

#[test]
fn fuzz_price_lists_say_the_same_as_a_table_and_as_json() {
    let corpus = fuzz::corpus(env!("CARGO_MANIFEST_DIR"), "price-lists");
    Target::new("price-lists", corpus, 3_000, LIST_WORDS).run(|bytes| {
        let list = match edge_price_file::read(bytes) {
            Ok(list) => list,
            Err(problem) => return Seen::Refused(problem.message().to_owned()),
        };
        list.iter().for_each(prices_any_quantity);
        let table = edge_price_file::write_table(&list).unwrap();
        let meters: Vec<_> = list.iter().map(edge_price_file::PricedMeter::from).collect();
        let json = serde_json::json!({ "meters": meters }).to_string();
        // A table knows no blanks around a name.
        let trimmed: Vec<_> = list.iter().map(trimmed).collect();
        assert_eq!(edge_price_file::read(&table).unwrap(), trimmed, "as a table: {}", table.escape_ascii());
        assert_eq!(edge_price_file::read(json.as_bytes()).unwrap(), list, "as JSON: {json}");
        Seen::Accepted
    });
}

#[test]
fn fuzz_exchange_rates_say_the_same_as_a_table_and_as_json() {
    let corpus = fuzz::corpus(env!("CARGO_MANIFEST_DIR"), "exchange-rates");
    Target::new("exchange-rates", corpus, 3_000, RATE_WORDS).run(|bytes| {
        let rates = match fx_file::read(bytes) {
            Ok(rates) => rates,
            Err(problem) => return Seen::Refused(problem.message().to_owned()),
        };
        let told: Vec<_> = rates.iter().map(told).collect();
        let json = serde_json::json!({ "rates": told }).to_string();
        assert_eq!(fx_file::read(json.as_bytes()).unwrap(), rates, "as JSON: {json}");
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(fx_file::COLUMNS).unwrap();
        for rate in &told {
            table.write_record(["month", "from", "to", "rate", "source", "date"].map(|name| &rate[name])).unwrap();
        }
        let table = table.into_inner().unwrap();
        let trimmed = |rate: &NewFxRate| NewFxRate { source: rate.source.trim().to_owned(), ..rate.clone() };
        let wanted: Vec<_> = rates.iter().map(trimmed).collect();
        assert_eq!(fx_file::read(&table).unwrap(), wanted, "as a table: {}", table.escape_ascii());
        Seen::Accepted
    });
}

/// Nothing costs nothing, and more never costs less.
fn prices_any_quantity(meter: &MeterPrice) {
    let charge = |quantity| meter.tiers.charge(meter.included, Quantity::ZERO, quantity);
    assert_eq!(charge(Quantity::ZERO), Amount::ZERO, "{meter:?}");
    let (little, much) = (charge(Quantity::from_units(1)), charge(Quantity::MONTH_MAX));
    assert!(Amount::ZERO <= little && little <= much, "more costs less: {meter:?}");
}

fn trimmed(price: &MeterPrice) -> MeterPrice {
    let short = |text: &str| text.trim().to_owned();
    MeterPrice {
        name: short(&price.name),
        category: short(&price.category),
        subcategory: short(&price.subcategory),
        region: short(&price.region),
        unit: short(&price.unit),
        ..price.clone()
    }
}

/// A rate, member by member.
fn told(rate: &NewFxRate) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("month", rate.month.to_string()),
        ("from", rate.from.to_string()),
        ("to", rate.to.to_string()),
        ("rate", rate.rate.to_string()),
        ("source", rate.source.clone()),
        ("date", rate.dated.to_string()),
    ])
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
