//! Moving the clock of a sandbox: a discrete-event simulation.

use crate::{World, facts};
use tenantry_access::WorldScope;
use tenantry_core::{OpContext, Problem, Reason, Timestamp};

/// What moving the clock did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockMove {
    /// What it showed before.
    pub from: Timestamp,
    /// What it shows now.
    pub to: Timestamp,
    /// Jobs that ran on the way.
    pub jobs: usize,
}

impl World {
    /// Moves the clock forward, running every job that falls due on the way, each at its own time.
    ///
    /// # Errors
    /// `ClockRefused` in a live world or for an earlier time; whatever a job that must not fail fails with.
    pub async fn advance(&self, ctx: &OpContext, to: Timestamp) -> Result<ClockMove, Problem> {
        tenantry_access::allow::<tenantry_access::ClockMove, _>(ctx, WorldScope { sandbox: self.settings().sandbox })?;
        let clock = self.sandbox_clock.as_ref().ok_or_else(|| {
            Problem::new(Reason::ClockRefused, "this world is live: it follows real time and cannot be moved")
        })?;
        let from = self.clock().now();
        if to < from {
            return Err(Problem::new(
                Reason::ClockRefused,
                format!("the clock shows {from} and cannot go back to {to}; begin another sandbox at an earlier time"),
            ));
        }
        let mut jobs = 0;
        while let Some(job) = tenantry_db::job::next_due(self.db(), to).await? {
            clock.advance_to(job.due_at);
            self.remember_time().await?;
            self.run(&job).await?;
            jobs += 1;
        }
        clock.advance_to(to);
        self.remember_time().await?;
        Ok(ClockMove { from, to, jobs })
    }

    async fn remember_time(&self) -> Result<(), Problem> {
        let mut tx = self.db().begin().await?;
        facts::set(&mut tx, facts::CLOCK, &self.clock().now().to_string()).await?;
        tx.commit().await
    }
}
