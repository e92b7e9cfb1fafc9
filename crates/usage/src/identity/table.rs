//! Names in memory: 18 bytes each, in open addressing.
//!
//! A slot holds 80 bits of a name's hash and the name's place. The table is cut into segments that grow by themselves,
//! so that growing one never needs memory for all names twice, and no batch waits for all of them to move. Where a name
//! lies follows from the highest bits of its hash: the table is nearly in order, and so is quickly brought into order.

use super::Place;
use std::hint::black_box;

/// Bytes of a slot: hash, then place.
const SLOT: usize = 18;
const HASH: usize = 10;
/// By the highest bits of the hash.
pub(crate) const SEGMENTS: usize = 256;
const SEGMENT_BITS: u32 = SEGMENTS.trailing_zeros();
/// The 80 highest bits of a hash are kept.
const DROPPED_BITS: u32 = 48;
/// Fewest slots of a segment with any.
const SLOTS_MIN: usize = 8;

/// What is kept of a name's hash, highest byte first: bytes compare like numbers.
pub(crate) type Short = [u8; HASH];

/// The bytes of one name: hash and place.
pub(crate) type Entry = [u8; SLOT];

/// What is kept of a hash.
pub(crate) fn short(hash: u128) -> Short {
    let mut short = [0; HASH];
    short.copy_from_slice(&hash.to_be_bytes()[..HASH]);
    short
}

/// A record of the log has room for 2^24 events, a log for 2^40 records.
const INDEX_BITS: u32 = 24;

/// A name and its place, packed.
pub(crate) fn entry(short: Short, place: Place) -> Entry {
    let mut entry = [0; SLOT];
    entry[..HASH].copy_from_slice(&short);
    let packed = place.seq.unsigned_abs() << INDEX_BITS | u64::from(place.index);
    entry[HASH..].copy_from_slice(&packed.to_be_bytes());
    entry
}

/// The place of a packed name; none in an empty slot.
pub(crate) fn place_of(entry: &Entry) -> Option<Place> {
    let mut packed = [0; SLOT - HASH];
    packed.copy_from_slice(&entry[HASH..]);
    let packed = u64::from_be_bytes(packed);
    let index = u32::try_from(packed & ((1 << INDEX_BITS) - 1)).ok()?;
    let seq = i64::try_from(packed >> INDEX_BITS).ok().filter(|seq| *seq > 0)?;
    Some(Place { seq, index })
}

/// The names.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    segments: Vec<Segment>,
    len: usize,
}

#[derive(Debug, Clone, Default)]
struct Segment {
    slots: Vec<Entry>,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { segments: vec![Segment::default(); SEGMENTS], len: 0 }
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn find(&self, hash: u128) -> Option<Place> {
        let segment = self.segments.get(segment_of(hash))?;
        segment.slots.get(segment.look(hash)?).and_then(place_of)
    }

    /// Looks at where names would lie, so that the machine fetches all those places side by side: each is somewhere else
    /// in a gigabyte, and one after the other they would be waited for one by one.
    pub(crate) fn fetch(&self, hashes: impl Iterator<Item = u128>) {
        let place = |hash| {
            let segment = self.segments.get(segment_of(hash))?;
            segment.slots.get(segment.home(hash)?)
        };
        black_box(hashes.fold(0, |seen, hash| seen ^ place(hash).map_or(0, |slot| slot[SLOT - 1])));
    }

    /// Adds a name, unless it is there. Says whether it was new.
    pub(crate) fn insert(&mut self, hash: u128, place: Place) -> bool {
        let Some(segment) = self.segments.get_mut(segment_of(hash)) else { return false };
        segment.make_room();
        let Some(at) = segment.look(hash) else { return false };
        let Some(slot) = segment.slots.get_mut(at).filter(|slot| is_empty(slot)) else { return false };
        *slot = entry(short(hash), place);
        segment.used += 1;
        self.len += 1;
        true
    }

    /// All names in order of their hashes, a segment at a time.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = Vec<Entry>> {
        self.segments.iter().map(|segment| {
            let mut names: Vec<_> = segment.slots.iter().filter(|slot| !is_empty(slot)).copied().collect();
            in_order(&mut names);
            names
        })
    }

    /// Takes out of one segment the names that stand up to and including a record, in order of their hashes. One
    /// segment after the other gives all of them in order.
    pub(crate) fn take_through(&mut self, segment: usize, seq: i64) -> Vec<Entry> {
        let Some(segment) = self.segments.get_mut(segment) else { return Vec::new() };
        let slots = std::mem::take(&mut segment.slots);
        let names = slots.iter().filter_map(|slot| place_of(slot).map(|place| (*slot, place.seq <= seq)));
        let (mut taken, mut kept) = (Vec::with_capacity(segment.used), Vec::with_capacity(segment.used));
        for (name, is_old) in names {
            if is_old { taken.push(name) } else { kept.push(name) }
        }
        drop(slots);
        in_order(&mut taken);
        // Room for those that come in until the next are taken out: the segment need not grow meanwhile.
        segment.fill(&kept, kept.len() * 15 / 8);
        self.len -= taken.len();
        taken
    }

    /// Adds names of a checkpoint, best a segment at a time. (One by one and in order they would all begin their
    /// search in the same few slots of a table that is still small.)
    pub(crate) fn load(&mut self, names: &[Entry]) {
        for names in names.chunk_by(|a, b| segment_of(hash_of(a)) == segment_of(hash_of(b))) {
            let Some(at) = names.first().map(|first| segment_of(hash_of(first))) else { continue };
            let Some(segment) = self.segments.get_mut(at) else { continue };
            let mut all: Vec<_> =
                segment.slots.iter().chain(names).filter(|n| place_of(n).is_some()).copied().collect();
            all.sort_unstable();
            all.dedup_by(|a, b| hash_of(a) == hash_of(b));
            self.len += all.len() - segment.used;
            segment.fill(&all, all.len() + all.len() / 2);
        }
    }
}

/// What is known of a packed name's hash.
pub(crate) fn hash_of(entry: &Entry) -> u128 {
    entry.first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes)) >> DROPPED_BITS << DROPPED_BITS
}

/// Brings names of a segment into order that come as they lie in it: each is a few slots behind its home at most, but for
/// those at the beginning that found no room at the end.
fn in_order(names: &mut [Entry]) {
    const UPPER_HALF: u8 = 0x80;
    let around = names.iter().take_while(|name| name[size_of::<u8>()] >= UPPER_HALF).count();
    // All of them are of the upper half if hashes are few; then there is nothing to turn.
    if around < names.len() {
        names.rotate_left(around);
    }
    for at in 1..names.len() {
        let name = names[at];
        let mut to = at;
        while to > 0 && names[to - 1] > name {
            names[to] = names[to - 1];
            to -= 1;
        }
        names[to] = name;
    }
}

/// No name stands at record 0.
fn is_empty(slot: &Entry) -> bool {
    slot.last_chunk().is_none_or(|packed| u64::from_be_bytes(*packed) == 0)
}

fn segment_of(hash: u128) -> usize {
    usize::try_from(hash >> (u128::BITS - SEGMENT_BITS)).unwrap_or(0)
}

impl Segment {
    /// The slot of a name, or the one it would go to. `None` only in a segment without slots.
    fn look(&self, hash: u128) -> Option<usize> {
        let wanted = hash >> DROPPED_BITS;
        let mut at = self.home(hash)?;
        loop {
            let slot = self.slots.get(at)?;
            if is_empty(slot) || hash_of(slot) >> DROPPED_BITS == wanted {
                return Some(at);
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
    }

    /// Where the search begins: in proportion to the hash.
    fn home(&self, hash: u128) -> Option<usize> {
        // Only of what is kept: a stored name must find its home again.
        let kept = hash >> DROPPED_BITS << DROPPED_BITS;
        let within = u64::try_from((kept << SEGMENT_BITS) >> u64::BITS).ok()?;
        usize::try_from((u128::from(within) * self.slots.len() as u128) >> u64::BITS).ok()
    }

    /// At most four slots of five are used: beyond, searches become long.
    fn make_room(&mut self) {
        if (self.used + 1) * 5 > self.slots.len() * 4 {
            let wanted = (self.slots.len() + self.slots.len() / 2).max(SLOTS_MIN);
            let names: Vec<_> = self.slots.iter().filter(|slot| !is_empty(slot)).copied().collect();
            self.fill(&names, wanted);
        }
    }

    /// Holds these names from now on, and no others.
    fn fill(&mut self, names: &[Entry], slots: usize) {
        *self = Self::default();
        // The first name of an empty segment asks for room with nothing to put there yet.
        if slots == 0 {
            return;
        }
        self.slots = vec![[0; SLOT]; slots.max(SLOTS_MIN)];
        self.put_all(names);
    }

    fn put_all(&mut self, names: &[Entry]) {
        for name in names {
            if let Some(slot) = self.look(hash_of(name)).and_then(|at| self.slots.get_mut(at)) {
                *slot = *name;
                self.used += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_answers_like_a_plain_map(
            // Hashes of few different high bits meet in one segment, and wrap around at its end.
            names in prop::collection::vec((0_u128..4, any::<u64>(), 1_i64..1_000, 0_u32..10_000), 0..400),
            through in 0_i64..1_000,
        ) {
            let (mut table, mut plain) = (Table::default(), BTreeMap::new());
            let hash = |high: u128, low: u64| (high << 119) | (u128::from(low % 997) << DROPPED_BITS) | (u128::from(low % 997) << 90);
            for (high, low, seq, index) in &names {
                let (hash, place) = (hash(*high, *low), Place { seq: *seq, index: *index });
                prop_assert_eq!(table.insert(hash, place), !plain.contains_key(&short(hash)));
                plain.entry(short(hash)).or_insert(place);
            }
            let taken: Vec<_> = (0..SEGMENTS).flat_map(|segment| table.take_through(segment, through)).collect();
            let old: Vec<_> = plain.iter().filter(|(_, place)| place.seq <= through).map(|(short, place)| entry(*short, *place)).collect();
            prop_assert_eq!(taken, old);
            plain.retain(|_, place| place.seq > through);
            prop_assert_eq!(table.len(), plain.len());
            let sorted: Vec<_> = table.sorted().flatten().collect();
            prop_assert_eq!(&sorted, &plain.iter().map(|(short, place)| entry(*short, *place)).collect::<Vec<_>>());
            for (high, low, _, _) in &names {
                prop_assert_eq!(table.find(hash(*high, *low)), plain.get(&short(hash(*high, *low))).copied());
            }
            let mut loaded = Table::default();
            loaded.load(&sorted);
            prop_assert_eq!(loaded.sorted().flatten().collect::<Vec<_>>(), sorted);
        }
    }
}
