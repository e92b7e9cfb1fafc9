//! CSV records of uploads: our own columns, or those of usage details as clouds export them.
//!
//! Our own columns have the names of the members of an event. A record is rewritten as the JSON object it stands for
//! and read like any other, so that the same value is taken or refused in the same words wherever it comes from.
//!
//! Exported usage details name no source, and not all name a subscription; the upload says them. Their record ids are not unique
//! (see `tenantry_metering::files`), so an event is named after the record's id, its content and its line.

use super::event::{Plain, Reading};
use super::fault::Fault;
use super::members::Shape;
use csv::{ReaderBuilder, StringRecord};
use serde_json::value::RawValue;
use tenantry_core::SubscriptionId;
use tenantry_metering::files::{self, Aside, UsageRecord};
use tenantry_metering::uploads::{Line, ReadOne, Upload};
use tenantry_metering::{Submitted, Verdict};
use tenantry_usage::Event;

/// Columns that only our own records have; exports call them otherwise, and not all the same.
const OURS: [&str; 2] = ["time", "meter"];

/// How the records of a file are read: decided by its header, for each piece anew.
pub(super) enum Columns {
    /// Ours: the member that each column is, if it is one.
    Own(Vec<String>),
    /// Exported: the header as it came.
    Exported(Vec<u8>),
}

impl Columns {
    pub(super) fn of(header: &[u8]) -> Self {
        let names = record(header).unwrap_or_default();
        let is_ours = |name: &str| OURS.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
        if !names.iter().any(is_ours) {
            return Self::Exported(header.to_vec());
        }
        let known = |name: &str| {
            let spelled = Plain::NAMES.iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
            spelled.map_or_else(|| name.trim().to_owned(), |known| (*known).to_owned())
        };
        Self::Own(names.iter().map(known).collect())
    }

    /// Reads one record.
    pub(super) fn read(&self, upload: &Upload, line: &Line<'_>) -> ReadOne {
        match self {
            Self::Own(names) => own(names, upload, line),
            Self::Exported(header) => exported(header, upload, line),
        }
    }
}

/// The fields of one record; `None` if it is no text.
fn record(bytes: &[u8]) -> Option<StringRecord> {
    let mut record = StringRecord::new();
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.read_record(&mut record).ok().filter(|read| *read).map(|_| record)
}

fn own(names: &[String], upload: &Upload, line: &Line<'_>) -> ReadOne {
    let Some(record) = record(line.bytes) else {
        return unread(Fault::malformed(format!("line {} is not UTF-8 text", line.number)));
    };
    if record.len() != names.len() {
        let message = format!(
            "line {} has {} fields, the header has {}; quote commas, or leave a field empty",
            line.number,
            record.len(),
            names.len()
        );
        return unread(Fault::malformed(message));
    }
    let mut members: Vec<(&str, String)> = Vec::new();
    // An empty field is an absent member.
    for (name, text) in names.iter().zip(&record).filter(|(_, text)| !text.is_empty()) {
        members.push((name.as_str(), written(name, text)));
    }
    let told = [
        ("source", upload.source.clone()),
        ("subscription", upload.subscription.map(|subscription| subscription.to_string())),
    ];
    for (name, text) in told {
        if let Some(text) = text.filter(|_| !members.iter().any(|(known, _)| *known == name)) {
            members.push((name, quoted(&text)));
        }
    }
    let members: Vec<String> = members.iter().map(|(name, text)| format!("{}:{text}", quoted(name))).collect();
    let object = format!("{{{}}}", members.join(","));
    one(super::lines::read_event(&object, line.number))
}

/// A field as JSON: objects as they are, everything else as text.
fn written(name: &str, text: &str) -> String {
    let details = name == "tags" || name == "additionalInfo";
    if details && text.starts_with('{') && serde_json::from_str::<&RawValue>(text).is_ok() {
        return text.to_owned();
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn exported(header: &[u8], upload: &Upload, line: &Line<'_>) -> ReadOne {
    let record = match exported_record(header, line) {
        Ok(record) => record,
        Err(fault) => return unread(fault),
    };
    // Many exports name the subscription; what the upload says goes before it.
    let named = || SubscriptionId::parse(&record.subscription).ok();
    let (Some(source), Some(subscription)) = (upload.source.clone(), upload.subscription.or_else(named)) else {
        let field = if upload.source.is_none() { "source" } else { "subscription" };
        let message = format!("the records of this file name no {field}; begin the upload with `{field}`");
        return unread(Fault { message, ..Fault::missing(field) });
    };
    let id = name_of(&record, line.number);
    let event = Event {
        reporter: None,
        source: source.clone(),
        id: id.clone(),
        at: record.start,
        subscription,
        meter: record.meter,
        resource: record.resource,
        region: record.region,
        quantity: record.quantity,
        corrects: None,
        tags: record.tags,
        additional_info: record.additional_info,
    };
    ReadOne { source: Some(source), id: Some(id), event: Submitted::Event(event) }
}

/// Hands header and record to the reader of files, as a file of two lines.
fn exported_record(header: &[u8], line: &Line<'_>) -> Result<UsageRecord, Fault> {
    const FILE: &str = "file";
    let alone = [header, b"\n", line.bytes].concat();
    let number = line.number;
    let (mut found, mut aside) = (None, None);
    let mut take = |record| {
        found = Some(record);
        Ok(())
    };
    let mut put_aside = |row| {
        aside = Some(row);
        Ok(())
    };
    let read = files::read_rows(FILE, &mut &alone[..], &mut take, &mut put_aside);
    match (read, found, aside) {
        (Ok(_), Some(record), _) => Ok(record),
        (Err(problem), _, _) | (Ok(_), None, Some(Aside::Refused(problem))) => {
            // It names its place in the two lines it was given.
            let said = problem.message();
            let said = said.strip_prefix("file, line 2").or_else(|| said.strip_prefix(FILE)).unwrap_or(said);
            let field = problem.field().unwrap_or_default().to_owned();
            Err(Fault { message: format!("line {number}{said}"), ..Fault::invalid(field, "") })
        }
        (Ok(_), None, Some(Aside::NotUsage { kind, .. })) => {
            Err(Fault { code: "not_usage", ..Fault::malformed(format!("line {number} is no usage but `{kind}`")) })
        }
        (Ok(_), None, None) => Err(Fault::malformed(format!("line {number} is no record"))),
    }
}

fn name_of(record: &UsageRecord, line: i64) -> String {
    let named = files::event_ids(std::slice::from_ref(record));
    format!("{}:line-{line}", named.first().map(String::as_str).unwrap_or_default())
}

/// What was read of a line, for metering.
pub(super) fn one(reading: Reading<'_>) -> ReadOne {
    let Reading { source, id, event } = reading;
    let (source, id) = (source.map(std::borrow::Cow::into_owned), id.map(std::borrow::Cow::into_owned));
    match event {
        Ok(event) => ReadOne { source, id, event: Submitted::Event(event) },
        Err(fault) => ReadOne { source, id, ..unread(fault) },
    }
}

fn unread(fault: Fault) -> ReadOne {
    let field = Plain::NAMES.iter().find(|name| **name == fault.field).copied().unwrap_or_default();
    let verdict = Verdict::refused(fault.code, field, fault.message);
    ReadOne { source: None, id: None, event: Submitted::Unreadable(verdict) }
}
