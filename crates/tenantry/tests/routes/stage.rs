//! Where requests are played: a copy of the seeded world, and another one whenever the last was changed.

use crate::operations;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tenantry_core::Chance;
use tenantry_db::Location;
use tenantry_testkit::{Client, settings};
use tenantry_worlds::{NewWorld, World};

/// A place with a world on it.
pub(crate) struct Stage {
    seeded: PathBuf,
    played: Option<Played>,
}

struct Played {
    world: Arc<World>,
    client: Client,
    file: PathBuf,
}

impl Stage {
    /// A stage for copies of a world file.
    pub(crate) fn new(seeded: &Path) -> Self {
        Self { seeded: seeded.to_owned(), played: None }
    }

    /// A client of the copy, which is made if there is none.
    pub(crate) async fn client(&mut self) -> Client {
        if self.played.is_none() {
            let (file, number) = self.copy();
            // Seeds of their own: a copy must not draw the ids that were drawn before.
            let world = open(&file, 1_000 + number).await;
            let client = Client::of(&world, operations::faces());
            self.played = Some(Played { world, client, file });
        }
        self.played.as_ref().unwrap().client.clone()
    }

    /// Forgets the copy: something in it has changed.
    pub(crate) async fn clear(&mut self) {
        if let Some(Played { world, client, file }) = self.played.take() {
            world.db().close().await;
            drop((world, client));
            std::fs::remove_file(file).unwrap();
        }
    }

    fn copy(&self) -> (PathBuf, u64) {
        static COPIES: AtomicU64 = AtomicU64::new(0);
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let file = self.seeded.with_file_name(format!("copy-{number}.sqlite"));
        std::fs::copy(&self.seeded, &file).unwrap();
        (file, number)
    }
}

/// Opens the world of a file, or begins it on 1 January 2026.
pub(crate) async fn open(file: &Path, seed: u64) -> Arc<World> {
    let new = NewWorld { sandbox_from: Some(tenantry_testkit::time("2026-01-01")) };
    World::open(Location::File(file.to_owned()), settings(), new, Arc::new(Chance::from_seed(seed))).await.unwrap()
}
