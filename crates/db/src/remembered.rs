//! Yes-or-no facts about who may do what, remembered until somebody changes who may do what.
//!
//! Some answers carry such a fact with every read. It hardly ever changes, and every change of it says so
//! ([`Tx::changes_access`](crate::Tx::changes_access)), so asking the database each time would be half the price of a
//! read for nothing. A fact counts only in the epoch that was read *before* it was looked up: a change that is committed
//! during the look-up makes it stale at once.

use crate::Db;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tenantry_core::Problem;
use uuid::Uuid;

/// What is asked, and of which two.
type Fact = (&'static str, [Uuid; 2]);

/// Facts kept at most; then all are forgotten and the memory fills again. About 2 MB.
const MOST: usize = 1 << 14;

/// What is remembered, all of one epoch.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Facts>);

#[derive(Debug, Default)]
struct Facts {
    epoch: u64,
    known: HashMap<Fact, bool>,
}

impl Db {
    /// Whether something holds between two: from memory, or looked up. It must depend on nothing but them and what
    /// [`Tx::changes_access`](crate::Tx::changes_access) is said for; above all not on the caller or the time.
    ///
    /// # Errors
    /// Those of the look-up; they are not remembered.
    pub async fn remembered(
        &self,
        what: &'static str,
        between: [Uuid; 2],
        look_up: impl Future<Output = Result<bool, Problem>>,
    ) -> Result<bool, Problem> {
        let (epoch, fact) = (self.access_epoch(), (what, between));
        if let Some(holds) = self.facts.get(epoch, &fact) {
            return Ok(holds);
        }
        let holds = look_up.await?;
        self.facts.put(epoch, fact, holds);
        Ok(holds)
    }
}

impl Remembered {
    fn get(&self, epoch: u64, fact: &Fact) -> Option<bool> {
        let facts = self.lock();
        facts.known.get(fact).copied().filter(|_| facts.epoch == epoch)
    }

    fn put(&self, epoch: u64, fact: Fact, holds: bool) {
        let mut facts = self.lock();
        if epoch < facts.epoch {
            return;
        }
        if epoch > facts.epoch || facts.known.len() >= MOST {
            facts.known.clear();
            facts.epoch = epoch;
        }
        facts.known.insert(fact, holds);
    }

    fn lock(&self) -> MutexGuard<'_, Facts> {
        // Nothing that can fail half way happens under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_counts_in_the_epoch_it_was_looked_up_in() {
        let (facts, fact) = (Remembered::default(), ("knows", [Uuid::nil(); 2]));
        for (looked_up_in, holds, asked_in, known) in [
            (1, true, 1, Some(true)),
            (1, true, 2, None),
            (2, false, 2, Some(false)),
            // The look-up began before the change that made epoch 2.
            (1, true, 2, Some(false)),
            (3, true, 2, None),
            (3, true, 3, Some(true)),
        ] {
            facts.put(looked_up_in, fact, holds);
            assert_eq!(facts.get(asked_in, &fact), known, "looked up in {looked_up_in}, asked in {asked_in}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let facts = Remembered::default();
        for number in 0..3 * MOST {
            let fact = ("knows", [Uuid::nil(), Uuid::from_u128(u128::try_from(number).unwrap())]);
            facts.put(1, fact, true);
            assert_eq!(facts.get(1, &fact), Some(true));
            assert!(facts.lock().known.len() <= MOST);
        }
    }
}
