//! Usage files, read from files that no cloud wrote.
//!
//! A record that is skipped is money lost, and one that is read differently the second time is money made up: a file is
//! read to its end, the same each time, or refused with the place.
#![cfg(test)]

#[path = "../../../testkit/src/fuzz.rs"]
mod fuzz;

use flate2::{Compression, write::GzEncoder};
use fuzz::{Seen, Target};
use std::collections::BTreeSet;
use std::io::Write;
use tenantry_core::Quantity;
use tenantry_metering::files::{event_ids, read, read_each};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const WORDS: &[&str] = &[
    "\"value\"",
    "\"items\"",
    "\"properties\"",
    "\"usageQuantity\"",
    "\"usageStartTime\"",
    "\"response\"",
    "\"body\"",
    "usageStart",
    "meterId",
    "usageQuantity",
    ",,",
    "\"\"\"",
    "2017-13-45",
    "1.5E-05",
    ";",
];

#[test]
fn fuzz_usage_files_are_read_to_the_end_or_refused_with_the_place() {
    let corpus = fuzz::corpus(env!("CARGO_MANIFEST_DIR"), "usage-files");
    Target::new("usage-files", corpus, 3_000, WORDS).run(|bytes| {
        let records = match read("a file", bytes) {
            Ok(records) => records,
            Err(problem) => {
                let said = problem.message();
                assert!(said.starts_with("a file"), "no file is named: {said}");
                return Seen::Refused(said.to_owned());
            }
        };
        assert_eq!(read_each("a file", &mut &bytes[..], &mut |_| Ok(())).unwrap(), records.len() as u64);
        if !bytes.starts_with(&GZIP) {
            assert_eq!(read("a file", &packed(bytes)).unwrap(), records, "packing changes the records");
        }
        for record in &records {
            assert_eq!(Quantity::parse(&record.quantity.to_string()), Ok(record.quantity));
        }
        // Records of a file are told apart, and get the same names when the file comes again.
        let names = event_ids(&records);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), records.len(), "{names:?}");
        assert_eq!(event_ids(&records), names);
        Seen::Accepted
    });
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
