//! Runs: names that were moved out of memory, in order of their hashes, cut into pages.
//!
//! What stays in memory of a run is little: the first name of each page (so that the one page that may hold a name is
//! known without a look), and a filter of about ten bits a name that says "certainly not here" to all but one name in
//! a hundred. Nearly every new event is told to be new without any page being read.
//!
//! A run is made of the names that came before a place of the log, so the same log makes the same runs. It is bytes
//! here; `metering` keeps pages in the database and reads them when [`super::Look::InRuns`] asks for them.

use super::filter::Filter;
use super::table::{Entry, SEGMENTS, Short, Table, hash_of, place_of, short};
use super::{Look, Place};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Names of a page: nine kilobytes, read in one step.
pub const PAGE_NAMES: usize = 512;

/// A page of a run that may hold a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunPage {
    /// The run: it holds names of records after this one...
    pub after: i64,
    /// ...up to and including this one.
    pub through: i64,
    /// The page in it, from 0.
    pub page: u32,
    name: u128,
}

impl RunPage {
    /// The place of the name, if the page has it.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Option<Place> {
        let (names, _) = bytes.as_chunks::<{ size_of::<Entry>() }>();
        let wanted = short(self.name);
        let at = names.partition_point(|name| name[..wanted.len()] < wanted[..]);
        names.get(at).filter(|name| name[..wanted.len()] == wanted).and_then(place_of)
    }
}

/// What is kept in memory of a run. It is stored beside the pages, so that a start need not read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunIndex {
    /// It holds names of records after this one...
    pub after: i64,
    /// ...up to and including this one.
    pub through: i64,
    /// How many.
    pub names: u64,
    /// The first name of each page.
    fences: Vec<Short>,
    filter: Filter,
}

impl RunIndex {
    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.fences.len()
    }

    /// The stored form.
    pub fn encode(&self) -> Result<Vec<u8>, crate::RecordError> {
        postcard::to_stdvec(self).map_err(|error| crate::RecordError::Damaged(error.to_string()))
    }

    /// Reads the stored form.
    pub fn decode(bytes: &[u8]) -> Result<Self, crate::RecordError> {
        let index: Self =
            postcard::from_bytes(bytes).map_err(|error| crate::RecordError::Damaged(error.to_string()))?;
        if !index.filter.is_sound() || index.after >= index.through {
            return Err(crate::RecordError::Damaged("the index of a run of names makes no sense".to_owned()));
        }
        Ok(index)
    }

    /// The page that may hold a name.
    fn page_of(&self, name: u128) -> Option<RunPage> {
        if !self.filter.may_hold(name) {
            return None;
        }
        let wanted = short(name);
        let page = self.fences.partition_point(|first| *first <= wanted).checked_sub(1)?;
        Some(RunPage { after: self.after, through: self.through, page: u32::try_from(page).ok()?, name })
    }
}

/// A run in the making: names are given in order, pages come out.
#[derive(Debug, Clone)]
struct RunMaker {
    index: RunIndex,
    page: Vec<u8>,
}

impl RunMaker {
    /// `names` is how many will come, at most.
    fn new(after: i64, through: i64, names: u64) -> Self {
        let filter = Filter::new(names);
        Self { index: RunIndex { after, through, names: 0, fences: Vec::new(), filter }, page: Vec::new() }
    }

    /// Adds the next name; gives the page that it fills.
    fn push(&mut self, name: &Entry) -> Option<Vec<u8>> {
        let full = (self.page.len() == PAGE_NAMES * name.len()).then(|| std::mem::take(&mut self.page));
        if self.page.is_empty() {
            self.index.fences.push(short(hash_of(name)));
            self.page.reserve_exact(PAGE_NAMES * name.len());
        }
        self.page.extend_from_slice(name);
        self.index.filter.add(hash_of(name));
        self.index.names += 1;
        full
    }

    /// The last page, and what to keep in memory.
    fn finish(self) -> (Vec<u8>, RunIndex) {
        (self.page, self.index)
    }
}

/// A run that is not stored yet.
#[derive(Debug, Clone)]
pub struct Run {
    /// What to keep in memory.
    pub index: RunIndex,
    /// Its pages, in order.
    pub pages: Vec<Vec<u8>>,
}

impl Run {
    pub(crate) fn find(&self, name: u128) -> Option<Place> {
        let page = self.index.page_of(name)?;
        page.find(self.pages.get(page.page as usize)?)
    }
}

/// Names on their way out of memory: a part of the table with each batch, so that none waits for all of it.
#[derive(Debug, Clone)]
pub(crate) struct Moving {
    pub(crate) through: i64,
    /// How many segments of the table were moved.
    pub(crate) segments: usize,
    expected: u64,
    maker: RunMaker,
    pages: Vec<Vec<u8>>,
}

impl Moving {
    pub(crate) fn new(after: i64, through: i64, names: u64) -> Self {
        Self { through, segments: 0, expected: names, maker: RunMaker::new(after, through, names), pages: Vec::new() }
    }

    pub(crate) fn step(&mut self, table: &mut Table) {
        let names = table.take_through(self.segments, self.through);
        self.pages.extend(names.iter().filter_map(|name| self.maker.push(name)));
        self.segments += 1;
    }

    /// How many names the filter was made for.
    pub(crate) fn expected(&self) -> u64 {
        self.expected
    }

    pub(crate) fn is_done(&self) -> bool {
        self.segments >= SEGMENTS
    }

    pub(crate) fn finish(mut self) -> Run {
        let (last, index) = self.maker.finish();
        self.pages.push(last);
        Run { index, pages: self.pages }
    }

    pub(crate) fn len(&self) -> u64 {
        self.maker.index.names
    }

    pub(crate) fn find(&self, name: u128) -> Option<Place> {
        let page = self.maker.index.page_of(name)?;
        page.find(self.pages.get(page.page as usize).unwrap_or(&self.maker.page))
    }

    /// All that was moved so far, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.pages.iter().chain([&self.maker.page]).map(|page| &**page)
    }
}

/// Runs on their way into one. It says which page it needs, is given it, and gives pages of the merged run.
#[derive(Debug)]
pub struct Merge {
    maker: RunMaker,
    /// What was read of each run and not merged yet.
    unread: Vec<Unread>,
}

#[derive(Debug, Default)]
struct Unread {
    bytes: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Unread {
    fn first(&self) -> Option<&Entry> {
        self.bytes.get(self.at..)?.first_chunk()
    }
}

impl Merge {
    /// A merge of neighbouring runs into one.
    #[must_use]
    pub fn of(runs: &[Arc<RunIndex>]) -> Self {
        let after = runs.iter().map(|run| run.after).min().unwrap_or_default();
        let through = runs.iter().map(|run| run.through).max().unwrap_or_default();
        let maker = RunMaker::new(after, through, runs.iter().map(|run| run.names).sum());
        Self { maker, unread: runs.iter().map(|_| Unread::default()).collect() }
    }

    /// Which run's next page is needed before more can be merged.
    #[must_use]
    pub fn needs(&self) -> Option<usize> {
        self.unread.iter().position(|run| !run.ended && run.first().is_none())
    }

    /// Takes in a run's next page; an empty one ends it.
    pub fn read(&mut self, run: usize, page: Vec<u8>) {
        if let Some(unread) = self.unread.get_mut(run) {
            *unread = Unread { ended: page.is_empty(), bytes: page, at: 0 };
        }
    }

    /// The next page of the merged run, if it is full; `None` if a page is needed, or nothing is left.
    pub fn next_page(&mut self) -> Option<Vec<u8>> {
        while self.needs().is_none() {
            let firsts = self.unread.iter().enumerate().filter_map(|(run, unread)| Some((*unread.first()?, run)));
            let (name, run) = firsts.min()?;
            if let Some(unread) = self.unread.get_mut(run) {
                unread.at += name.len();
            }
            if let Some(page) = self.maker.push(&name) {
                return Some(page);
            }
        }
        None
    }

    /// The last page, and what to keep in memory of the merged run.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, RunIndex) {
        self.maker.finish()
    }
}

/// What stored runs say of a name.
pub(crate) fn look(stored: &[Arc<RunIndex>], name: u128) -> Look {
    let pages: Vec<_> = stored.iter().filter_map(|run| run.page_of(name)).collect();
    if pages.is_empty() { Look::New } else { Look::InRuns(pages) }
}
