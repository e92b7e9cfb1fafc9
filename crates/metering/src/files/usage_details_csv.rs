//! Usage details as flat CSV, as in `azure-usage-details/*.csv.gz`: the records of the usageDetails API, one a line.
//!
//! Columns are found by name in any letter case and order. Those we have no use for (costs above all: they are what
//! rating is to find out) are passed over.

use super::fault::Place;
use super::open::unreadable;
use super::{Take, UsageRecord};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use std::io::BufRead;
use tenantry_core::{Problem, Reason, ResourceUri};

/// Where in a row each field stands.
struct Columns {
    record_id: Option<usize>,
    usage_start: usize,
    usage_end: Option<usize>,
    meter_id: usize,
    usage_quantity: usize,
    instance_id: Option<usize>,
    instance_location: Option<usize>,
    tags: Option<usize>,
    additional_info: Option<usize>,
    meter_name: Option<usize>,
    unit: Option<usize>,
}

pub(super) fn read(file: &str, rows: impl BufRead, take: &mut Take<'_>) -> Result<u64, Problem> {
    let mut reader = ReaderBuilder::new().from_reader(rows);
    let columns = Columns::find(file, reader.headers().map_err(|error| malformed(file, error))?)?;
    let mut row = StringRecord::new();
    let mut count = 0;
    while reader.read_record(&mut row).map_err(|error| malformed(file, error))? {
        let line = row.position().map_or(0, csv::Position::line);
        take(columns.record(Place::line(file, line), &row)?)?;
        count += 1;
    }
    Ok(count)
}

impl Columns {
    fn find(file: &str, header: &StringRecord) -> Result<Self, Problem> {
        let place = Place::line(file, 1);
        let find = |name: &str| {
            let named = |(_, seen): &(usize, &str)| seen.trim().eq_ignore_ascii_case(name);
            let mut found = header.iter().enumerate().filter(named).map(|(index, _)| index);
            let first = found.next();
            if found.next().is_some() {
                let told = format!("has two columns {name}; remove the one that does not count");
                return Err(place.refuse(Reason::MalformedBody, told).at(name));
            }
            Ok(first)
        };
        let need = |name: &str| {
            find(name)?.ok_or_else(|| {
                let seen = header.iter().take(8).collect::<Vec<_>>().join(", ");
                let told = format!("has no column {name} (columns seen: {seen}); is this a file of usage details?");
                place.refuse(Reason::MissingField, told).at(name)
            })
        };
        Ok(Self {
            record_id: find("recordId")?,
            usage_start: need("usageStart")?,
            usage_end: find("usageEnd")?,
            meter_id: need("meterId")?,
            usage_quantity: need("usageQuantity")?,
            instance_id: find("instanceId")?,
            instance_location: find("instanceLocation")?,
            tags: find("tags")?,
            additional_info: find("additionalInfo")?,
            meter_name: find("meterName")?,
            unit: find("unit")?,
        })
    }

    fn record(&self, place: Place<'_>, row: &StringRecord) -> Result<UsageRecord, Problem> {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).unwrap_or_default();
        let given = |column: Option<usize>| Some(text(column)).filter(|text| !text.is_empty());
        let need = |column, name: &str| given(Some(column)).ok_or_else(|| place.missing(name));
        Ok(UsageRecord {
            id: given(self.record_id).map(str::to_owned),
            start: place.time("usageStart", need(self.usage_start, "usageStart")?)?,
            end: given(self.usage_end).map(|end| place.time("usageEnd", end)).transpose()?,
            meter: place.meter("meterId", need(self.meter_id, "meterId")?)?,
            quantity: place.quantity("usageQuantity", need(self.usage_quantity, "usageQuantity")?)?,
            resource: ResourceUri::new(text(self.instance_id)),
            region: text(self.instance_location).to_owned(),
            tags: text(self.tags).to_owned(),
            additional_info: text(self.additional_info).to_owned(),
            meter_name: text(self.meter_name).to_owned(),
            unit: text(self.unit).to_owned(),
        })
    }
}

fn malformed(file: &str, error: csv::Error) -> Problem {
    let place = |position: &Option<csv::Position>| {
        position.as_ref().map_or(Place::file(file), |position| Place::line(file, position.line()))
    };
    match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => place(pos).refuse(
            Reason::MalformedBody,
            format_args!(
                "has {len} fields, the header has {expected_len}; quote commas, or fetch the file again if cut"
            ),
        ),
        ErrorKind::Utf8 { pos, .. } => {
            place(pos).refuse(Reason::MalformedBody, "is not UTF-8 text; save the file as UTF-8").because(error)
        }
        _ => unreadable(file, error.into()),
    }
}
