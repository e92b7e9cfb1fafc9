//! A series: one meter of one resource in one subscription. Interned, so rows are small.
//!
//! A series is known by a keyed hash of 128 bits. The key is secret and drawn when the world is made: nobody can
//! make two series meet, and with a billion of them the chance that two ever do by themselves is below 10^-20. So
//! counting an event need not look at the texts of its series; they are touched when they are new or have changed.

use crate::identity::{ByHash, IdentityKey};
use serde::{Deserialize, Serialize};
use std::hash::Hasher;
use std::sync::Arc;
use tenantry_core::{MeterId, ResourceUri, SubscriptionId};

/// What rows of usage are kept for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The meter.
    pub meter: MeterId,
    /// The resource, as first sent.
    pub resource: ResourceUri,
    /// The region, as first sent.
    pub region: String,
    /// The newest tags sent.
    pub tags: String,
    /// The newest additional info sent.
    pub additional_info: String,
}

impl Series {
    /// The order of rows within a day. It must not depend on the order of arrival.
    pub(crate) fn order(&self) -> (String, String) {
        (self.resource.folded(), self.region.to_ascii_lowercase())
    }
}

/// What an event says of its series, as sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described<'a> {
    pub(crate) subscription: SubscriptionId,
    pub(crate) meter: MeterId,
    pub(crate) resource: &'a str,
    pub(crate) region: &'a str,
    pub(crate) tags: &'a str,
    pub(crate) additional_info: &'a str,
}

/// Names a series, and what is written on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeriesHash {
    name: u128,
    /// Of tags and additional info; 0 if there are none.
    details: u64,
}

impl SeriesHash {
    /// `folded` is room to work in: letter case makes no difference.
    pub(crate) fn of(key: &IdentityKey, described: &Described<'_>, folded: &mut Vec<u8>) -> Self {
        folded.clear();
        folded.extend_from_slice(described.subscription.guid().as_bytes());
        folded.extend_from_slice(described.meter.guid().as_bytes());
        let ids = folded.len();
        folded.extend_from_slice(described.resource.as_bytes());
        // No text holds this byte.
        folded.push(0xff);
        folded.extend_from_slice(described.region.as_bytes());
        folded[ids..].make_ascii_lowercase();
        let name = key.hash(|hasher| hasher.write(folded));
        let details = match (described.tags, described.additional_info) {
            ("", "") => 0,
            (tags, info) => {
                let hash = key.hash(|hasher| {
                    hasher.write(tags.as_bytes());
                    hasher.write_u8(0xff);
                    hasher.write(info.as_bytes());
                });
                u64::try_from(hash >> u64::BITS).unwrap_or(0)
            }
        };
        Self { name, details }
    }
}

/// Index of a series in its table.
pub(crate) type SeriesId = u32;

#[derive(Debug, Clone, Default)]
pub(crate) struct SeriesTable {
    all: Vec<Arc<Series>>,
    hashes: Vec<SeriesHash>,
    by_hash: ByHash<SeriesId>,
}

impl SeriesTable {
    /// The series of an event; a new one if there was none. Tags of a known one are brought up to date. `described`
    /// is asked only if something is new.
    pub(crate) fn intern<'a>(&mut self, hash: SeriesHash, described: impl FnOnce() -> Described<'a>) -> SeriesId {
        let Some(&id) = self.by_hash.get(&hash.name) else { return self.add(hash, described()) };
        if let Some(known) = self.hashes.get_mut(id as usize)
            && known.details != hash.details
            && let Some(series) = self.all.get_mut(id as usize)
        {
            let described = described();
            let series = Arc::make_mut(series);
            described.tags.clone_into(&mut series.tags);
            described.additional_info.clone_into(&mut series.additional_info);
            known.details = hash.details;
        }
        id
    }

    fn add(&mut self, hash: SeriesHash, described: Described<'_>) -> SeriesId {
        self.put(
            hash.name,
            hash.details,
            Series {
                subscription: described.subscription,
                meter: described.meter,
                resource: ResourceUri::new(described.resource),
                region: described.region.to_owned(),
                tags: described.tags.to_owned(),
                additional_info: described.additional_info.to_owned(),
            },
        )
    }

    /// Adds a series under its hashes, as [`SeriesTable::iter`] gave them.
    pub(crate) fn put(&mut self, name: u128, details: u64, series: Series) -> SeriesId {
        let id = SeriesId::try_from(self.all.len()).unwrap_or(SeriesId::MAX);
        self.all.push(Arc::new(series));
        self.hashes.push(SeriesHash { name, details });
        self.by_hash.insert(name, id);
        id
    }

    pub(crate) fn get(&self, id: SeriesId) -> Option<&Arc<Series>> {
        self.all.get(id as usize)
    }

    /// All series with their hashes, in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u128, u64, &Series)> {
        self.hashes.iter().zip(&self.all).map(|(hash, series)| (hash.name, hash.details, &**series))
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}
