//! Runs of a fold: what it asks of whoever keeps them.
//!
//! The fold does no I/O. It hands out finished runs to be stored, is told that they are, and is given the indexes of
//! stored ones at a start. Which runs were merged meanwhile is not its business, and stands in no checkpoint.

use super::{Identities, Look, Run, RunIndex};
use crate::fold::Fold;
use std::sync::Arc;
use tenantry_core::TenantId;

impl Fold {
    /// An empty state that keeps at most so many names in memory. A log replayed with another budget gives another
    /// checkpoint, but the same answers.
    #[must_use]
    pub fn with_names_in_memory(budget: u64) -> Self {
        Self { identities: Identities::with_budget(budget), ..Self::default() }
    }

    /// How many names it keeps in memory, at most.
    #[must_use]
    pub const fn names_in_memory(&self) -> u64 {
        self.identities.budget
    }

    /// Whether an event of that name was counted. Names older than the memory budget lie in runs, outside of the fold.
    #[must_use]
    pub fn look(&self, reporter: Option<TenantId>, source: &str, id: &str) -> Look {
        self.key.map_or(Look::New, |key| self.identities.look(key.of(reporter, source, id)))
    }

    /// The same by the name's hash, [`crate::IdentityKey::of`] of the world's key. Who asks about many names makes all hashes
    /// first: memory is then read for several at once.
    #[must_use]
    pub fn look_hashed(&self, hash: u128) -> Look {
        self.identities.look(hash)
    }

    /// Finished runs that nobody has stored yet. Until then they stay in memory.
    #[must_use]
    pub fn unsaved_runs(&self) -> &[Run] {
        &self.identities.unsaved
    }

    /// The runs that are stored, oldest first.
    #[must_use]
    pub fn stored_runs(&self) -> &[Arc<RunIndex>] {
        &self.identities.stored
    }

    /// Names of records up to and including this one are in runs.
    #[must_use]
    pub const fn names_moved_through(&self) -> i64 {
        self.identities.moved_through
    }

    /// Takes the stored runs as they are now: after a start, after a merge. What lies in them is let go from memory.
    ///
    /// `false`, and nothing is changed, if a name that was moved would be in none of them: together with the unsaved
    /// ones they must cover the log without a gap up to [`Fold::names_moved_through`]. They may overlap, and reach
    /// beyond it: another process was ahead, or moved other stretches. A name in two places is the same name.
    #[must_use]
    pub fn set_stored_runs(&mut self, mut runs: Vec<Arc<RunIndex>>) -> bool {
        runs.sort_by_key(|run| (run.after, run.through));
        let follow =
            |covered: i64, run: &RunIndex| if run.after <= covered { covered.max(run.through) } else { covered };
        let covered = runs.iter().map(|run| &**run).fold(0, follow);
        let unsaved = self.identities.unsaved.iter().map(|run| &run.index);
        if unsaved.fold(covered, follow) < self.identities.moved_through {
            return false;
        }
        self.identities.unsaved.retain(|run| run.index.through > covered);
        self.identities.stored = runs;
        true
    }

    /// An unsaved run was stored, pages and index.
    pub fn run_stored(&mut self, after: i64, through: i64) {
        let is_it = |run: &Run| (run.index.after, run.index.through) == (after, through);
        if let Some(at) = self.identities.unsaved.iter().position(is_it) {
            let stored = &mut self.identities.stored;
            stored.push(Arc::new(self.identities.unsaved.remove(at).index));
            // It may lie between others: another budget, or another process, moved other stretches.
            stored.sort_by_key(|run| (run.after, run.through));
        }
    }

    /// Lets go of finished runs without storing them: for a state that is only made to be compared.
    pub fn drop_unsaved_runs(&mut self) {
        self.identities.unsaved.clear();
    }
}
