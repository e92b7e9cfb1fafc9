//! Which events of the log a batch names: those of its own names, which were counted before, and those it corrects.
//!
//! A name is found by a hash, and only the event in the log says whether it is the one. So every hit has its record read
//! and opened. Most batches hit nothing, and a batch that is sent again hits a record or two. But a resend may name events
//! of thousands of records, and reading those takes seconds, while a turn holds up everybody who appends.
//!
//! Therefore a turn reads little. A batch that names more than that is handed back to its sender's own task, which looks
//! everything up while others go on, and comes again ([`Ahead`]). A place of the log never changes what it holds, so what
//! was found before the turn is found; only what was new then is looked up again.

use crate::engine::{Metering, partition};
use crate::intake::Submitted;
use crate::judging::Named;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::identity_run::{self, Stretch};
use tenantry_db::{Connection, log};
use tenantry_usage::{Event, Fold, IdentityKey, Look, Place, Record, RunPage};

/// Records of one batch that are opened in a turn.
pub(crate) const RECORDS_IN_TURN: usize = 8;
/// Records of all batches of a group that are opened in a turn.
pub(crate) const GROUP_RECORDS_IN_TURN: usize = 32;
/// Pages of names on disk of one batch that are read in a turn.
pub(crate) const PAGES_IN_TURN: usize = 128;

/// What an event names, by the event's place in its batch. Events that name nothing are not in it.
pub(crate) type NamedAt = BTreeMap<usize, Named>;

/// What was looked up for a batch before its turn.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    pub(crate) named: NamedAt,
    /// The named events.
    pub(crate) known: HashMap<Place, Event>,
    /// Whether it was looked up: nobody is sent away twice.
    pub(crate) looked: bool,
}

/// A name that may lie on disk.
struct OnDisk<'a> {
    at: usize,
    what: What,
    name: Name<'a>,
    pages: Vec<RunPage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Own,
    Original,
}

/// An event's name: reporter, source, id.
type Name<'a> = (Option<TenantId>, &'a str, &'a str);

/// What a batch names, and the hashes of its own names, event by event: whoever judges it needs them again.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) named: NamedAt,
    pub(crate) hashes: Vec<u128>,
}

/// What memory knows of the names in a batch.
pub(crate) struct Looked<'a> {
    pub(crate) names: Names,
    on_disk: Vec<OnDisk<'a>>,
}

impl<'a> Looked<'a> {
    /// Asks memory. What was found before is not asked again.
    ///
    /// All hashes are made before the first is looked up: the lookups miss the caches, and so they miss side by side.
    pub(crate) fn of(fold: &Fold, ctx: &OpContext, batch: &'a [Submitted], before: &NamedAt) -> Self {
        // Names belong to their reporter.
        let reporter = ctx.confined_to();
        // Without a key nothing was counted, and nothing will be.
        let key = fold.key().unwrap_or(IdentityKey([0; 16]));
        let own =
            |submitted: &Submitted| submitted.event().map_or(0, |event| key.of(reporter, &event.source, &event.id));
        let hashes: Vec<_> = batch.iter().map(own).collect();
        let mut looked = Self { names: Names { named: before.clone(), hashes }, on_disk: Vec::new() };
        for (at, event) in events(batch) {
            if before.get(&at).is_none_or(|before| before.own.is_none()) {
                let hash = looked.names.hashes.get(at).copied().unwrap_or_default();
                looked.hear(at, What::Own, (reporter, &event.source, &event.id), fold.look_hashed(hash));
            }
        }
        for (at, event) in events(batch) {
            if let Some(id) = &event.corrects
                && before.get(&at).is_none_or(|before| before.original.is_none())
            {
                looked.hear(at, What::Original, (reporter, &event.source, id), fold.look(reporter, &event.source, id));
            }
        }
        looked
    }

    fn hear(&mut self, at: usize, what: What, name: Name<'a>, look: Look) {
        match look {
            Look::New => {}
            Look::At(place) => self.found(at, what, place),
            Look::InRuns(pages) => self.on_disk.push(OnDisk { at, what, name, pages }),
        }
    }

    fn found(&mut self, at: usize, what: What, place: Place) {
        let named = self.names.named.entry(at).or_default();
        match what {
            What::Own => named.own = Some(place),
            What::Original => named.original = Some(place),
        }
    }

    /// Pages to be read before all is known.
    pub(crate) fn pages(&self) -> usize {
        self.on_disk.iter().map(|one| one.pages.len()).sum()
    }

    /// What is named, if memory knew all of it and all named events are known; itself otherwise.
    pub(crate) fn settled(self, known: &HashMap<Place, Event>) -> Result<Names, Self> {
        if self.on_disk.is_empty() && records_of(&self.names.named, known).is_empty() {
            Ok(self.names)
        } else {
            Err(self)
        }
    }
}

fn events(batch: &[Submitted]) -> impl Iterator<Item = (usize, &Event)> {
    batch.iter().enumerate().filter_map(|(at, submitted)| Some((at, submitted.event()?)))
}

/// The records of places that are not known yet, and which events of each are wanted.
pub(crate) fn records_of(named: &NamedAt, known: &HashMap<Place, Event>) -> BTreeMap<i64, BTreeSet<u32>> {
    let mut wanted: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
    for place in named.values().flat_map(|named| [named.own, named.original]).flatten() {
        if !known.contains_key(&place) {
            wanted.entry(place.seq).or_default().insert(place.index);
        }
    }
    wanted
}

impl Metering {
    /// Looks up everything that a batch names, outside of any turn.
    pub(crate) async fn look_ahead(&self, ctx: &OpContext, batch: &[Submitted]) -> Result<Ahead, Problem> {
        let mut looked = Looked::of(&*self.fold.read().await, ctx, batch, &NamedAt::new());
        let mut reader = self.db.reader().await?;
        self.read_pages(&mut reader, &mut looked).await?;
        let mut known = HashMap::new();
        for (seq, indexes) in records_of(&looked.names.named, &known) {
            fetch(&mut reader, seq, &indexes, &mut known).await?;
            // Opening records is work; others are to be served meanwhile.
            tokio::task::yield_now().await;
        }
        Ok(Ahead { named: looked.names.named, known, looked: true })
    }

    /// Reads the pages that say where the names are that memory knows only to be perhaps on disk.
    ///
    /// Asked within a turn, the answer stays true until the turn ends.
    pub(crate) async fn read_pages(&self, on: &mut impl Connection, looked: &mut Looked<'_>) -> Result<(), Problem> {
        let mut pages = Pages::default();
        for OnDisk { at, what, name: (reporter, source, id), pages: wanted } in std::mem::take(&mut looked.on_disk) {
            let place = match pages.find(on, &wanted).await? {
                Found::Answer(place) => place,
                Found::RunIsGone => {
                    // Merged away: the names are in a wider run.
                    self.upkeep.see_runs().await?;
                    match self.fold.read().await.look(reporter, source, id) {
                        Look::New => None,
                        Look::At(place) => Some(place),
                        Look::InRuns(wanted) => pages.find(on, &wanted).await?.certain()?,
                    }
                }
            };
            if let Some(place) = place {
                looked.found(at, what, place);
            }
        }
        Ok(())
    }
}

/// Reads a record and keeps the wanted events of it. One record is open at a time: a resend may name events of
/// thousands.
pub(crate) async fn fetch(
    on: &mut impl Connection,
    seq: i64,
    indexes: &BTreeSet<u32>,
    known: &mut HashMap<Place, Event>,
) -> Result<(), Problem> {
    let stored = log::at(on, partition(), seq)
        .await?
        .ok_or_else(|| Problem::corrupt(format!("usage log record {seq} is missing")))?;
    let record =
        Record::decode(&stored.bytes).map_err(|error| Problem::corrupt(format!("usage log record {seq}: {error}")))?;
    let Record::Usage(events) = record else { return Ok(()) };
    let named = events.into_iter().zip(0_u32..).filter(|(_, index)| indexes.contains(index));
    known.extend(named.map(|(event, index)| (Place { seq, index }, event)));
    Ok(())
}

/// Pages read for one question; many names of a batch may be in one.
#[derive(Debug, Default)]
struct Pages(HashMap<(Stretch, u32), Vec<u8>>);

enum Found {
    Answer(Option<Place>),
    RunIsGone,
}

impl Found {
    fn certain(self) -> Result<Option<Place>, Problem> {
        match self {
            Self::Answer(place) => Ok(place),
            Self::RunIsGone => Err(Problem::corrupt("a page of the names of counted events is missing".to_owned())),
        }
    }
}

impl Pages {
    async fn find(&mut self, on: &mut impl Connection, wanted: &[RunPage]) -> Result<Found, Problem> {
        for page in wanted {
            let run = Stretch { after: page.after, through: page.through };
            let bytes = match self.0.entry((run, page.page)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unread) => {
                    let read = identity_run::page(on, partition(), run, i64::from(page.page)).await?;
                    let Some(bytes) = read else { return Ok(Found::RunIsGone) };
                    unread.insert(bytes)
                }
            };
            if let Some(place) = page.find(bytes) {
                return Ok(Found::Answer(Some(place)));
            }
        }
        Ok(Found::Answer(None))
    }
}
