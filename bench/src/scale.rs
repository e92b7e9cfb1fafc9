//! How much is measured: seconds for CI, a minute or two on a desk, or the sizes that the goals are stated for.

use clap::ValueEnum;

/// The sizes of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scale {
    /// Seconds: shows that everything runs. CI.
    Short,
    /// Minutes.
    Middle,
    /// The sizes of the goals, as far as 24 GB of memory hold them. Half an hour.
    Long,
}

impl Scale {
    const fn of(self, short: u64, middle: u64, long: u64) -> u64 {
        match self {
            Self::Short => short,
            Self::Middle => middle,
            Self::Long => long,
        }
    }

    /// Events that come in over HTTPS, for each size of batch.
    pub(crate) const fn intake_events(self) -> u64 {
        self.of(40_000, 400_000, 2_000_000)
    }

    /// Batches of 10,000 whose answers are waited for one after the other.
    pub(crate) const fn acks(self) -> u64 {
        self.of(10, 100, 500)
    }

    /// Events of a replay.
    pub(crate) const fn replay_events(self) -> u64 {
        self.of(200_000, 2_000_000, 20_000_000)
    }

    /// Subscriptions of a close; each has 100 rows a month and two lines.
    pub(crate) const fn close_subscriptions(self) -> u64 {
        self.of(2_000, 20_000, 100_000)
    }

    /// Subscriptions of a close through the act, in a world that is made for it.
    pub(crate) const fn closed_subscriptions(self) -> u64 {
        self.of(500, 10_000, 100_000)
    }

    /// Rows that are rated.
    pub(crate) const fn rating_rows(self) -> u64 {
        self.of(500_000, 5_000_000, 20_000_000)
    }

    /// Rows of an exported file.
    pub(crate) const fn export_rows(self) -> u64 {
        self.of(50_000, 1_000_000, 10_000_000)
    }

    /// Meters of a rate card.
    pub(crate) const fn meters(self) -> u64 {
        self.of(2_000, 78_000, 78_000)
    }

    /// Customers of the long list.
    pub(crate) const fn customers(self) -> u64 {
        self.of(10_000, 100_000, 100_000)
    }

    /// Pages of it that are asked for, of each kind.
    pub(crate) const fn pages(self) -> usize {
        match self {
            Self::Short => 40,
            Self::Middle | Self::Long => 400,
        }
    }

    /// Events of each step of growth.
    pub(crate) const fn growth_events(self) -> [u64; 3] {
        match self {
            Self::Short => [50_000, 100_000, 200_000],
            Self::Middle => [1_000_000, 3_000_000, 10_000_000],
            Self::Long => [1_000_000, 10_000_000, 50_000_000],
        }
    }

    /// Events of each step of memory: the longest ends with the size of the goal.
    pub(crate) const fn memory_events(self) -> [u64; 3] {
        match self {
            Self::Short => [50_000, 100_000, 200_000],
            Self::Middle => [1_000_000, 3_000_000, 10_000_000],
            Self::Long => [20_000_000, 50_000_000, 100_000_000],
        }
    }

    /// Subscriptions of each step of growth; each has 20 rows.
    pub(crate) const fn growth_subscriptions(self) -> [u64; 3] {
        match self {
            Self::Short => [100, 1_000, 4_000],
            Self::Middle | Self::Long => [1_000, 10_000, 100_000],
        }
    }
}
