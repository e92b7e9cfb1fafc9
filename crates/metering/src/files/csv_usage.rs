//! Usage as CSV, in the shapes of [`super::csv_shapes`].
//!
//! Columns are found by name in any letter case and order. Those we have no use for (costs above all: they are what
//! rating is to find out) are passed over. A row that cannot be read is told with its line, and the rows after it are
//! read all the same, so that whoever repairs a file sees all there is to repair.

use super::csv_shapes::{Columns, Needed};
use super::fault::Place;
use super::open::unreadable;
use super::{Aside, Take, UsageRecord};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use std::io::BufRead;
use tenantry_core::{Problem, Reason, ResourceUri, Timestamp};

pub(super) fn read(
    file: &str,
    rows: impl BufRead,
    take: &mut Take<'_>,
    aside: &mut dyn FnMut(Aside) -> Result<(), Problem>,
) -> Result<u64, Problem> {
    // Lengths are compared below: exports exist whose rows end a field before their header does.
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(rows);
    let header = reader.headers().map_err(|error| malformed(file, error))?.clone();
    let columns = Columns::find(file, &header)?;
    let mut row = StringRecord::new();
    let mut lines = Lines::default();
    let mut count = 0;
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(count),
            // A row in another encoding is one bad row; anything else ends the file.
            Err(error) if matches!(error.kind(), ErrorKind::Utf8 { .. }) => {
                let line = error.position().map_or(0, |position| lines.number(position));
                let refused = Place::line(file, line).refuse(Reason::MalformedBody, NOT_UTF8).because(error);
                aside(Aside::Refused(refused))?;
                continue;
            }
            Err(error) => return Err(malformed(file, error)),
        }
        let line = row.position().map_or(0, |position| lines.number(position));
        let place = Place::line(file, line);
        // The length first: in a row that slid aside by a comma no cell is what it seems.
        if let Err(problem) = checked_length(place, &row, header.len()) {
            aside(Aside::Refused(problem))?;
            continue;
        }
        if let Some(kind) = columns.no_usage(&row) {
            aside(Aside::NotUsage { line, kind: kind.to_owned() })?;
            continue;
        }
        match columns.record(place, &row) {
            Ok(record) => {
                take(record)?;
                count += 1;
            }
            Err(problem) => aside(Aside::Refused(problem))?,
        }
    }
}

const NOT_UTF8: &str = "is not UTF-8 text; save the file as UTF-8";

/// The lines of rows as people count them. The reader takes a row of a file with CRLF to begin before the LF, a line too
/// early; such a file is told by its first row, which would stand on the line of the header.
#[derive(Debug, Default)]
struct Lines {
    early: Option<u64>,
}

impl Lines {
    fn number(&mut self, position: &csv::Position) -> u64 {
        position.line() + *self.early.get_or_insert(u64::from(position.line() == 1))
    }
}

/// One field short is a row whose last field was left out, as some exports do; anything else is a row that was cut or
/// whose commas were not quoted.
fn checked_length(place: Place<'_>, row: &StringRecord, expected: usize) -> Result<(), Problem> {
    let seen = row.len();
    if seen == expected || seen + 1 == expected {
        return Ok(());
    }
    let told = format!("has {seen} fields, the header has {expected}; quote commas, or fetch the file again if cut");
    Err(place.refuse(Reason::MalformedBody, told))
}

impl Columns {
    /// What the row is instead of usage.
    fn no_usage<'a>(&self, row: &'a StringRecord) -> Option<&'a str> {
        let (at, usage) = self.usage?;
        row.get(at).filter(|kind| !kind.eq_ignore_ascii_case(usage))
    }

    fn record(&self, place: Place<'_>, row: &StringRecord) -> Result<UsageRecord, Problem> {
        let text = |column: Option<usize>| column.and_then(|at| row.get(at)).unwrap_or_default();
        let given = |column: Option<usize>| Some(text(column)).filter(|text| !text.is_empty());
        let need = |column: Needed| given(Some(column.at)).ok_or_else(|| place.missing(column.name));
        Ok(UsageRecord {
            id: given(self.id).map(str::to_owned),
            start: time(place, self.start.name, need(self.start)?)?,
            end: given(self.end).map(|end| time(place, "end", end)).transpose()?,
            meter: place.meter(self.meter.name, need(self.meter)?)?,
            quantity: place.quantity(self.quantity.name, need(self.quantity)?)?,
            resource: ResourceUri::new(text(self.resource)),
            region: text(self.region).to_owned(),
            tags: text(self.tags).to_owned(),
            additional_info: text(self.additional_info).to_owned(),
            meter_name: text(self.meter_name).to_owned(),
            unit: text(self.unit).to_owned(),
            subscription: text(self.subscription).to_owned(),
        })
    }
}

/// ISO 8601, or the field's `9/2/2023` and `2/1/2019 0:00`: month, day, year.
fn time(place: Place<'_>, field: &str, text: &str) -> Result<Timestamp, Problem> {
    let Some(iso) = from_american(text) else { return place.time(field, text) };
    place.time(field, &iso).map_err(|_| {
        let told = format!("`{text}` is no time; write 2023-09-30, or month/day/year as in 9/30/2023");
        place.invalid(field, told)
    })
}

fn from_american(text: &str) -> Option<String> {
    let (date, clock) = text.split_once(' ').unwrap_or((text, "0:00"));
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (hour, minute) = clock.split_once(':')?;
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let readable = parts.next().is_none()
        && year.len() == 4
        && [month, day, hour, minute].iter().all(|part| digits(part, 2))
        && digits(year, 4);
    readable.then(|| format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:00Z"))
}

fn malformed(file: &str, error: csv::Error) -> Problem {
    match error.kind() {
        ErrorKind::Utf8 { pos, .. } => {
            let place = pos.as_ref().map_or(Place::file(file), |position| Place::line(file, position.line()));
            place.refuse(Reason::MalformedBody, NOT_UTF8).because(error)
        }
        _ => unreadable(file, error.into()),
    }
}
