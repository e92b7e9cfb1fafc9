//! Names of counted events that the fold moved out of memory: stored in the database, merged, and looked up there.
//!
//! All of it is done beside the batches (`upkeep.rs`), a little at a time, so that no batch waits for millions of names:
//! some pages of a finished run are stored, or some pages of a merge are read and written. Runs are merged four to one
//! when they are of like size, so there are few at any time and each name is written a handful of times in its life.
//!
//! Processes of a shared world make the same runs of the same log. Whoever is first stores them; the others see that,
//! and let go of theirs.

use crate::engine::partition;
use crate::upkeep::Upkeep;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use tenantry_core::Problem;
use tenantry_db::Db;
use tenantry_db::identity_run::{self, Stretch};
use tenantry_usage::{Fold, Merge, RunIndex};

/// Pages stored with one batch: about a megabyte.
const STEP_PAGES: usize = 128;
/// Pages of a run read at a time.
const READ_PAGES: i64 = 32;
/// As many runs of like size become one.
const FANOUT: usize = 4;

/// What is under way.
#[derive(Debug, Default)]
pub(crate) struct NamesDue {
    /// The run being stored, and how many pages of it are.
    storing: Option<(Stretch, usize)>,
    merging: Option<Merging>,
}

/// A merge under way.
#[derive(Debug)]
struct Merging {
    runs: Vec<Source>,
    merge: Merge,
    made: Stretch,
    /// Pages written.
    written: i64,
}

#[derive(Debug)]
struct Source {
    run: Stretch,
    pages: usize,
    read: usize,
    ahead: VecDeque<Vec<u8>>,
}

impl Upkeep {
    /// Does the next step of what is to be done with names; `false` if there is nothing to do.
    pub(crate) async fn move_names(&self, due: &mut NamesDue) -> Result<bool, Problem> {
        if self.fold.read().await.unsaved_runs().is_empty() {
            return self.merge_runs(due).await;
        }
        if due.storing.is_none() {
            // Perhaps another process was faster, or this one before its last start.
            self.see_runs().await?;
        }
        self.store_pages(due, STEP_PAGES).await?;
        Ok(true)
    }

    /// Stores all finished runs now: before a checkpoint that does not have their names.
    pub(crate) async fn store_runs(&self, due: &mut NamesDue) -> Result<(), Problem> {
        // What others stored meanwhile, also as a part of a wider run, is not stored again.
        self.see_runs().await?;
        while !self.fold.read().await.unsaved_runs().is_empty() {
            self.store_pages(due, usize::MAX).await?;
        }
        Ok(())
    }

    async fn store_pages(&self, due: &mut NamesDue, most: usize) -> Result<(), Problem> {
        let (run, stored, pages, index) = {
            let fold = self.fold.read().await;
            let Some(run) = fold.unsaved_runs().first() else {
                due.storing = None;
                return Ok(());
            };
            let named = stretch(&run.index);
            // Another process may have stored the one that was begun: this is another then.
            let stored = due.storing.filter(|(begun, _)| *begun == named).map_or(0, |(_, stored)| stored);
            let left = run.pages.get(stored..).unwrap_or_default();
            let pages = left.get(..left.len().min(most)).unwrap_or_default().to_vec();
            // The index completes the run: it goes with the last page.
            let index = (pages.len() == left.len()).then(|| run.index.encode()).transpose();
            (named, stored, pages, index.map_err(Problem::internal)?)
        };
        let mut tx = self.db.begin().await?;
        for (page, number) in pages.iter().zip(stored..) {
            identity_run::put_page(&mut tx, partition(), run, number_of(number), page).await?;
        }
        if let Some(index) = &index {
            identity_run::put_index(&mut tx, partition(), run, index).await?;
            if identity_run::pages_put(&mut tx, partition(), run).await? != number_of(stored + pages.len()) {
                // This process stood still meanwhile, and another merged what was put of the run: from the beginning.
                drop(tx);
                due.storing = None;
                return self.see_runs().await;
            }
        }
        tx.commit().await?;
        due.storing = Some((run, stored + pages.len()));
        if index.is_some() {
            self.fold.write().await.run_stored(run.after, run.through);
            due.storing = None;
        }
        Ok(())
    }

    /// Takes over which runs are stored.
    pub(crate) async fn see_runs(&self) -> Result<(), Problem> {
        let known: Vec<_> = self.fold.read().await.stored_runs().to_vec();
        // Also when none came and none went: a run that lies within them needs not be stored.
        let runs = stored_runs(&self.db, known.clone()).await?.unwrap_or(known);
        // With a gap, what is known here is better.
        let _taken = self.fold.write().await.set_stored_runs(runs);
        Ok(())
    }

    /// Begins a merge or does its next step; `false` if there are not enough runs for one.
    async fn merge_runs(&self, due: &mut NamesDue) -> Result<bool, Problem> {
        let Some(mut merging) = due.merging.take() else {
            due.merging = Merging::of_like_size(self.fold.read().await.stored_runs());
            return Ok(due.merging.is_some());
        };
        let mut pages = Vec::new();
        let is_done = loop {
            if let Some(needed) = merging.merge.needs() {
                let Some(page) = merging.runs.get_mut(needed) else { return Ok(false) };
                let Some(page) = page.next(&self.db).await? else {
                    // Another process merged these runs.
                    self.see_runs().await?;
                    return Ok(false);
                };
                merging.merge.read(needed, page);
                continue;
            }
            match merging.merge.next_page() {
                Some(page) => pages.push(page),
                None if merging.merge.needs().is_none() => break true,
                None => {}
            }
            if pages.len() == STEP_PAGES {
                break false;
            }
        };
        let made = merging.made;
        let mut tx = self.db.begin().await?;
        for (page, number) in pages.iter().zip(merging.written..) {
            identity_run::put_page(&mut tx, partition(), made, number, page).await?;
        }
        merging.written += number_of(pages.len());
        if !is_done {
            tx.commit().await?;
            due.merging = Some(merging);
            return Ok(true);
        }
        let (last, index) = merging.merge.finish();
        identity_run::put_page(&mut tx, partition(), made, merging.written, &last).await?;
        let index = index.encode().map_err(Problem::internal)?;
        identity_run::put_index(&mut tx, partition(), made, &index).await?;
        if identity_run::pages_put(&mut tx, partition(), made).await? != merging.written + 1 {
            // As when storing: a wider run took the pages away.
            drop(tx);
            self.see_runs().await?;
            return Ok(false);
        }
        identity_run::drop_within(&mut tx, partition(), made).await?;
        tx.commit().await?;
        self.see_runs().await?;
        Ok(true)
    }
}

impl Merging {
    /// The newest runs, if there are enough and the oldest of them is not much larger than the newest.
    fn of_like_size(runs: &[Arc<RunIndex>]) -> Option<Self> {
        const LIKE: u64 = 4;
        let newest = runs.last_chunk::<FANOUT>()?;
        let [first, .., last] = newest;
        // They are in order of where they begin; where they end may be anywhere.
        let through = newest.iter().map(|run| run.through).max()?;
        if first.names > last.names.saturating_mul(LIKE) {
            return None;
        }
        let source =
            |run: &Arc<RunIndex>| Source { run: stretch(run), pages: run.pages(), read: 0, ahead: VecDeque::new() };
        Some(Self {
            runs: newest.iter().map(source).collect(),
            merge: Merge::of(newest),
            made: Stretch { after: first.after, through },
            written: 0,
        })
    }
}

impl Source {
    /// The next page, an empty one at the end; `None` if the run is not there any more.
    async fn next(&mut self, db: &Db) -> Result<Option<Vec<u8>>, Problem> {
        if self.read == self.pages {
            return Ok(Some(Vec::new()));
        }
        if self.ahead.is_empty() {
            let mut reader = db.reader().await?;
            let from = number_of(self.read);
            self.ahead = identity_run::pages(&mut reader, partition(), self.run, from, READ_PAGES).await?.into();
        }
        let page = self.ahead.pop_front();
        self.read += usize::from(page.is_some());
        Ok(page)
    }
}

/// The indexes of all stored runs, those that are known taken as they are; `None` if none came and none went.
async fn stored_runs(db: &Db, known: Vec<Arc<RunIndex>>) -> Result<Option<Vec<Arc<RunIndex>>>, Problem> {
    let mut reader = db.reader().await?;
    let stored = identity_run::stretches(&mut reader, partition()).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|index| (stretch(&index), index)).collect();
    if stored.len() == known.len() && stored.iter().all(|run| known.contains_key(run)) {
        return Ok(None);
    }
    let mut runs = Vec::new();
    for run in stored {
        match known.remove(&run) {
            Some(index) => runs.push(index),
            None => {
                let bytes = identity_run::index(&mut reader, partition(), run).await?;
                // Gone since: merged.
                if !bytes.is_empty() {
                    let index = RunIndex::decode(&bytes).map_err(|error| Problem::corrupt(format!("names: {error}")));
                    runs.push(Arc::new(index?));
                }
            }
        }
    }
    Ok(Some(runs))
}

/// Gives a fold that was just made the runs that are stored. `false` if names are missing in them.
pub(crate) async fn attach(db: &Db, fold: &mut Fold) -> Result<bool, Problem> {
    Ok(match stored_runs(db, fold.stored_runs().to_vec()).await? {
        Some(runs) => fold.set_stored_runs(runs),
        None => fold.set_stored_runs(fold.stored_runs().to_vec()),
    })
}

fn stretch(run: &RunIndex) -> Stretch {
    Stretch { after: run.after, through: run.through }
}

fn number_of(page: usize) -> i64 {
    i64::try_from(page).unwrap_or(i64::MAX)
}
