//! A log is read for years: `stored/` holds a record of each kind, as form 1 wrote it. They must read as they
//! did, and today's program must write the very same bytes. If a test here fails after a change of a stored
//! type, that change needs a form of its own; these files stay. A checkpoint is not the truth: only its newest form
//! is read, the ones before are refused by their number.

use crate::builder::{Log, event, terms, time};
use crate::seats::told;
use tenantry_core::Day;
use tenantry_rating::{SeatCycle, SeatForm};
use tenantry_usage::{Event, Fold, IdentityKey, Record, RecordError, SeatChange, ServiceState};

const STORED: [(&str, &str); 9] = [
    ("genesis", include_str!("../stored/genesis.hex")),
    ("usage", include_str!("../stored/usage.hex")),
    ("price-sheet", include_str!("../stored/price-sheet.hex")),
    ("edge", include_str!("../stored/edge.hex")),
    ("subscription", include_str!("../stored/subscription.hex")),
    ("close", include_str!("../stored/close.hex")),
    ("seats", include_str!("../stored/seats.hex")),
    ("seats-until", include_str!("../stored/seats-until.hex")),
    ("checkpoint", include_str!("../stored/checkpoint.hex")),
];

fn expected(kind: &str) -> Record {
    let log = match kind {
        "genesis" => return Record::Genesis(IdentityKey(*b"a key of a world")),
        "usage" => return usage(),
        "seats" => return Record::Seats(seats()),
        "seats-until" => return Record::SeatsUntil(seats(), Some(Day::from_date(2027, 1, 13).unwrap())),
        "price-sheet" => Log::new().sheet(
            "2026-01-01",
            "storage 5 0:0.095,1024:0.08,51200:0.0000000000000000000000000001
             market  0 0:1.542000000000000299 third-party",
        ),
        "edge" => Log::new().edge("first", "0.85 first-party 2020-01-01 \n 0.99 everything 2026-01-01T12:00:00Z"),
        "subscription" => {
            Log::new().state(terms("shop", &["first", "second"], ServiceState::Suspended, "2026-01-10T06:30:00.5Z"))
        }
        _ => Log::new().close("2026-01"),
    };
    log.records[1].clone()
}

fn usage() -> Record {
    let one = event("e1", "shop", &["2026-01-03", "09", "/RG/vm1", "storage", "30.863102999999999"]);
    let other = Event {
        at: time("1969-12-31T23:30:00.000001Z"),
        tags: "{\"cost\":\"Büro\"}".to_owned(),
        additional_info: "{}".to_owned(),
        ..event("e2", "shop", &["2026-01-03", "09", "/rg/VM1", "storage", "-0.032256", "e1"])
    };
    Record::Usage(vec![one, other])
}

fn seats() -> SeatChange {
    told(SeatForm::Licence, SeatCycle::Annual, 300, Day::from_date(2026, 1, 13).unwrap())
}

/// A state with everything in it: usage that was billed, is unbilled, has no price.
fn everything() -> Fold {
    Log::channel()
        .sheet("2026-01-01", "storage 5 0:0.095,10:0.08")
        .usage("2026-01-03 09 vm storage 30.863102999999999 \n 2026-01-03 10 vm compute 1")
        .close("2026-01")
        .usage("2026-01-03 09 vm storage -0.032256 e1 \n 2026-02-03 09 db storage 6")
        .fold()
}

/// The file's bytes: after lines of comment, hex digits in lines of any length.
fn bytes(kind: &str) -> Vec<u8> {
    let (_, text) = STORED.iter().find(|(name, _)| *name == kind).unwrap();
    from_hex(text)
}

fn from_hex(text: &str) -> Vec<u8> {
    let hex: String = text.lines().filter(|line| !line.starts_with('#')).collect();
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.chunks(50).map(<[String]>::concat).collect::<Vec<_>>().join("\n")
}

fn kinds() -> impl Iterator<Item = &'static str> {
    STORED.into_iter().map(|(kind, _)| kind).filter(|kind| *kind != "checkpoint")
}

#[test]
fn records_of_form_1_are_written_as_ever() {
    for kind in kinds() {
        let today = expected(kind).encode().unwrap();
        assert_eq!(hex(&today), hex(&bytes(kind)), "{kind}: a changed stored form needs a form byte of its own");
    }
}

#[test]
fn records_of_form_1_are_read_as_ever() {
    for kind in kinds() {
        assert_eq!(Record::decode(&bytes(kind)), Ok(expected(kind)), "{kind}");
    }
}

#[test]
fn a_checkpoint_of_today_is_written_and_read_as_ever() {
    let stored = bytes("checkpoint");
    assert_eq!(hex(&everything().checkpoint().unwrap()), hex(&stored), "the state's bytes may not depend on anything");
    let restored = Fold::restore(&stored).unwrap();
    assert_eq!(restored.position(), everything().position());
    assert_eq!(crate::report::everything(&restored), crate::report::everything(&everything()));
}

#[test]
fn a_checkpoint_of_an_older_form_is_refused_by_its_number() {
    for (form, text) in [
        (1, include_str!("../stored/checkpoint-1.hex")),
        (2, include_str!("../stored/checkpoint-2.hex")),
        (3, include_str!("../stored/checkpoint-3.hex")),
    ] {
        assert_eq!(Fold::restore(&from_hex(text)).map(drop), Err(RecordError::UnknownForm(form)));
    }
}

/// Reads as a record and as a checkpoint; the error of the fitting one.
fn read(kind: &str, stored: &[u8]) -> Result<(), RecordError> {
    let (record, state) = (Record::decode(stored).map(drop), Fold::restore(stored).map(drop));
    if kind == "checkpoint" { state } else { record }
}

#[test]
fn cut_or_grown_bytes_are_errors() {
    for (kind, _) in STORED {
        let whole = bytes(kind);
        assert_eq!(read(kind, &whole), Ok(()));
        for length in 0..whole.len() {
            let seen = read(kind, &whole[..length]);
            assert!(matches!(seen, Err(RecordError::Damaged(_))), "{kind} cut to {length}: {seen:?}");
        }
        for more in [0, 1, 0x10, 0xff] {
            let grown = [whole.as_slice(), &[more]].concat();
            assert!(matches!(read(kind, &grown), Err(RecordError::Damaged(_))), "{kind} with {more} behind it");
        }
    }
}

#[test]
fn a_form_of_a_later_version_is_named() {
    for (kind, _) in STORED {
        let mut later = bytes(kind);
        let today = later[0];
        for form in (0..=u8::MAX).filter(|form| *form != today) {
            later[0] = form;
            assert_eq!(read(kind, &later), Err(RecordError::UnknownForm(form)), "{kind}");
        }
    }
    assert_eq!(RecordError::UnknownForm(7).to_string(), "form 7 is not known to this version");
}

/// Which bit of a letter or digit fell over cannot be seen here: the log's checksum sees it before. But nothing
/// may panic, and the size in front must not be believed.
#[test]
fn flipped_bits_never_panic_and_a_wrong_size_is_an_error() {
    for (kind, _) in STORED {
        let whole = bytes(kind);
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                let seen = read(kind, &flipped);
                match at {
                    0 => assert_eq!(seen, Err(RecordError::UnknownForm(flipped[0])), "{kind}"),
                    1..=4 => assert!(matches!(seen, Err(RecordError::Damaged(_))), "{kind}: bit {bit} of byte {at}"),
                    _ => {}
                }
            }
        }
    }
}
