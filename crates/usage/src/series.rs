//! A series: one meter of one resource in one subscription. Interned, so rows are small.

use crate::event::Event;
use crate::identity::{ByHash, IdentityKey};
use serde::{Deserialize, Serialize};
use std::hash::Hasher;
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
    fn is_of(&self, event: &Event) -> bool {
        self.subscription == event.subscription
            && self.meter == event.meter
            && self.resource == event.resource
            && self.region.eq_ignore_ascii_case(&event.region)
    }

    /// The order of rows within a day. It must not depend on the order of arrival.
    pub(crate) fn order(&self) -> (&ResourceUri, String) {
        (&self.resource, self.region.to_ascii_lowercase())
    }
}

/// Index of a series in its table.
pub(crate) type SeriesId = u32;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SeriesTable {
    pub(crate) all: Vec<Series>,
    pub(crate) by_hash: ByHash<SeriesId>,
}

impl SeriesTable {
    /// The series of an event; a new one if there was none. Tags of a known one are brought up to date.
    pub(crate) fn intern(&mut self, key: &IdentityKey, event: &Event) -> SeriesId {
        let mut hash = hash(key, event);
        while let Some(&id) = self.by_hash.get(&hash) {
            if let Some(series) = self.all.get_mut(id as usize)
                && series.is_of(event)
            {
                if series.tags != event.tags {
                    series.tags.clone_from(&event.tags);
                }
                if series.additional_info != event.additional_info {
                    series.additional_info.clone_from(&event.additional_info);
                }
                return id;
            }
            hash = hash.wrapping_add(1);
        }
        let id = SeriesId::try_from(self.all.len()).unwrap_or(SeriesId::MAX);
        self.all.push(Series {
            subscription: event.subscription,
            meter: event.meter,
            resource: event.resource.clone(),
            region: event.region.clone(),
            tags: event.tags.clone(),
            additional_info: event.additional_info.clone(),
        });
        self.by_hash.insert(hash, id);
        id
    }

    pub(crate) fn get(&self, id: SeriesId) -> Option<&Series> {
        self.all.get(id as usize)
    }
}

fn hash(key: &IdentityKey, event: &Event) -> u128 {
    key.hash(|hasher| {
        hasher.write(event.subscription.guid().as_bytes());
        hasher.write(event.meter.guid().as_bytes());
        for byte in event.resource.as_str().bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
        hasher.write_u8(0xff);
        for byte in event.region.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
    })
}
