//! Which events were counted: a keyed 128-bit hash of (reporter, source, id) each.
//!
//! The key is drawn when a world is made, so nobody can construct two names that collide. With 10^10 events
//! the chance of an accidental collision is below 10^-18; a hit is still confirmed against the log by the
//! caller, who has it.

use crate::event::Event;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use tenantry_core::TenantId;

/// The secret of a world's event hashes. First record of its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityKey(pub [u8; 16]);

/// Where in the log an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The record.
    pub seq: i64,
    /// The event in it, from 0.
    pub index: u32,
}

impl IdentityKey {
    /// The hash of an event's name.
    #[must_use]
    pub fn of(&self, reporter: Option<TenantId>, source: &str, id: &str) -> u128 {
        self.hash(|hasher| {
            if let Some(tenant) = reporter {
                hasher.write(tenant.guid().as_bytes());
            }
            // The length keeps ("a", "bc") and ("ab", "c") apart.
            hasher.write_u64(source.len() as u64);
            hasher.write(source.as_bytes());
            hasher.write(id.as_bytes());
        })
    }

    pub(crate) fn hash(&self, feed: impl FnOnce(&mut SipHasher13)) -> u128 {
        let mut hasher = SipHasher13::new_with_key(&self.0);
        feed(&mut hasher);
        hasher.finish128().as_u128()
    }
}

/// The hashes are uniform already; hashing them again would be waste.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        let bytes = hash.to_le_bytes();
        let mut low = [0; 8];
        low.copy_from_slice(&bytes[..8]);
        self.0 = u64::from_le_bytes(low);
    }
}

pub(crate) type ByHash<T> = HashMap<u128, T, BuildHasherDefault<AsIs>>;

/// All events ever counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Identities(pub(crate) ByHash<Place>);

impl Identities {
    pub(crate) fn find(&self, key: &IdentityKey, reporter: Option<TenantId>, source: &str, id: &str) -> Option<Place> {
        self.0.get(&key.of(reporter, source, id)).copied()
    }

    pub(crate) fn insert(&mut self, key: &IdentityKey, event: &Event, place: Place) {
        self.0.entry(key.of(event.reporter, &event.source, &event.id)).or_insert(place);
    }
}
