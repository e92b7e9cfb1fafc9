//! Guessing must not pay: after a number of failures each further try waits, twice as long each time.
//!
//! Ten tries are free (the field's own number), then a minute, then two, up to an hour. A good sign-in forgets
//! everything. A lock hits the owner too; the hour is short enough to live with, and an admin's reset opens it at once.

use tenantry_core::Timestamp;

const FREE: i64 = 10;
const FIRST_SECONDS: i64 = 60;
const LONGEST_SECONDS: i64 = 3_600;

/// How often somebody failed in a row, and until when nothing is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    /// In a row.
    pub(crate) count: i64,
    /// Until when even the right answer is refused.
    pub(crate) locked_until: Option<Timestamp>,
}

impl Failures {
    /// The end of the lock, if there is one now.
    pub(crate) fn locked(self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| *until > now)
    }

    /// After one more.
    pub(crate) fn and_one(self, now: Timestamp) -> Self {
        let count = self.count.saturating_add(1);
        let beyond = u32::try_from(count - FREE).ok();
        let wait = beyond.map(|beyond| FIRST_SECONDS << beyond.min(6)).map(|seconds| seconds.min(LONGEST_SECONDS));
        Self { count, locked_until: wait.map(|seconds| now.plus_seconds(seconds)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_tenth_failure_on() {
        let now = Timestamp::from_seconds(1_000);
        let mut failures = Failures::default();
        for (count, wait) in
            [(9, None), (10, Some(60)), (11, Some(120)), (12, Some(240)), (16, Some(3600)), (99, Some(3600))]
        {
            while failures.count < count {
                failures = failures.and_one(now);
            }
            assert_eq!(failures.locked_until, wait.map(|seconds| now.plus_seconds(seconds)), "{count}");
        }
        assert_eq!(failures.locked(now.plus_seconds(3_599)), Some(now.plus_seconds(3_600)));
        assert_eq!(failures.locked(now.plus_seconds(3_600)), None);
    }
}
