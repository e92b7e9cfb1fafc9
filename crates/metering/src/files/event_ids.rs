//! Names for the records of a file, so that each becomes one usage event, however often the file is imported.
//!
//! A file's own ids will not do: of 2,924 real records of one month 20 share an id with a different record, and the
//! 109 of a reported day all carry the same one. So a name is made of the id, a hash of what the record says, and,
//! for records of one file that say the very same, their number among themselves. It depends on nothing but the
//! file: whether it comes alone, twice, or among its sister pages, its records keep their names.
//!
//! The meter's name and unit are left out of the hash: they are for reading, and a later export of the same month
//! may well spell them anew. Letter case of the resource is left out because ids compare without it.

use super::UsageRecord;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

/// Names records one by one, in the order of the file. Make a new one for each file.
#[derive(Debug, Default)]
pub struct EventIds {
    seen: HashMap<String, u64>,
}

impl EventIds {
    /// The name of the next record: `id:hash`, and `id:hash:2` for the second that says the same.
    pub fn name(&mut self, record: &UsageRecord) -> String {
        let mut name = format!("{}:{}", record.id.as_deref().unwrap_or_default(), content_hash(record));
        let count = self.seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            // Writing to a String cannot fail.
            let _ = write!(name, ":{count}");
        }
        name
    }
}

/// The names of all records of one file.
#[must_use]
pub fn event_ids(records: &[UsageRecord]) -> Vec<String> {
    let mut ids = EventIds::default();
    records.iter().map(|record| ids.name(record)).collect()
}

/// The first 128 bits of SHA-256: short enough to read, and no two records of any real file share them by accident.
fn content_hash(record: &UsageRecord) -> String {
    let mut hash = Sha256::new();
    let mut feed = |part: &[u8]| {
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    feed(&record.start.micros().to_be_bytes());
    feed(&record.end.map_or(i64::MIN, |end| end.micros()).to_be_bytes());
    feed(record.meter.guid().as_bytes());
    feed(&record.quantity.units().to_be_bytes());
    feed(record.resource.folded().as_bytes());
    for text in [&record.region, &record.tags, &record.additional_info] {
        feed(text.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::{MeterId, Quantity, ResourceUri, Timestamp};

    fn record(id: Option<&str>, quantity: &str) -> UsageRecord {
        UsageRecord {
            id: id.map(str::to_owned),
            start: Timestamp::parse("2017-10-01").unwrap(),
            end: None,
            meter: MeterId::parse("0dfadad2-6e4f-4078-85e1-90c230d4d482").unwrap(),
            quantity: Quantity::parse(quantity).unwrap(),
            resource: ResourceUri::new("/subscriptions/0/Disk"),
            region: String::new(),
            tags: String::new(),
            additional_info: String::new(),
            meter_name: "P10".into(),
            unit: String::new(),
            subscription: String::new(),
        }
    }

    #[test]
    fn every_record_gets_a_name_of_its_own_and_keeps_it() {
        let file = [
            record(Some("a"), "1"),
            record(Some("a"), "2"),
            record(None, "1"),
            record(Some("a"), "1"),
            record(Some("a"), "1"),
        ];
        let ids = event_ids(&file);
        let hash = ids[0].strip_prefix("a:").unwrap();
        assert_eq!(hash.len(), 32);
        assert_ne!(ids[1], ids[0]);
        assert_eq!(ids[2], format!(":{hash}"));
        assert_eq!(ids[3..], [format!("a:{hash}:2"), format!("a:{hash}:3")]);
        assert_eq!(event_ids(&file), ids);
        assert_eq!(event_ids(&file[..2]), ids[..2]);
    }

    #[test]
    fn a_name_does_not_depend_on_how_things_are_spelled() {
        let mut respelled = record(Some("a"), "1.0");
        respelled.resource = ResourceUri::new("/SUBSCRIPTIONS/0/disk");
        respelled.meter_name = "P10 Disks".into();
        assert_eq!(event_ids(&[respelled]), event_ids(&[record(Some("a"), "1")]));
    }

    /// The stored names of imported events: a change here would count every file anew.
    #[test]
    fn names_never_change_between_versions() {
        assert_eq!(event_ids(&[record(Some("a"), "1")]), ["a:e56d0d29d4e4053ae8e1dd87f3f72594"]);
    }
}
