//! Records and checkpoints as a bad disk, or a mistake of another version, may hand them back.
//!
//! A checksum stands before these readers and catches what a disk does; it does not catch what was written wrong. So
//! they must say "damaged" to anything, take no memory that the bytes do not pay for, and read a value in one way only:
//! what is read is written as a record that reads the same.
#![cfg(test)]

#[path = "../../../testkit/src/fuzz.rs"]
mod fuzz;

use fuzz::{Seen, Target};
use tenantry_usage::{Fold, IdentityKey, Record};

/// The form that is written today.
const FORM: u8 = 1;

/// Lengths and counts are written in groups of seven bits.
const WORDS: &[&str] = &["\u{1}", "\u{7f}", "\u{ff}\u{ff}\u{ff}\u{ff}\u{f}"];

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    fuzz::corpus(env!("CARGO_MANIFEST_DIR"), name)
}

/// The stored form of postcard bytes: so the content is changed and not only its wrapping.
fn packed(plain: &[u8]) -> Vec<u8> {
    let mut stored = vec![FORM];
    stored.extend(lz4_flex::compress_prepend_size(plain));
    stored
}

fn record(stored: &[u8]) -> Seen {
    let record = match Record::decode(stored) {
        Ok(record) => record,
        Err(error) => return Seen::Refused(error.to_string()),
    };
    let written = record.encode().unwrap();
    assert_eq!(Record::decode(&written).as_ref(), Ok(&record), "written and read again it is another record");
    // Nothing in a record that could be read may end the process: at worst the fold says what does not fit.
    let mut fold = Fold::default();
    fold.apply(1, Record::Genesis(IdentityKey([7; 16]))).unwrap();
    if let Err(fault) = fold.apply(2, record) {
        assert!(!fault.to_string().is_empty());
    }
    Seen::Accepted
}

fn checkpoint(stored: &[u8]) -> Seen {
    let fold = match Fold::restore(stored) {
        Ok(fold) => fold,
        Err(error) => return Seen::Refused(error.to_string()),
    };
    let written = fold.checkpoint().unwrap();
    assert_eq!(Fold::restore(&written).unwrap().checkpoint().unwrap(), written, "the same state gives other bytes");
    Seen::Accepted
}

#[test]
fn fuzz_stored_records_are_read_or_named_as_damaged() {
    Target::new("records", corpus("records"), 4_000, WORDS).run(record);
}

#[test]
fn fuzz_what_stands_in_records_is_read_or_named_as_damaged() {
    Target::new("records-unpacked", corpus("records-unpacked"), 4_000, WORDS).run(|plain| record(&packed(plain)));
}

/// The records of the corpus in an order that makes a state of them.
fn state() -> Fold {
    let mut fold = Fold::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus/records/");
    for (name, seq) in ["genesis", "price-sheet", "edge", "subscription", "usage", "close"].into_iter().zip(1..) {
        let stored = std::fs::read(format!("{folder}{name}")).unwrap();
        // Some do not fit each other (the event's subscription has another channel); what fits is enough.
        let _ = fold.apply(seq, Record::decode(&stored).unwrap());
    }
    assert!(fold.position() > 1, "no record fits");
    fold
}

#[test]
fn fuzz_checkpoints_are_read_or_named_as_damaged() {
    let mut corpus = corpus("checkpoints");
    corpus.push(("written today".to_owned(), state().checkpoint().unwrap()));
    Target::new("checkpoints", corpus, 2_000, WORDS).run(checkpoint);
}
