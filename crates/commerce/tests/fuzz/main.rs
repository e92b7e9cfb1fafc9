//! Rate cards, read from documents that nobody published.
//!
//! A card is taken whole or refused with the place of what is wrong; whatever is taken can price any quantity, and the
//! wrapping of the document (packed, with a mark before it) changes no price.
#![cfg(test)]

#[path = "../../../testkit/src/fuzz.rs"]
mod fuzz;

use flate2::{Compression, write::GzEncoder};
use fuzz::{Seen, Target};
use std::io::Write;
use tenantry_commerce::rate_card;
use tenantry_core::{Amount, Quantity};

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
        for meter in card.meters.values() {
            let charge = |quantity| meter.tiers.charge(meter.included, Quantity::ZERO, quantity);
            assert_eq!(charge(Quantity::ZERO), Amount::ZERO, "{meter:?}");
            let (little, much) = (charge(Quantity::from_units(1)), charge(Quantity::MONTH_MAX));
            assert!(Amount::ZERO <= little && little <= much, "more costs less: {meter:?}");
        }
        Seen::Accepted
    });
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
