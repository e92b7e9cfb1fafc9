//! Worlds on a bench: sandboxes whose clock and chance are the test's.

use crate::{Bench, signing_key};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tenantry_core::{Chance, Timestamp};
use tenantry_worlds::{NewWorld, Settings, World};

/// What tenant domains end in.
pub const SUFFIX: &str = "example.test";
/// Where clients reach the worlds of tests; part of their tokens.
pub const ORIGIN: &str = "https://localhost:8443";
/// Late usage is waited for three days after a month's end.
pub const GRACE_SECONDS: i64 = 3 * 86_400;

/// Reads a time as tests write it: `2026-01-10` or `2026-01-10T16:00:00Z`.
#[must_use]
pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The settings of the worlds of tests.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        name: "test".to_owned(),
        sandbox: true,
        domain_suffix: SUFFIX.to_owned(),
        origin: ORIGIN.to_owned(),
        close_grace_seconds: GRACE_SECONDS,
    }
}

impl Bench {
    /// Opens the world of this bench. The first time it begins as a sandbox that shows `from`; after that it
    /// shows what it showed last.
    pub async fn world(&self, from: &str) -> Arc<World> {
        // Another seed each time: a world that is opened again must not draw the ids it has drawn before.
        let seed = u64::try_from(self.opened.fetch_add(1, Ordering::Relaxed)).unwrap();
        if seed == 0 {
            signing_key::lend(self.location()).await;
        }
        let new = NewWorld { sandbox_from: Some(time(from)) };
        World::open(self.location().clone(), settings(), new, Arc::new(Chance::from_seed(seed))).await.unwrap()
    }

    /// Drops the world, as a crash would, and opens it again from its database. For an orderly end call
    /// [`World::close`] before.
    ///
    /// # Panics
    /// When somebody else still holds the world: it would not end, and so not be opened again.
    pub async fn reopen(&self, world: Arc<World>) -> Arc<World> {
        let shown = world.clock().now().to_string();
        let holders = Arc::strong_count(&world);
        drop(Arc::into_inner(world).unwrap_or_else(|| {
            panic!("{} others still hold the world; drop contexts, channels and sites first", holders - 1)
        }));
        self.world(&shown).await
    }
}
