//! Telling partners what happened, while the world runs.
//!
//! It is no due job. A job runs at its instant and moving the clock waits for it; a receiver is somebody else's server and
//! may take ten seconds to say nothing, and neither a month's close nor the sandbox's clock is to wait for that. So it is a
//! loop beside the jobs that looks what is to be told by the world's clock, in sandboxes as in live worlds. Each partner is
//! told on a task of its own: a receiver that is slow holds up its own partner alone.

use crate::World;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_notify::{Post, Teller, Wording, partners_to_tell};
use tokio::task::JoinSet;

/// How often it is looked whether there is something to tell.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The name of this work in the audit trail and the log.
const JOB: &str = "notify";

impl World {
    /// Tells what is due now, one partner after the other, and gives how many tries were made.
    ///
    /// # Errors
    /// Those of the database; that a receiver does not listen is written down and no error.
    pub async fn tell_due(&self, post: &Post, wording: Wording) -> Result<usize, Problem> {
        let ctx = self.system(JOB);
        let mut tried = 0;
        for partner in partners_to_tell(&ctx, self.db()).await? {
            tried += self.teller(post, wording).tell(&ctx, partner).await?;
        }
        Ok(tried)
    }

    /// Tells what happens as it happens. Ends only with the task it runs in; what is being sent at that moment is sent
    /// again after the next start.
    pub async fn keep_telling(self: Arc<Self>, post: Post, wording: Wording) {
        let (ctx, post) = (self.system(JOB), Arc::new(post));
        let mut tasks = JoinSet::new();
        let mut busy = BTreeMap::new();
        loop {
            while tasks.try_join_next().is_some() {}
            busy.retain(|_, task: &mut tokio::task::AbortHandle| !task.is_finished());
            match partners_to_tell(&ctx, self.db()).await {
                Ok(partners) => {
                    for partner in partners {
                        busy.entry(partner).or_insert_with(|| {
                            let told = Arc::clone(&self).tell_one(ctx.clone(), Arc::clone(&post), wording, partner);
                            tasks.spawn(told)
                        });
                    }
                }
                Err(problem) => tracing::error!("cannot look whom to tell what happened: {problem:?}"),
            }
            wait().await;
        }
    }

    async fn tell_one(self: Arc<Self>, ctx: OpContext, post: Arc<Post>, wording: Wording, partner: TenantId) {
        if let Err(problem) = self.teller(&post, wording).tell(&ctx, partner).await {
            tracing::error!("partner {partner} could not be told what happened: {problem:?}");
        }
    }

    fn teller<'a>(&'a self, post: &'a Post, wording: Wording) -> Teller<'a> {
        Teller {
            db: self.db(),
            keys: self.keys(),
            sandbox: self.settings().sandbox,
            shared: self.is_shared(),
            post,
            wording,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "receivers live in real time, those of a sandbox too")]
async fn wait() {
    tokio::time::sleep(LOOK_EVERY).await;
}
