//! Usage files as the field writes them, read from small excerpts; each bad row is named by line with its reason.

use super::{Aside, UsageRecord, read_rows};
use tenantry_core::Problem;

/// Records, refusals and rows that are no usage.
struct Read {
    records: Vec<UsageRecord>,
    refused: Vec<Problem>,
    other: Vec<(u64, String)>,
}

fn read(bytes: &[u8]) -> Result<Read, Problem> {
    let mut read = Read { records: Vec::new(), refused: Vec::new(), other: Vec::new() };
    let Read { records, refused, other } = &mut read;
    let mut take = |record| {
        records.push(record);
        Ok(())
    };
    read_rows("u.csv", &mut &bytes[..], &mut take, &mut |aside| {
        match aside {
            Aside::Refused(problem) => refused.push(problem),
            Aside::NotUsage { line, kind } => other.push((line, kind)),
        }
        Ok(())
    })?;
    Ok(read)
}

fn shown(record: &UsageRecord) -> String {
    let UsageRecord { start, meter, quantity, resource, region, subscription, unit, .. } = record;
    let (meter, subscription) = (&meter.to_string()[..8], subscription.get(..8).unwrap_or_default());
    format!("{subscription} {} {meter} {quantity} {unit}, {} in {region}", start.day(), resource.name())
}

#[test]
fn the_variants_of_the_field_are_read() {
    for (file, expected) in [
        (
            &include_bytes!("variants/PayAsYouGo.csv")[..],
            "11111111 2021-02-02 27827eb0 3 100 Hours, kubernetes in US East",
        ),
        (include_bytes!("variants/German.csv"), "11111111 2021-02-02 27827eb0 3 100 Hours, kubernetes in US East"),
        (
            include_bytes!("variants/Enterprise.csv"),
            "11111111 2021-02-02 3dbc3a0c 10 10 Hours, aks-defaultpool-12345678-vmss in canadacentral",
        ),
        (
            include_bytes!("variants/ea-anonymised.csv"),
            "e18e1552 2023-09-02 59bc01e3 0.027265128 1 GB, <deployedResourceName> in CentralUS",
        ),
    ] {
        let read = read(file).unwrap();
        assert_eq!(shown(&read.records[0]), expected);
        assert!(read.refused.is_empty() && read.other.is_empty(), "{:?}", read.refused);
    }
}

#[test]
fn what_is_no_usage_is_passed_over_and_told() {
    let read = read(include_bytes!("variants/ea-actual-cost.csv")).unwrap();
    assert_eq!(read.other, [(2, "Purchase".to_owned())]);
    assert_eq!(
        read.records.iter().map(shown).collect::<Vec<_>>(),
        [
            "ed570627 2023-09-04 aaaef613 0.0004 10K, dbstoragewp6hglwvvrad2 in EastUS2",
            "ed570627 2023-09-04 93e148e7 0.0047 10K, finopshubggecwj5veqe5s in WestUS",
        ]
    );
}

#[test]
fn files_that_do_not_say_how_much_of_what_are_refused_as_a_whole() {
    for file in [&include_bytes!("variants/MissingBrackets.csv")[..], include_bytes!("variants/Template.csv")] {
        let told = read(file).err().unwrap();
        let expected =
            "u.csv, line 1: has no column MeterId (columns seen: subscriptionid, billingaccountid, UsageDateTime";
        assert!(told.message().starts_with(expected), "{}", told.message());
    }
    // A row of nothing but a date is one bad row of a file that is otherwise fine.
    let read = read(include_bytes!("variants/BOM.csv")).unwrap();
    assert_eq!(read.refused.len(), 1);
    assert!(read.refused[0].message().starts_with("u.csv, line 2, MeterId is not there"), "{:?}", read.refused);
}

#[test]
fn every_bad_row_is_named_and_the_others_are_read() {
    const HEADER: &str = "Date,MeterId,Quantity,ResourceId,ChargeType,ResourceLocation\n";
    const METER: &str = "0dfadad2-6e4f-4078-85e1-90c230d4d482";
    let rows = [
        format!("9/2/2023,{METER},1,/a,Usage,EastUS"),
        format!("13/2/2023,{METER},1,/a,Usage,EastUS"),
        format!("9/2/2023,{METER},many,/a,Usage,EastUS"),
        "9/2/2023,P10,1,/a,Usage,EastUS".to_owned(),
        format!("9/2/2023,{METER},1,/a"),
        format!("9/2/2023,{METER},1,/a,b,Usage,EastUS,West"),
        format!("9/3/2023 17:05,{METER},5.64902E-05,/a,usage"),
        format!("9/4/2023,{METER},1,/a,Refund,EastUS"),
    ];
    let read = read((HEADER.to_owned() + &rows.join("\n") + "\n").as_bytes()).unwrap();
    let records: Vec<_> = read.records.iter().map(|record| format!("{} {}", record.start, record.quantity)).collect();
    assert_eq!(records, ["2023-09-02T00:00:00Z 1", "2023-09-03T17:05:00Z 0.0000564902"]);
    assert_eq!(read.other, [(9, "Refund".to_owned())]);
    let told: Vec<_> = read.refused.iter().map(|problem| problem.message().to_owned()).collect();
    for (told, expected) in told.iter().zip([
        "u.csv, line 3, Date: `13/2/2023` is no time; write 2023-09-30, or month/day/year as in 9/30/2023",
        "u.csv, line 4, Quantity: `many` is not a decimal number",
        "u.csv, line 5, MeterId: `P10`",
        "u.csv, line 6: has 4 fields, the header has 6",
        "u.csv, line 7: has 8 fields, the header has 6",
    ]) {
        assert!(told.starts_with(expected), "{told} <> {expected}");
    }
    assert_eq!(told.len(), 5);
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let told = read(b"Date,MeterId,Quantity,ID (MeterId)\n").err().unwrap();
    assert!(told.message().contains("has two columns MeterId"), "{told:?}");
}
