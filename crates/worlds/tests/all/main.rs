//! What a world promises, on both engines: it remembers what it is, its clock only goes forward, jobs run in time
//! order, one process owns it, and the same seed and commands make the same world.
#![cfg(test)]

mod clock;
mod dump;
mod hold;
mod jobs;
mod look;
mod older;
mod opening;
mod same_world;

use std::sync::Arc;
use tenantry_core::{Chance, Problem, Reason};
use tenantry_db::{Db, Location, sql};
use tenantry_testkit::{GRACE_SECONDS, ORIGIN, SUFFIX, time};
use tenantry_worlds::{NewWorld, Settings, World};

fn settings() -> Settings {
    Settings {
        name: "test".to_owned(),
        sandbox: false,
        domain_suffix: SUFFIX.to_owned(),
        origin: ORIGIN.to_owned(),
        close_grace_seconds: GRACE_SECONDS,
    }
}

/// Opens a world; `Some` begins it as a sandbox that shows that time.
async fn open(location: &Location, sandbox_from: Option<&str>, seed: u64) -> Result<Arc<World>, Problem> {
    let new = NewWorld { sandbox_from: sandbox_from.map(time) };
    World::open(location.clone(), settings(), new, Arc::new(Chance::from_seed(seed))).await
}

/// Opens a world that was dropped a moment ago. A server takes note of that a little later, and frees its locks then.
async fn open_again(location: &Location, sandbox_from: Option<&str>, seed: u64) -> Arc<World> {
    loop {
        match (open(location, sandbox_from, seed).await, location) {
            (Err(problem), Location::Server { .. }) if problem.reason() == Reason::WorldBusy => {
                let db = Db::open(location.clone()).await.unwrap();
                sql("SELECT 1 AS one FROM pg_sleep(0.01)").one(&mut db.reader().await.unwrap()).await.unwrap();
                db.close().await;
            }
            (opened, _) => return opened.unwrap(),
        }
    }
}
