//! Real quantities, real cards, and costs that somebody else computed: to the last digit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tenantry_core::{Amount, Currency, Quantity, Rate, Rounding};
use tenantry_rating::Tiers;

/// What was seen of one file.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    rated: usize,
    tiered: usize,
    unrated: usize,
}

/// Columns of the `expected-rating` files, by the names in their heading.
fn read(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", path.display()))).collect()
}

fn tiers(rates_json: &str) -> Tiers {
    let rates: BTreeMap<String, String> = serde_json::from_str(rates_json).unwrap();
    let bounds = rates.iter().map(|(bound, rate)| (Quantity::parse(bound).unwrap(), Rate::parse(rate).unwrap()));
    Tiers::new(bounds.collect()).unwrap()
}

/// Rates every row of a file and compares cost, rounded cost and the total as text.
fn check(path: &Path) -> Seen {
    let mut seen = Seen::default();
    let mut total = Amount::ZERO;
    let compare = |row: &BTreeMap<String, String>, charge: Amount| {
        let meter = &row["meterId"];
        assert_eq!(charge.to_string(), row["costExact"], "costExact of {meter} in {}", path.display());
        for (column, mode) in [("cost2dpHalfUp", Rounding::HalfUp), ("cost2dpFloor", Rounding::Floor)] {
            let rounded = charge.round(Currency::USD, mode).to_string();
            assert_eq!(rounded, row[column], "{column} of {meter} in {}", path.display());
        }
    };
    for row in read(path) {
        if row["meterId"] == "TOTAL" {
            compare(&row, total);
            assert_eq!(row["inRateCard"], format!("{} of {}", seen.rated, seen.rated + seen.unrated));
            return seen;
        }
        if row["inRateCard"] == "false" {
            seen.unrated += 1;
            continue;
        }
        let tiers = tiers(&row["ratesJson"]);
        let quantity = Quantity::parse_lenient(&row["totalQuantity"]).unwrap();
        let charge = tiers.charge(Quantity::ZERO, Quantity::ZERO, quantity);
        compare(&row, charge);
        let shares = tiers.shares(Quantity::ZERO, Quantity::ZERO, quantity);
        assert_eq!(
            shares.into_iter().map(|share| share.charge).sum::<Amount>(),
            charge,
            "shares of {}",
            row["meterId"]
        );
        seen.rated += 1;
        seen.tiered += usize::from(tiers.single().is_none());
        total += charge;
    }
    panic!("{} has no TOTAL row", path.display());
}

#[test]
fn a_few_real_meters_cost_what_was_computed_elsewhere() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/expected-rating.csv");
    assert_eq!(check(&fixture), Seen { rated: 11, tiered: 6, unrated: 1 });
}

/// The whole data lies beside the workspace on a developer's machine; a checkout without it has the fixture.
#[test]
fn all_real_meters_cost_what_was_computed_elsewhere() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        println!("skipped: the real data is not there; the fixture test ran instead");
        return;
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(&data)
        .unwrap()
        .map(|set| set.unwrap().path())
        .filter(|set| set.is_dir())
        .flat_map(|set| std::fs::read_dir(set).unwrap().map(|file| file.unwrap().path()))
        .filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("expected-rating-"))
        .collect();
    files.sort();
    let mut sum = Seen::default();
    for file in &files {
        let seen = check(file);
        sum.rated += seen.rated;
        sum.tiered += seen.tiered;
        sum.unrated += seen.unrated;
    }
    println!(
        "rated {} rows ({} graduated) of {} files; {} without a price",
        sum.rated,
        sum.tiered,
        files.len(),
        sum.unrated
    );
    assert_eq!(files.len(), 6, "three sets of usage, two cards");
    assert_eq!(sum.rated, 18 + 29 + 11 + 9 + 14 + 16, "as their TOTAL rows say");
}
