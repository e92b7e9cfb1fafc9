//! Time is an input. Everything that needs "now" is handed a [`Clock`].

use crate::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

/// Says what time it is in a world.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The world's present instant.
    fn now(&self) -> Timestamp;
}

/// Real time: the clock of a `live` world, and the only reader of the machine's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one door to the machine's clock")]
    fn now(&self) -> Timestamp {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved: that of a sandbox world, and of tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock showing `at`.
    #[must_use]
    pub const fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.micros()))
    }

    /// Moves the clock. Never backwards: an earlier time is ignored and `false` returned.
    pub fn advance_to(&self, to: Timestamp) -> bool {
        self.0.fetch_max(to.micros(), Ordering::SeqCst) <= to.micros()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
