//! Names that moved out of memory: with however little of it, every name is known as it would be with plenty.

use crate::builder::event;
use crate::scenario::config;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use tenantry_usage::{Event, Fold, Look, Merge, Place, Record, RunIndex, RunPage};

/// Where runs are kept: what `metering` does with a database.
#[derive(Debug, Clone, Default)]
struct Shelf {
    pages: HashMap<(i64, i64), Vec<Vec<u8>>>,
    indexes: Vec<Arc<RunIndex>>,
}

impl Shelf {
    /// Stores what the fold has finished, as bytes.
    fn store(&mut self, fold: &mut Fold) {
        for run in fold.unsaved_runs() {
            self.pages.insert((run.index.after, run.index.through), run.pages.clone());
            self.indexes.push(Arc::new(RunIndex::decode(&run.index.encode().unwrap()).unwrap()));
        }
        assert!(fold.set_stored_runs(self.indexes.clone()), "{:?}", self.indexes);
        assert!(fold.unsaved_runs().is_empty());
    }

    /// Merges neighbours into one run.
    fn merge(&mut self, from: usize, count: usize) {
        let merged: Vec<_> = self.indexes.drain(from..from + count).collect();
        let mut pages: Vec<_> =
            merged.iter().map(|run| self.pages.remove(&(run.after, run.through)).unwrap().into_iter()).collect();
        let (mut merge, mut made) = (Merge::of(&merged), Vec::new());
        loop {
            while let Some(run) = merge.needs() {
                merge.read(run, pages[run].next().unwrap_or_default());
            }
            match merge.next_page() {
                Some(page) => made.push(page),
                None if merge.needs().is_none() => break,
                None => {}
            }
        }
        let (last, index) = merge.finish();
        made.push(last);
        assert_eq!(made.len(), index.pages());
        self.pages.insert((index.after, index.through), made);
        self.indexes.insert(from, Arc::new(index));
    }

    fn find(&self, page: &RunPage) -> Option<Place> {
        page.find(&self.pages[&(page.after, page.through)][page.page as usize])
    }

    fn place_of(&self, fold: &Fold, event: &Event) -> Option<Place> {
        match fold.look(event.reporter, &event.source, &event.id) {
            Look::New => None,
            Look::At(place) => Some(place),
            Look::InRuns(pages) => pages.iter().find_map(|page| self.find(page)),
        }
    }
}

fn named(number: u32) -> Event {
    event(&format!("n{number}"), "shop", &["2026-01-03", "09", "vm", "compute", "1"])
}

fn begin(budget: u64) -> Fold {
    let records = crate::builder::Log::channel().records;
    let mut fold = Fold::with_names_in_memory(budget);
    for (record, seq) in records.into_iter().zip(1..) {
        fold.apply(seq, record).unwrap();
    }
    fold
}

/// Takes in a batch as the intake does: what was counted before is not counted again.
fn offer(fold: &mut Fold, shelf: &Shelf, batch: &[u32]) -> Vec<Option<Place>> {
    let mut fresh: Vec<Event> = Vec::new();
    let mut verdicts = Vec::new();
    for event in batch.iter().map(|number| named(*number)) {
        let known = shelf.place_of(fold, &event);
        if known.is_none() && fresh.iter().all(|other| other.id != event.id) {
            fresh.push(event);
        }
        verdicts.push(known);
    }
    let seq = fold.position() + 1;
    fold.apply(seq, Record::Usage(fresh)).unwrap();
    verdicts
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_tiny_budget_gives_the_verdicts_of_an_unlimited_one(
        batches in prop::collection::vec((prop::collection::vec(0_u32..120, 0..25), any::<prop::sample::Index>(), 0_u8..8), 1..40),
        budget in 1_u64..40,
    ) {
        let (mut large, mut small) = (begin(u64::MAX), begin(budget));
        let (nothing, mut shelf) = (Shelf::default(), Shelf::default());
        for (batch, pick, what) in &batches {
            prop_assert_eq!(offer(&mut large, &nothing, batch), offer(&mut small, &shelf, batch));
            prop_assert_eq!(large.events_counted(), small.events_counted());
            match what {
                0..4 => shelf.store(&mut small),
                4 if shelf.indexes.len() >= 2 => {
                    let from = pick.index(shelf.indexes.len() - 1);
                    shelf.merge(from, 2 + pick.index(shelf.indexes.len() - from - 1));
                    prop_assert!(small.set_stored_runs(shelf.indexes.clone()));
                }
                5 => {
                    shelf.store(&mut small);
                    let kept = small.checkpoint().unwrap();
                    small = Fold::restore(&kept).unwrap();
                    prop_assert_eq!(small.checkpoint().unwrap(), kept);
                    prop_assert!(small.set_stored_runs(shelf.indexes.clone()));
                }
                _ => {}
            }
            for number in 0..120 {
                prop_assert_eq!(nothing.place_of(&large, &named(number)), shelf.place_of(&small, &named(number)));
            }
        }
        prop_assert_eq!(crate::report::everything(&large), crate::report::everything(&small));
    }

    #[test]
    fn a_replay_makes_the_same_runs_whoever_stored_them_when(
        batches in prop::collection::vec(prop::collection::vec(0_u32..400, 0..25), 1..30),
        budget in 1_u64..40,
    ) {
        let (mut live, mut shelf) = (begin(budget), Shelf::default());
        let mut records = crate::builder::Log::channel().records;
        for batch in &batches {
            let mut batch: Vec<_> = batch.iter().filter(|n| shelf.place_of(&live, &named(**n)).is_none()).collect();
            batch.sort_unstable();
            batch.dedup();
            records.push(Record::Usage(batch.into_iter().map(|number| named(*number)).collect()));
            live.apply(live.position() + 1, records.last().unwrap().clone()).unwrap();
            shelf.store(&mut live);
        }
        let mut replayed = Fold::with_names_in_memory(budget);
        for (record, seq) in records.iter().zip(1..) {
            replayed.apply(seq, record.clone()).unwrap();
        }
        let made: Vec<_> = replayed.unsaved_runs().iter().map(|run| Arc::new(run.index.clone())).collect();
        prop_assert_eq!(&made, live.stored_runs());
        prop_assert_eq!(replayed.checkpoint().unwrap(), live.checkpoint().unwrap());
        // Stored runs are taken over instead of those just made.
        prop_assert!(replayed.set_stored_runs(shelf.indexes.clone()));
        prop_assert!(replayed.unsaved_runs().is_empty());
    }
}

#[test]
fn memory_stays_within_the_budget() {
    const BUDGET: u64 = 4_000;
    let (mut fold, mut shelf) = (begin(BUDGET), Shelf::default());
    for batch in 0..100_u32 {
        offer(&mut fold, &shelf, &(batch * 400..(batch + 1) * 400).collect::<Vec<_>>());
        shelf.store(&mut fold);
        // What is moving is in memory, too.
        let in_runs: u64 = fold.stored_runs().iter().map(|run| run.names).sum();
        assert!(fold.events_counted() as u64 - in_runs <= BUDGET + BUDGET / 4, "after batch {batch}");
    }
    assert!(fold.stored_runs().len() > 10);
    let newest = named(39_999);
    assert!(fold.find(None, &newest.source, &newest.id).is_some());
    assert_eq!(fold.find(None, &newest.source, "n0"), None, "the oldest are in runs");
    assert_eq!(shelf.place_of(&fold, &named(0)), Some(Place { seq: 6, index: 0 }));
}

#[test]
fn runs_with_a_gap_are_not_taken() {
    let (mut fold, mut shelf) = (begin(4), Shelf::default());
    for batch in 0..8 {
        offer(&mut fold, &shelf, &(batch * 5..(batch + 1) * 5).collect::<Vec<_>>());
        shelf.store(&mut fold);
    }
    let all = shelf.indexes.clone();
    assert!(all.len() >= 3);
    for without in 0..all.len() {
        let mut runs = all.clone();
        runs.remove(without);
        assert!(!fold.set_stored_runs(runs), "without run {without}");
        assert_eq!(fold.stored_runs(), all);
    }
}

#[test]
fn a_damaged_index_is_an_error() {
    let mut fold = begin(4);
    offer(&mut fold, &Shelf::default(), &(0..40).collect::<Vec<_>>());
    let whole = fold.unsaved_runs()[0].index.encode().unwrap();
    for length in 0..whole.len() {
        assert!(RunIndex::decode(&whole[..length]).is_err(), "cut to {length}");
    }
}
