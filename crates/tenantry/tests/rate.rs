//! `tenantry rate` as it is called: a small fixture always, and the real files of `../shared/data` with their
//! independently computed results where that folder stands beside the workspace.

#![cfg(test)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use tenantry::commands::rate::{Bill, Usage, rate};
use tenantry::output::Streams;
use tenantry_commerce::rate_card;
use tenantry_core::Factor;
use tenantry_metering::files;
use tenantry_testkit::{golden, shared_data};

struct Called {
    code: u8,
    data: String,
    talk: String,
}

fn call(arguments: &[&str]) -> Called {
    let (mut data, mut talk) = (Vec::new(), Vec::new());
    let line = ["tenantry", "rate"].iter().chain(arguments).map(OsString::from);
    let code = tenantry::run(line, Streams { data: &mut data, talk: &mut talk, terminal: false });
    Called { code, data: String::from_utf8(data).unwrap(), talk: String::from_utf8(talk).unwrap() }
}

fn fixture(name: &str) -> String {
    format!("{}/tests/rate/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn rated(arguments: &[&str]) -> Value {
    let called = call(&[arguments, &["--json"]].concat());
    assert_eq!(called.code, 0, "{}", called.talk);
    serde_json::from_str(&called.data).unwrap()
}

/// (meter, quantity, charge) of each charge.
fn charges(answer: &Value) -> Vec<(&str, &str, &str)> {
    let charges = answer["charges"].as_array().unwrap().iter();
    fn text<'a>(charge: &'a Value, name: &str) -> &'a str {
        charge[name].as_str().unwrap()
    }
    charges.map(|charge| (text(charge, "meterId"), text(charge, "quantity"), text(charge, "charge"))).collect()
}

#[test]
fn quantities_add_up_over_files_and_pass_through_the_tiers() {
    let (card, csv, page) = (fixture("card.json"), fixture("usage.csv"), fixture("page.json"));
    let answer = rated(&["--rate-card", &card, "--usage", &csv, "--usage", &page]);
    assert_eq!(answer["currency"], "USD");
    // 1,012.5 queries, 10 included: 1,000 at 0.54 and 2.5 at 0.375. Record a2 stands in both files and counts once.
    let dns = "540.9375";
    assert_eq!(
        charges(&answer),
        [
            ("0dfadad2-6e4f-4078-85e1-90c230d4d482", "4.07232", "88.2878976"),
            ("b9edcc5b-a429-4778-bc5a-82e7fa07fe55", "100", "13"),
            ("c7a0c9f2-b08a-4f54-955f-c2ba8c7b0837", "1012.5", dns),
        ]
    );
    assert_eq!(
        answer["charges"][2]["tiers"],
        serde_json::json!([
            { "from": "0", "rate": "0.54", "quantity": "1000", "charge": "540" },
            { "from": "1000", "rate": "0.375", "quantity": "2.5", "charge": "0.9375" },
        ])
    );
    assert_eq!(answer["charges"][0]["meterName"], "P10 Disks");
    let odd = serde_json::json!([{
        "meterId": "2c46c4f3-0b51-4a0f-9a3b-7f4b8f7d3a10", "quantity": "2.000015", "records": 2
    }]);
    assert_eq!(answer["unrated"], odd);
    assert_eq!(answer["total"], "642.2253976");
}

#[test]
fn a_discount_spares_third_party_meters() {
    let (card, csv, page) = (fixture("card.json"), fixture("usage.csv"), fixture("page.json"));
    let answer = rated(&["--rate-card", &card, "--usage", &csv, &page, "--discount", "0.15"]);
    let third_party = ("b9edcc5b-a429-4778-bc5a-82e7fa07fe55", "100", "13");
    assert_eq!(charges(&answer)[1], third_party);
    assert_eq!(charges(&answer)[0].2, "75.04471296");
    assert_eq!(answer["charges"][2]["tiers"][0]["charge"], "459");
    assert_eq!(answer["total"], "547.84158796");
}

#[test]
fn people_get_a_table_and_the_repeated_record_is_named() {
    let (card, csv, page) = (fixture("card.json"), fixture("usage.csv"), fixture("page.json"));
    let called = call(&["--rate-card", &card, "--usage", &csv, &page]);
    golden(env!("CARGO_MANIFEST_DIR"), "tests/rate/table.txt", &called.data);
    let note = format!("note: 1 record of {page} given by an earlier file too; counted once\n");
    assert!(called.talk.ends_with(&note), "{}", called.talk);
}

#[test]
fn refusals_name_the_file_and_end_with_the_right_code() {
    let (card, csv, page) = (fixture("card.json"), fixture("usage.csv"), fixture("page.json"));
    for (arguments, code, told) in [
        (vec!["--rate-card", "/nowhere.json", "--usage", &csv], 1, "error: --rate-card: cannot read /nowhere.json ("),
        (vec!["--rate-card", &card, "--usage", "/nowhere.csv"], 1, "error: --usage: cannot read /nowhere.csv ("),
        (vec!["--rate-card", &page, "--usage", &csv], 1, "page.json: "),
        (vec!["--rate-card", &card, "--usage", &card], 1, "card.json: is no usage file we know"),
        (vec!["--rate-card", &card], 2, "--usage <FILE>"),
        (vec!["--rate-card", &card, "--usage", &csv, "--discount", "15"], 2, "0.15 is 15 % off"),
        (vec!["--nonsense"], 2, "--nonsense"),
    ] {
        let called = call(&arguments);
        assert_eq!((called.code, called.data.as_str()), (code, ""), "{arguments:?}: {}", called.talk);
        assert!(called.talk.contains(told), "{arguments:?}: {}", called.talk);
    }
    assert_eq!(call(&["--help"]).code, 0);
}

/// One of the result files that were computed independently.
struct Expected {
    charges: Vec<(String, String, String)>,
    unrated: BTreeMap<String, (String, u64)>,
    total: String,
}

fn expected(path: &Path) -> Expected {
    let mut expected = Expected { charges: Vec::new(), unrated: BTreeMap::new(), total: String::new() };
    let mut reader = csv::Reader::from_path(path).unwrap();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let field = |name: &str| row[name].clone();
        if row["meterId"] == "TOTAL" {
            expected.total = field("costExact");
        } else if row["inRateCard"] == "true" {
            expected.charges.push((field("meterId"), field("totalQuantity"), field("costExact")));
        } else {
            expected.unrated.insert(field("meterId"), (field("totalQuantity"), row["records"].parse().unwrap()));
        }
    }
    expected
}

const CARD_2020: &str = "ratecard-azure-2020-12/ratecard-MS-AZR-0062P-USD-en-2020-12-10.json.gz";
const CARD_2016: &str = "ratecard-azure-2016-05/ratecard-MS-AZR-0062P-USD-en-US-2016-05-25.json.gz";
const OCTOBER: &str = "azure-usage-details/usage-details-2017-10.csv.gz";
const OCTOBER_PAGES: &[&str] = &[
    "azure-usage-details/http/usage-details-2017-10-page-1.json.gz",
    "azure-usage-details/http/usage-details-2017-10-page-2.json.gz",
    "azure-usage-details/http/usage-details-2017-10-page-3.json.gz",
];
const MAY: &str = "azure-usage-aggregates/http/usage-aggregates-2015-05-01-page-1.json";
const PARTNER: &str = "partner-center-recordings/bodies/GetAzureUtilization.json";

/// Reading a card of 52,043 meters takes a moment in a debug build, so each is read once.
#[test]
fn real_usage_with_real_cards_matches_the_independent_results() {
    let Some(data) = shared_data() else { return };
    for (card_file, version) in [(CARD_2016, "2016-05.csv"), (CARD_2020, "2020-12.csv")] {
        let card = rate_card::read(&fs::read(data.join(card_file)).unwrap()).unwrap();
        for (files, results) in [
            (&[OCTOBER][..], "azure-usage-details/expected-rating-2017-10-with-ratecard-"),
            (OCTOBER_PAGES, "azure-usage-details/expected-rating-2017-10-with-ratecard-"),
            (&[MAY], "azure-usage-aggregates/expected-rating-2015-05-01-with-ratecard-"),
            (&[PARTNER], "partner-center-recordings/expected-rating-GetAzureUtilization-with-ratecard-"),
        ] {
            let mut usage = Usage::default();
            for file in files {
                let bytes = fs::read(data.join(file)).unwrap();
                files::read(file, &bytes).unwrap().iter().for_each(|record| usage.add(record).unwrap());
            }
            let bill = rate(&card, &usage, Factor::ONE).unwrap();
            check(&bill, &data.join(format!("{results}{version}")));
        }
    }
}

/// Charge by charge, to the last digit.
fn check(bill: &Bill, results: &Path) {
    let expected = expected(results);
    let charges = bill.charges.iter().map(|c| (c.meter.to_string(), c.quantity.to_string(), c.charge.to_string()));
    assert_eq!(charges.collect::<Vec<_>>(), expected.charges, "{}", results.display());
    let unrated = bill.unrated.iter().map(|u| (u.meter.to_string(), (u.quantity.to_string(), u.records)));
    assert_eq!(unrated.collect::<BTreeMap<_, _>>(), expected.unrated, "{}", results.display());
    assert_eq!(bill.total.to_string(), expected.total, "{}", results.display());
}

#[test]
fn a_month_given_as_csv_and_as_pages_is_counted_once() {
    let Some(data) = shared_data() else { return };
    let path = |file: &&str| data.join(file).display().to_string();
    let (card, csv, pages) = (path(&CARD_2020), path(&OCTOBER), OCTOBER_PAGES.iter().map(path).collect::<Vec<_>>());
    let answer = rated(&["--rate-card", &card, "--usage", &csv, &pages[0], &pages[1], &pages[2]]);
    assert_eq!(answer["total"], "481.1139966356");
    assert_eq!((answer["charges"].as_array().unwrap().len(), answer["unrated"].as_array().unwrap().len()), (29, 1));
}
