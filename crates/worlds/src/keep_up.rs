//! Keeping up with the other processes of a shared world.
//!
//! What must be exact does not depend on this: usage is judged in a turn that reads the log to its end, views read it
//! on, and unique keys decide what is one. What is remembered between calls does depend on it, so it is looked at a few
//! times a second: what others changed of who may do what, and the keys they sign with. A change of access made by one
//! process counts in all others within a second; a process that cannot ask the database forgets what it knew.
//!
//! As often it is looked whether this process still holds its lock on the world (`tenantry_db::Ownership`): also for a
//! world on a server that it has for itself.

use crate::{SLICES, World};
use std::time::Duration;
use tenantry_core::{Problem, Reason};

/// How often a process looks what the others did.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long an answer may take until what is remembered counts as unknown.
const PATIENCE: Duration = Duration::from_millis(500);

impl World {
    /// Looks again and again; for worlds that are shared. Ends only with the task it runs in.
    pub async fn keep_up(&self) {
        let mut failing = false;
        loop {
            let looked = self.look_around().await;
            if let Err(problem) = &looked
                && !failing
            {
                tracing::warn!("cannot see what other processes of this world do: {problem:?}");
            }
            failing = looked.is_err();
            wait().await;
        }
    }

    /// Looks again and again whether the world is still this process's own; for worlds on a server that are not shared.
    /// Ends only with the task it runs in.
    pub async fn keep_hold(&self) {
        let mut failing = false;
        while self.db().takes_many() {
            let looked = self.look_after_hold().await;
            if let Err(problem) = &looked
                && !failing
            {
                tracing::error!("this process does not hold its world: {problem:?}");
            }
            failing = looked.is_err();
            wait().await;
        }
    }

    /// Sees to it that nothing is written while the server has let go of this process's lock on the world.
    ///
    /// # Errors
    /// Why nothing can be written now.
    pub async fn look_after_hold(&self) -> Result<(), Problem> {
        let unchanged = async || {
            // Of a world of one process it is told by the usage log whether somebody else had it.
            Ok(self.db().is_current(&SLICES).await? && (self.is_shared() || self.metering().has_the_log().await?))
        };
        self.ownership().look(self.db(), unchanged).await
    }

    /// Takes in what other processes of the world did until now.
    ///
    /// # Errors
    /// Those of the database; what is remembered of access is forgotten then.
    pub async fn look_around(&self) -> Result<(), Problem> {
        let late = |_| Problem::new(Reason::Unavailable, "the database takes long to answer").retry_after(1);
        if tokio::time::timeout(PATIENCE, self.db().hear()).await.map_err(late)?? {
            self.keys().reload(self.db()).await?;
        }
        // After it: whoever lost its hold answers reads on, and must hear who may still ask.
        self.look_after_hold().await?;
        // Not for the figures, which are read on when they are asked for, but so that little is left to read then.
        self.metering().catch_up(&self.system("keep-up")).await
    }
}

#[expect(clippy::disallowed_methods, reason = "processes of a shared world meet in real time")]
async fn wait() {
    tokio::time::sleep(LOOK_EVERY).await;
}
