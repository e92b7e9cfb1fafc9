//! How the processes of a shared world hear that one of them changed who may do what.
//!
//! What is remembered of access counts until a transaction that changes access commits
//! ([`Tx::changes_access`](crate::Tx::changes_access)). Within a process the commit itself says so. For the others it
//! raises a counter, in the same transaction and as its last statement, so that those who change access wait for each
//! other no longer than a commit takes. Everybody looks at the counter a few times a second ([`Db::hear`]).

use crate::{Db, Tx, counter, sql};
use std::sync::atomic::Ordering;
use tenantry_core::Problem;

/// The counter. It has no gaps, and nobody minds.
const SERIES: &str = "access-changes";

/// Tells the other processes, should the transaction be committed.
pub(crate) async fn tell(tx: &mut Tx) -> Result<(), Problem> {
    counter::next(tx, SERIES).await.map(drop)
}

impl Db {
    /// Hears of changes of access that were committed before, anywhere; whether there were any since the last look.
    /// What is remembered of access is then forgotten. Dropped half way, or without an answer from the server, it
    /// forgets as well: who cannot ask must not go on believing.
    pub async fn hear(&self) -> Result<bool, Problem> {
        let doubt = Doubt(self);
        let mut reader = self.reader().await?;
        let row = sql("SELECT value FROM counter WHERE name = $1").bind(SERIES).maybe(&mut reader).await?;
        let value = row.map_or(Ok(0), |row| row.integer("value"))?;
        let changed = self.access_heard.swap(value, Ordering::AcqRel) != value;
        if !changed {
            std::mem::forget(doubt);
        }
        Ok(changed)
    }
}

/// Forgets what is remembered, unless it is found that nothing changed.
struct Doubt<'a>(&'a Db);

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        self.0.forget_access();
    }
}
