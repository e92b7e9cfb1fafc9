//! Repetitions, medians and ratios. A figure alone says little on a shared machine, so each is printed beside a
//! baseline of the same run, and only ratios may be gated on.

use std::time::Instant;

/// What a piece of work did in one repetition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// Units of work done.
    pub(crate) units: u64,
    /// How long it took, in nanoseconds.
    pub(crate) nanos: u64,
}

impl Run {
    /// Units a second.
    pub(crate) fn rate(self) -> u64 {
        u64::try_from(u128::from(self.units) * 1_000_000_000 / u128::from(self.nanos.max(1))).unwrap_or(u64::MAX)
    }

    /// Nanoseconds a unit.
    pub(crate) const fn nanos_each(self) -> u64 {
        self.nanos / if self.units == 0 { 1 } else { self.units }
    }
}

/// Starts a stopwatch; call what it gives to read nanoseconds.
#[expect(clippy::disallowed_methods, reason = "measures the machine, not the world")]
pub(crate) fn stopwatch() -> impl Fn() -> u64 {
    let start = Instant::now();
    move || u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Measures work that does not wait.
pub(crate) fn timed(units: u64, mut work: impl FnMut()) -> Run {
    let watch = stopwatch();
    work();
    Run { units, nanos: watch() }
}

/// The run in the middle.
pub(crate) fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by_key(|run| run.nanos_each());
    runs[runs.len() / 2]
}

/// The value below which so many of a thousand lie.
pub(crate) fn permille(sorted: &[u64], part: usize) -> u64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * part / 1000).min(last)).copied().unwrap_or_default()
}

/// `1.23` for 123 hundredths.
pub(crate) fn hundredths(part: u64, whole: u64) -> String {
    let ratio = u128::from(part) * 100 / u128::from(whole.max(1));
    format!("{}.{:02}", ratio / 100, ratio % 100)
}

/// Bytes resident that are the process's own, as the system counts them; 0 where it does not say. Pages of files, of the
/// database above all, are in memory as long as nobody else wants the room.
pub(crate) fn resident() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let mut pages = told.split_whitespace().skip(1).map(|pages| pages.parse::<u64>().unwrap_or(0));
    let (all, of_files) = (pages.next().unwrap_or(0), pages.next().unwrap_or(0));
    all.saturating_sub(of_files) * 4_096
}

/// What the threads of this process computed so far, in nanoseconds, but for those of a name; 0 where the system does not
/// say. A thread that ended is not in it.
pub(crate) fn cpu_nanos_beside(name: &str) -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.map(|thread| {
        let read = |file: &str| std::fs::read_to_string(thread.path().join(file)).unwrap_or_default();
        if read("comm").trim() == name {
            return 0;
        }
        read("schedstat").split_whitespace().next().and_then(|nanos| nanos.parse::<u64>().ok()).unwrap_or(0)
    });
    nanos.sum()
}
