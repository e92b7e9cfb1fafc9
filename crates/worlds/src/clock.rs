//! Moving the clock of a sandbox: a discrete-event simulation.

use crate::{World, facts};
use tenantry_access::{WorldScope, allow};
use tenantry_core::clock::ManualClock;
use tenantry_core::{Clock, OpContext, Problem, Reason, Timestamp};
use tenantry_db::audit;

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
        let line = audit::open(ctx, self.db(), "clock-move", &to.to_string()).await?;
        let outcome = self.move_clock(ctx, to).await;
        line.close(ctx, self.db(), outcome).await
    }

    async fn move_clock(&self, ctx: &OpContext, to: Timestamp) -> Result<ClockMove, Problem> {
        allow::<tenantry_access::ClockMove, _>(ctx, WorldScope { sandbox: self.settings().sandbox })?;
        // One mover at a time: two would run jobs of each other's past.
        let _moving = self.moving.lock().await;
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
            self.show(clock, job.due_at).await?;
            self.run(&job).await?;
            jobs += 1;
        }
        self.show(clock, to).await?;
        Ok(ClockMove { from, to, jobs })
    }

    /// Written down before it is shown: a start after a crash shows nothing earlier than what was seen.
    async fn show(&self, clock: &ManualClock, to: Timestamp) -> Result<(), Problem> {
        let to = to.max(clock.now());
        let mut tx = self.db().begin().await?;
        facts::set(&mut tx, facts::CLOCK, &to.to_string()).await?;
        tx.commit().await?;
        clock.advance_to(to);
        Ok(())
    }
}
