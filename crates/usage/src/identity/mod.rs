//! Which events were counted: a keyed hash of (reporter, source, id) each, for ever.
//!
//! The key is drawn when a world is made, so nobody can construct two names that collide. 80 bits of the hash are kept:
//! with 10^10 events the chance that two names meet by accident is below 1 in 10,000, and a hit is still confirmed
//! against the log by the caller, who has it.

mod filter;
mod run;
mod runs;
mod table;

pub use run::{Merge, PAGE_NAMES, Run, RunIndex, RunPage};
pub(crate) use table::Entry;

use run::Moving;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use table::{SEGMENTS, Table};
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

/// Whether an event of a name was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// None was, ever.
    New,
    /// One of that name stands here. (A hit is confirmed there: of the hash 80 bits are kept.)
    At(Place),
    /// The name is old if it is known: one of these pages has it, or it is new. Read them and ask [`RunPage::find`].
    InRuns(Vec<RunPage>),
}

/// Names in memory at most, if nobody says otherwise: with it goes less than half a gigabyte.
pub const NAMES_IN_MEMORY: u64 = 16 << 20;

/// All events ever counted. The newest names are in memory; when there are too many, the oldest go into a run.
#[derive(Debug, Clone)]
pub(crate) struct Identities {
    table: Table,
    /// Names in memory, at most, but for what comes in while the oldest move out.
    budget: u64,
    /// Where the log stood, and how many names were counted, after each eighth of the budget.
    marks: VecDeque<(i64, u64)>,
    moving: Option<Moving>,
    /// Finished, and not stored yet.
    unsaved: Vec<Run>,
    stored: Vec<Arc<RunIndex>>,
    /// The names of all records up to this one are in runs.
    moved_through: i64,
    moved: u64,
}

/// What a checkpoint keeps beside the names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    budget: u64,
    marks: Vec<(i64, u64)>,
    /// Through which record, how many segments, how many names.
    moving: Option<(i64, u32, u64)>,
    moved_through: i64,
    moved: u64,
}

impl Default for Identities {
    fn default() -> Self {
        Self::with_budget(NAMES_IN_MEMORY)
    }
}

/// Marks are set, and names are moved out, by this part of the budget.
const EIGHTH: u64 = 8;

impl Identities {
    pub(crate) fn with_budget(budget: u64) -> Self {
        Self {
            table: Table::default(),
            budget,
            marks: VecDeque::new(),
            moving: None,
            unsaved: Vec::new(),
            stored: Vec::new(),
            moved_through: 0,
            moved: 0,
        }
    }

    pub(crate) fn look(&self, name: u128) -> Look {
        if let Some(place) = self.find(name) {
            return Look::At(place);
        }
        run::look(&self.stored, name)
    }

    /// The place of a name that is in memory.
    pub(crate) fn find(&self, name: u128) -> Option<Place> {
        let moving = || self.moving.as_ref().and_then(|moving| moving.find(name));
        let unsaved = || self.unsaved.iter().find_map(|run| run.find(name));
        self.table.find(name).or_else(moving).or_else(unsaved)
    }

    /// Adds the names of a record, in its order.
    pub(crate) fn insert_all(&mut self, seq: i64, names: impl Iterator<Item = u128>) {
        /// So many places fit the nearest cache, and more are not fetched at once.
        const SIDE_BY_SIDE: usize = 32;
        let (mut names, mut group) = (names.zip(0_u32..), Vec::with_capacity(SIDE_BY_SIDE));
        loop {
            group.clear();
            group.extend(names.by_ref().take(SIDE_BY_SIDE));
            if group.is_empty() {
                return;
            }
            self.table.fetch(group.iter().map(|(name, _)| *name));
            for (name, index) in &group {
                self.table.insert(*name, Place { seq, index: *index });
            }
        }
    }

    /// How many were counted, ever.
    pub(crate) fn len(&self) -> u64 {
        self.table.len() as u64 + self.moving.as_ref().map_or(0, Moving::len) + self.moved
    }

    /// Moves the oldest names out, if there are too many. Called after each record with names, it does a part of the
    /// work each time; all that it does follows from the records alone.
    pub(crate) fn make_room(&mut self, seq: i64, new_names: usize) {
        let eighth = (self.budget / EIGHTH).max(1);
        let counted = self.len();
        if self.marks.back().map_or(self.moved, |(_, then)| *then) + eighth <= counted {
            self.marks.push_back((seq, counted));
        }
        if self.moving.is_none() && self.table.len() as u64 > self.budget {
            // Two eighths at a time. Records are not cut: a large one may be more than that.
            let oldest = self.marks.pop_front().unwrap_or((seq, counted));
            let (through, then) = self.marks.pop_front().unwrap_or(oldest);
            self.moving = Some(Moving::new(self.moved_through, through, then.saturating_sub(self.moved)));
        }
        let Some(mut moving) = self.moving.take() else { return };
        // So fast that it is over before another eighth came in.
        let steps = (new_names as u64 * SEGMENTS as u64).div_ceil(eighth);
        for _ in 0..steps {
            if moving.is_done() {
                break;
            }
            moving.step(&mut self.table);
        }
        if moving.is_done() {
            let run = moving.finish();
            self.moved_through = run.index.through;
            self.moved += run.index.names;
            self.unsaved.push(run);
        } else {
            self.moving = Some(moving);
        }
    }

    /// What a checkpoint keeps beside the names in memory.
    pub(crate) fn kept(&self) -> Kept {
        Kept {
            budget: self.budget,
            marks: self.marks.iter().copied().collect(),
            moving: self
                .moving
                .as_ref()
                .map(|moving| (moving.through, u32::try_from(moving.segments).unwrap_or(0), moving.expected())),
            moved_through: self.moved_through,
            moved: self.moved,
        }
    }

    /// The names in memory, in portions: what was moved goes back where it came from.
    pub(crate) fn portions(&self) -> impl Iterator<Item = Vec<u8>> {
        let moving = self.moving.iter().flat_map(Moving::names).map(<[u8]>::to_vec);
        let names = self.table.sorted().map(|names| names.as_flattened().to_vec());
        moving.chain(names).filter(|names| !names.is_empty())
    }

    /// Takes a portion back.
    pub(crate) fn load(&mut self, names: &[Entry]) {
        self.table.load(names);
    }

    /// After all names of a checkpoint: moves again what was on its way.
    pub(crate) fn resume(&mut self, kept: Kept) {
        (self.budget, self.marks) = (kept.budget, kept.marks.into());
        (self.moved_through, self.moved) = (kept.moved_through, kept.moved);
        self.moving = kept.moving.map(|(through, segments, names)| {
            // A filter for more names than there are in the log would be damage.
            let most = self.table.len() as u64;
            let mut moving = Moving::new(kept.moved_through, through, names.min(most));
            (0..segments.min(u32::try_from(SEGMENTS).unwrap_or(0))).for_each(|_| moving.step(&mut self.table));
            moving
        });
    }
}
