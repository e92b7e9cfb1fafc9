//! FOCUS: exactly the columns of each version, with their types, null rules and allowed values, held against a table
//! made from the published models. Where the published files are at hand, the table is held against them.

use crate::setting::{FOCUS_1_2, FOCUS_1_4, Setting};
use crate::table::{Decimal, Table};
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use tenantry_core::Timestamp;
use tenantry_exports::{Encoding, Focus, FocusVersion, Format};
use tenantry_testkit::{on_every_engine, shared_data};

const FACTS: &str = include_str!("../data/focus-columns.csv");

/// What a version says of a column.
#[derive(Debug, PartialEq, Eq)]
struct Fact {
    column: String,
    kind: String,
    level: String,
    nulls: bool,
    allowed: Vec<String>,
}

fn facts(version: &str) -> Vec<Fact> {
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    let rows = reader.records().map(Result::unwrap).filter(|row| &row[0] == version);
    rows.map(|row| Fact {
        column: row[1].to_owned(),
        kind: row[2].to_owned(),
        level: row[3].to_owned(),
        nulls: &row[4] == "true",
        allowed: row[5].split("; ").filter(|value| !value.is_empty()).map(str::to_owned).collect(),
    })
    .collect()
}

fn header(version: FocusVersion) -> Vec<&'static str> {
    Focus::new(version).columns().iter().map(|column| column.name).collect()
}

#[test]
fn the_columns_are_those_of_the_version_and_ours() {
    for (version, count) in [(FocusVersion::V1_2, 57), (FocusVersion::V1_4, 65)] {
        let mut expected: Vec<_> = facts(version.text()).into_iter().map(|fact| fact.column).collect();
        assert_eq!(expected.len(), count);
        let (ours, standard): (Vec<_>, Vec<_>) = header(version).into_iter().partition(|name| name.starts_with("x_"));
        assert_eq!(ours, ["x_CustomerId", "x_CustomerName"]);
        expected.sort();
        let mut standard: Vec<_> = standard.into_iter().map(str::to_owned).collect();
        standard.sort();
        assert_eq!(standard, expected, "{version:?}");
    }
}

#[test]
fn every_cell_keeps_type_null_rule_and_allowed_values() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        for invoice in &setting.invoices {
            for (format, version) in [(FOCUS_1_2, "1.2"), (FOCUS_1_4, "1.4")] {
                let table = setting.csv(invoice, format).await;
                let broken: Vec<_> = facts(version).iter().flat_map(|fact| broken(&table, fact)).collect();
                assert_eq!(broken, Vec::<String>::new(), "{} of {version}", invoice.number);
            }
        }
    });
}

fn broken(table: &Table, fact: &Fact) -> Vec<String> {
    let Fact { column, kind, nulls, allowed, .. } = fact;
    let fault = |row: crate::table::Row<'_>| {
        let Some(cell) = row.get(column) else { return (!nulls).then(|| format!("{column} is null")) };
        let typed = match kind.as_str() {
            "Decimal" => Decimal::parse(cell).is_some(),
            "Date/Time" => cell.len() == 20 && Timestamp::parse(cell).is_ok(),
            "JSON" => serde_json::from_str::<BTreeMap<String, serde_json::Value>>(cell).is_ok(),
            other => other == "String",
        };
        let known = allowed.is_empty() || allowed.iter().any(|value| value == cell);
        (!typed || !known).then(|| format!("{column} is `{cell}`"))
    };
    table.rows().filter_map(fault).collect()
}

#[test]
fn parquet_has_the_types_of_the_columns() {
    on_every_engine(|bench| async move {
        use parquet::file::reader::{FileReader, SerializedFileReader};
        let setting = Setting::new(&bench).await;
        let request = setting.request("focus.parquet", FOCUS_1_4, Encoding::Parquet);
        let manifest = setting.export(&setting.invoices[0], &request).await;
        let reader = SerializedFileReader::new(File::open(&request.target.path).unwrap()).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr();
        let rows = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap();
        assert_eq!((manifest.rows, rows > 5), (rows, true));
        let typed: BTreeMap<_, _> =
            schema.columns().iter().map(|column| (column.name().to_owned(), column.converted_type())).collect();
        for fact in facts("1.4") {
            use parquet::basic::ConvertedType as T;
            let expected = match fact.kind.as_str() {
                "Decimal" => T::DECIMAL,
                "Date/Time" => T::TIMESTAMP_MICROS,
                "JSON" => T::JSON,
                _ => T::UTF8,
            };
            assert_eq!(typed.get(&fact.column), Some(&expected), "{}", fact.column);
        }
    });
}

/// The table and the orders of the columns, held against the published files. Passes where they are not at hand.
#[test]
fn the_table_says_what_was_published() {
    let Some(data) = shared_data() else { return };
    let focus = data.join("focus");
    let mut reader = csv::Reader::from_path(focus.join("spec-columns-v1.2.csv")).unwrap();
    let ours = facts("1.2");
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), ours.len());
    for (row, fact) in rows.iter().zip(&ours) {
        let published = (&row[0], &row[5], &row[3], &row[4] == "True");
        assert_eq!((fact.column.as_str(), fact.kind.as_str(), fact.level.as_str(), fact.nulls), published);
        // The column list repeats the parents of sub-categories; the rules have their names.
        if fact.column != "ServiceSubcategory" {
            assert_eq!(fact.allowed.join("; "), row[8], "{}", fact.column);
        }
    }
    let model = fs::read_to_string(focus.join("spec-model-1.4/focus_1_4_model.json")).unwrap();
    let model: serde_json::Value = serde_json::from_str(&model).unwrap();
    let published = model["datasets"]["Cost and Usage"]["columns"].as_object().unwrap();
    let ours = facts("1.4");
    assert_eq!(published.len(), ours.len());
    for fact in ours {
        let column = &published[&fact.column];
        assert_eq!(column["data_type"], fact.kind.as_str());
        assert_eq!(column["feature_level"], fact.level.as_str());
        assert_eq!(column["allows_nulls"], fact.nulls);
        let allowed = column["allowed_values"].as_array().cloned().unwrap_or_default();
        assert_eq!(allowed, fact.allowed, "{}", fact.column);
    }
    for (version, sample) in [
        (FocusVersion::V1_2, "azure-like-focus-1.2.csv.gz"),
        (FocusVersion::V1_4, "azure-like-focus-1.4-converted.csv.gz"),
    ] {
        let expected = sample_header(&focus.join("synthetic").join(sample));
        assert_eq!(header(version)[..expected.len()], expected, "{sample}");
    }
}

fn sample_header(path: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(File::open(path).unwrap()));
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}
