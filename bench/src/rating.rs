//! The rating kernel: rows of a month to charges, graduated tiers, positions running through each account.
//!
//! DuckDB rates the same rows, already in its memory, with a window sum and the tiers as an expression, in decimals; both
//! must come to the same total. The other baseline is reading the rows' bytes and nothing else.

use crate::duckdb;
use crate::goal::Goal;
use crate::measure::{hundredths, median, timed};
use crate::scale::Scale;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use tenantry_core::{Amount, Day, MeterId, PriceSheetId, Quantity, Rate, Timestamp};
use tenantry_rating::{MeterPrice, RatedRow, Tiers, rate_rows};

/// Rows of an account.
const ACCOUNT: usize = 1_000;
/// In hundredths of what DuckDB does.
const GOAL: Goal = Goal::AtLeast { goal: 500, floor: 300 };
/// In hundredths of memory bandwidth. The design has a goal for it and no floor: that of the kernel is its ratio to DuckDB.
const BANDWIDTH: Goal = Goal::Towards { goal: 30 };

pub(crate) fn run(scale: Scale, repetitions: usize, directory: &Path) {
    let rows = rows(scale.rating_rows());
    let price = price();
    let sheet = PriceSheetId::parse("5b5b5b5b-0000-4000-8000-000000000001").unwrap();
    let rated = || -> Amount {
        let charged = rows.chunks(ACCOUNT).flat_map(|rows| rate_rows(rows.iter().copied(), |_| Some((&price, sheet))));
        charged.map(|row| if let RatedRow::Charged { list, .. } = row { list } else { Amount::ZERO }).sum()
    };
    let total = rated();
    let ours = median(
        (0..repetitions)
            .map(|_| {
                timed(scale.rating_rows(), || {
                    black_box(rated());
                })
            })
            .collect(),
    );
    let read = || rows.iter().fold(0_i128, |sum, (day, quantity)| sum ^ quantity.units() ^ i128::from(day.number()));
    let bandwidth = median(
        (0..repetitions)
            .map(|_| {
                timed(scale.rating_rows(), || {
                    black_box(read());
                })
            })
            .collect(),
    );
    println!(
        "rating kernel: {} rows/s, one core; reading the same rows: {} /s; ratio {}; {}",
        ours.rate(),
        bandwidth.rate(),
        hundredths(ours.rate(), bandwidth.rate()),
        BANDWIDTH.verdict(ours.rate() * 100 / bandwidth.rate().max(1))
    );
    let file = directory.join("rows.csv");
    write(&file, &rows);
    let Some(theirs) = duckdb::run("rate.py", scale.rating_rows(), &[&file]) else {
        println!("rating kernel: {}", duckdb::MISSING);
        return;
    };
    let exact = Amount::parse(&theirs.result).unwrap();
    assert_eq!(exact, total, "both must come to the same");
    let ratio = ours.rate() * 100 / theirs.run.rate().max(1);
    println!(
        "rating kernel: {} rows/s, one core; DuckDB, all cores: {} /s; ratio {}; {}",
        ours.rate(),
        theirs.run.rate(),
        hundredths(ratio, 100),
        GOAL.verdict(ratio)
    );
}

/// By account, then by day: quantities of three fraction digits.
fn rows(count: u64) -> Vec<(Day, Quantity)> {
    let first = Day::parse("2026-01-01").unwrap().number();
    let row = |number: u64| {
        let day = i32::try_from(number % ACCOUNT as u64 * 31 / ACCOUNT as u64).unwrap();
        let thousandths = i128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) % 5_000;
        (Day::from_number(first + day), Quantity::from_units(thousandths * 1_000_000_000_000_000))
    };
    (0..count).map(row).collect()
}

fn write(file: &Path, rows: &[(Day, Quantity)]) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    for (place, (_, quantity)) in rows.iter().enumerate() {
        writeln!(out, "{},{place},{quantity}", place / ACCOUNT).unwrap();
    }
}

/// The tiers of `bench/duckdb/rate.py`.
fn price() -> MeterPrice {
    let tier = |bound: i64, rate: &str| (Quantity::whole(bound), Rate::parse(rate).unwrap());
    MeterPrice {
        id: MeterId::parse("a1a1a1a1-0000-4000-8000-000000000001").unwrap(),
        name: "graduated".to_owned(),
        category: String::new(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 GB".to_owned(),
        tags: Vec::new(),
        tiers: Tiers::new(vec![tier(0, "0.0500"), tier(500, "0.0400"), tier(1_500, "0.0300")]).unwrap(),
        included: Quantity::ZERO,
        effective_date: Timestamp::default(),
        first_party: true,
    }
}
