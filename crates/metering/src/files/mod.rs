//! Readers of usage *files*: what clouds and their commerce APIs hand out, as saved by somebody.
//!
//! Files are not the intake API. They come with byte order marks, gzipped or not, as the flat CSV of an export or
//! as the JSON pages of three APIs, with quantities such as `1.5E-05`. All that is forgiven here, and nothing else:
//! a value that cannot be read exactly is refused with file, place and field, because a skipped record is money lost.
//! Numbers are taken from the text as it stands in the file; none ever passes through a float.
//!
//! | shape | told by | reader |
//! | --- | --- | --- |
//! | CSV: usage details, cost exports, reconciliation files, FOCUS | does not begin with `{` | `csv_usage`, `csv_shapes` |
//! | Microsoft.Consumption usageDetails | `value[].properties.usageQuantity` | `usage_details_json` |
//! | Microsoft.Commerce UsageAggregates | `value[].properties.usageStartTime` | `usage_aggregates` |
//! | Partner Center AzureUtilizationRecord | `items[]` | `utilization` |
//!
//! A JSON page may also be wrapped as a recorded exchange, `{"request": .., "response": {"body": ..}}`.
//!
//! [`EventIds`] names the records of a file, so that importing it twice counts it once.

mod csv_shapes;
mod csv_usage;
mod event_ids;
mod fault;
mod json;
mod open;
mod record;
mod usage_aggregates;
mod usage_details_json;
mod utilization;

#[cfg(test)]
mod header_variants;
#[cfg(test)]
mod real_data;

pub use event_ids::{EventIds, event_ids};
pub use record::UsageRecord;

use fault::Place;
use json::{Node, Object};
use open::Opened;
use std::io::Read;
use tenantry_core::{Problem, Reason};

/// What takes the records of a file, one after the other. A problem it returns ends the reading.
pub type Take<'a> = dyn FnMut(UsageRecord) -> Result<(), Problem> + 'a;

/// Reads a whole usage file that is in memory. `file` is its name, for messages.
///
/// # Errors
/// As [`read_each`].
pub fn read(file: &str, mut bytes: &[u8]) -> Result<Vec<UsageRecord>, Problem> {
    let mut records = Vec::new();
    read_each(file, &mut bytes, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    Ok(records)
}

/// What is not a record of usage.
#[derive(Debug)]
pub enum Aside {
    /// A row that cannot be read: the problem names file, line, field and value.
    Refused(Problem),
    /// A row that is no usage: a purchase, a rounding, tax.
    NotUsage {
        /// Its line.
        line: u64,
        /// What the file calls it.
        kind: String,
    },
}

/// Reads a usage file record by record; CSV of any size passes in constant memory. Returns how many there were. Rows
/// that are no usage are passed over.
///
/// # Errors
/// `MalformedBody`, `MissingField`, `InvalidField`, `Unsupported` (no usage file), `TooLarge`; each names the file,
/// the line or byte, the field and the value seen. The first ends the reading; [`read_rows`] goes on.
pub fn read_each(file: &str, source: &mut dyn Read, take: &mut Take<'_>) -> Result<u64, Problem> {
    read_rows(file, source, take, &mut |aside| match aside {
        Aside::Refused(problem) => Err(problem),
        Aside::NotUsage { .. } => Ok(()),
    })
}

/// The same, and `aside` is told each row that cannot be read or is no usage: nothing is left out silently. What it
/// returns as a problem ends the reading.
///
/// # Errors
/// The file as a whole cannot be read; what `take` and `aside` return.
pub fn read_rows(
    file: &str,
    source: &mut dyn Read,
    take: &mut Take<'_>,
    aside: &mut dyn FnMut(Aside) -> Result<(), Problem>,
) -> Result<u64, Problem> {
    match open::open(file, source)? {
        Opened::Csv(rows) => csv_usage::read(file, rows, take, aside),
        Opened::Json(text) => read_page(file, &text, take, aside),
    }
}

/// The reader of one item of a page.
type ReadItem = for<'a> fn(&Object<'a>) -> Result<UsageRecord, Problem>;

fn read_page(
    file: &str,
    text: &str,
    take: &mut Take<'_>,
    aside: &mut dyn FnMut(Aside) -> Result<(), Problem>,
) -> Result<u64, Problem> {
    let whole = Node::whole(file, text)?;
    let body = body_of(whole.object()?)?;
    let (items, utilization) = match (body.get("items"), body.get("value")) {
        (Some(items), _) => (items.array()?, true),
        (None, Some(value)) => (value.array()?, false),
        (None, None) => return Err(not_usage(file, &body.names())),
    };
    let Some(first) = items.first() else { return Ok(0) };
    let read_item = if utilization { utilization::read } else { reader_of(file, &first.object()?)? };
    let mut count = 0;
    for item in &items {
        match item.object().and_then(|item| read_item(&item)) {
            Ok(record) => {
                take(record)?;
                count += 1;
            }
            Err(problem) => aside(Aside::Refused(problem))?,
        }
    }
    Ok(count)
}

/// The body of a recorded exchange, or the document itself.
fn body_of(document: Object<'_>) -> Result<Object<'_>, Problem> {
    match document.get("response") {
        Some(response) => response.object()?.need("body")?.object(),
        None => Ok(document),
    }
}

/// `value[]` stands in the answers of two APIs; the names of the members tell which.
fn reader_of(file: &str, item: &Object<'_>) -> Result<ReadItem, Problem> {
    let properties = item.get("properties").ok_or_else(|| not_usage(file, &item.names()))?.object()?;
    if properties.get("usageQuantity").is_some() {
        Ok(usage_details_json::read)
    } else if properties.get("usageStartTime").is_some() {
        Ok(usage_aggregates::read)
    } else {
        Err(not_usage(file, &properties.names()))
    }
}

fn not_usage(file: &str, seen: &str) -> Problem {
    Place::file(file).refuse(
        Reason::Unsupported,
        format_args!(
            "is no usage file we know (members seen: {seen}); give the pages of usageDetails, UsageAggregates or \
             Azure utilization, or a CSV with when, which meter and how much (usageStart, meterId, usageQuantity)"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    const DETAILS: &str = r#"{"value":[{"id":"x/67f9","name":"67f9","tags":{"k":"v"},"properties":{
        "usageStart":"2017-10-01T00:00:00.0000000Z","usageEnd":"2017-10-01T23:59:59.0000000Z",
        "meterId":"0DFADAD2-6e4f-4078-85e1-90c230d4d482","usageQuantity":1.5E-05,"instanceId":"/subscriptions/0/a",
        "instanceLocation":"apeast","additionalProperties":"{\"UsageType\":\"ComputeHR\"}",
        "meterDetails":{"meterName":"P10","unit":"Unit"}}}]}"#;
    const AGGREGATES: &str = r#"{"value":[{"name":"Daily_1","properties":{
        "usageStartTime":"2015-04-27T17:00:00-07:00","usageEndTime":"2015-04-28T17:00:00-07:00",
        "meterId":"2a8f5aeb-d518-4417-a262-f168e3204a84","meterName":"P6","unit":"Days","quantity":0.41667,
        "infoFields":{"meteredRegion":"East US","project":"audittest"}}}]}"#;
    const UTILIZATION: &str = r#"{"totalCount":1,"items":[{"usageStartTime":"2018-07-20T00:00:00+00:00",
        "usageEndTime":"2018-07-21T00:00:00+00:00","resource":{"id":"923978e1-fd3f-4bd5-a798-f4b533057e46",
        "name":"Delete"},"quantity":0.0053,"unit":"10,000s","infoFields":{},
        "instanceData":{"resourceUri":"/subscriptions/4/b","location":"uswest","partNumber":"","orderNumber":""}}]}"#;
    const CSV: &str = "RECORDID,usagestart,UsageEnd,MeterID,usageQuantity,colour,instanceId\n\
        67f9,2017-10-01,2017-10-02,0dfadad2-6e4f-4078-85e1-90c230d4d482,0.032256,blue,\"/subscriptions/0/a\"\n";

    fn gz(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn shown(record: &UsageRecord) -> String {
        let end = record.end.map(|end| end.to_string()).unwrap_or_default();
        let UsageRecord {
            id, start, meter, quantity, resource, region, tags, additional_info, meter_name, unit, ..
        } = record;
        let id = id.as_deref().unwrap_or("none");
        let meter = &meter.to_string()[..8];
        format!(
            "{id} {start} {end} {meter} {quantity} {resource} {region} {tags} {additional_info} {meter_name} {unit}"
        )
    }

    #[test]
    fn every_shape_is_recognised_and_read() {
        for (text, record) in [
            (
                DETAILS,
                "67f9 2017-10-01T00:00:00Z 2017-10-01T23:59:59Z 0dfadad2 0.000015 /subscriptions/0/a apeast \
                 {\"k\":\"v\"} {\"UsageType\":\"ComputeHR\"} P10 Unit",
            ),
            (
                AGGREGATES,
                "Daily_1 2015-04-28T00:00:00Z 2015-04-29T00:00:00Z 2a8f5aeb 0.41667 audittest East US  \
                 {\"meteredRegion\":\"East US\",\"project\":\"audittest\"} P6 Days",
            ),
            (
                UTILIZATION,
                "none 2018-07-20T00:00:00Z 2018-07-21T00:00:00Z 923978e1 0.0053 /subscriptions/4/b uswest   \
                 Delete 10,000s",
            ),
            (CSV, "67f9 2017-10-01T00:00:00Z 2017-10-02T00:00:00Z 0dfadad2 0.032256 /subscriptions/0/a     "),
        ] {
            let records = read("usage", text.as_bytes()).unwrap();
            assert_eq!(records.iter().map(shown).collect::<Vec<_>>(), [record]);
        }
    }

    #[test]
    fn wrapping_gzip_and_byte_order_marks_change_nothing() {
        let wrapped = format!(r#"{{"request":{{"url":"x"}},"response":{{"status":200,"body":{DETAILS}}}}}"#);
        let marked = format!("\u{feff}{DETAILS}");
        let marked_csv = format!("\u{feff}{CSV}");
        let bare = read("bare", DETAILS.as_bytes()).unwrap();
        for bytes in [wrapped.clone().into_bytes(), marked.clone().into_bytes(), gz(&wrapped), gz(&marked)] {
            assert_eq!(read("dressed", &bytes).unwrap(), bare);
        }
        let csv = read("bare", CSV.as_bytes()).unwrap();
        for bytes in [marked_csv.clone().into_bytes(), gz(CSV), gz(&marked_csv)] {
            assert_eq!(read("dressed", &bytes).unwrap(), csv);
        }
    }

    #[test]
    fn an_empty_page_has_no_records() {
        assert_eq!(read("page", br#"{"value":[],"nextLink":null}"#).unwrap(), []);
        assert_eq!(read("page", br#"{"items":[]}"#).unwrap(), []);
    }

    #[test]
    fn refusals_name_file_place_field_and_value() {
        let cut = &DETAILS[..DETAILS.len() - 2];
        let damaged = &gz(CSV)[..40];
        for (bytes, told) in [
            (DETAILS.replace("1.5E-05", "\"many\""), "u, byte 239, value[0].properties.usageQuantity: `many` is not"),
            (DETAILS.replace("1.5E-05", "1e-30"), "usageQuantity: `1e-30` has more than 18 significant"),
            (DETAILS.replace("0DFADAD2", "P10"), "value[0].properties.meterId: `P10-6e4f"),
            (DETAILS.replace("\"usageStart\"", "\"begin\""), "value[0].properties.usageStart is not there"),
            (cut.to_owned(), "u, byte 431: is not valid JSON"),
            (AGGREGATES.replace("\"quantity\"", "\"amount\""), "value[0].properties.quantity is not there"),
            (AGGREGATES.replace("{\"meteredRegion\"", "7,\"x\":{\"a\""), "infoFields: `7` is no JSON object"),
            (UTILIZATION.replace("2018-07-20T00", "2018-27-20T00"), "items[0].usageStartTime: `2018-27-20T00:00:00+"),
            (CSV.replace("0.032256", "0,032"), "u, line 2: has 8 fields, the header has 7"),
            (CSV.replace("0.032256", "\"0,032\""), "u, line 2, usageQuantity: `0,032` is not a decimal number"),
            (CSV.replace("2017-10-01,", ","), "u, line 2, usageStart is not there"),
            (CSV.replace("usageQuantity", "amount"), "u, line 1: has no column usageQuantity"),
            (CSV.replace("colour", "meterId"), "u, line 1: has two columns meterId"),
            ("{\"OfferTerms\":[],\"Meters\":[]}".to_owned(), "u: is no usage file we know (members seen: Meters, O"),
            (String::new(), "u: is empty"),
            ("PAR1\u{15}\u{4}".to_owned(), "u: is a Parquet file, which is not read; save the records as CSV"),
            ("PK\u{3}\u{4}\u{14}".to_owned(), "u: is a zip archive or an Excel workbook, which is not read"),
            ("%PDF-1.7".to_owned(), "u: is a PDF document, which is not read"),
        ] {
            let problem = read("u", bytes.as_bytes()).unwrap_err();
            assert!(problem.message().contains(told), "{} <> {told}", problem.message());
        }
        let packed = read("u.csv.gz", &gz("PAR1")).unwrap_err();
        assert!(packed.message().starts_with("u.csv.gz: is a Parquet file"), "{packed:?}");
        let problem = read("u.gz", damaged).unwrap_err();
        assert!(problem.message().starts_with("u.gz: cannot be read"), "{problem:?}");
        let field = read("u", DETAILS.replace("1.5E-05", "\"many\"").as_bytes()).unwrap_err();
        assert_eq!(field.field(), Some("value[0].properties.usageQuantity"));
    }
}
