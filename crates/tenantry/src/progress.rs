//! Signs of life while something long runs. On a terminal one line that changes; in a log a line at the end.

use crate::output::Output;
use crate::words::counted;

/// Often enough to see that it lives, seldom enough not to cost anything.
const EVERY: u64 = 50_000;

/// Counts the steps of one piece of work.
pub(crate) struct Progress {
    what: String,
    noun: &'static str,
    count: u64,
    shown: bool,
}

impl Progress {
    /// `what` is the work ("reading october.csv"), `noun` what is counted ("record").
    pub(crate) fn new(what: impl Into<String>, noun: &'static str) -> Self {
        Self { what: what.into(), noun, count: 0, shown: false }
    }

    /// One more is done.
    pub(crate) fn step(&mut self, output: &mut Output<'_>) {
        self.count += 1;
        if self.count.is_multiple_of(EVERY) && output.terminal() {
            output.tell_passing(&self.line());
            self.shown = true;
        }
    }

    /// All is done. Work that was over at once leaves no line on a terminal.
    pub(crate) fn end(self, output: &mut Output<'_>) {
        if self.shown {
            output.tell_passing("");
        }
        if self.shown || !output.terminal() {
            output.tell(self.line());
        }
    }

    fn line(&self) -> String {
        format!("{}: {}", self.what, counted(self.count, self.noun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Streams;

    fn told(terminal: bool, steps: u64) -> String {
        let (mut data, mut talk) = (Vec::new(), Vec::new());
        let mut output = Output::new(false, Streams { data: &mut data, talk: &mut talk, terminal });
        let mut progress = Progress::new("reading a.csv", "record");
        (0..steps).for_each(|_| progress.step(&mut output));
        progress.end(&mut output);
        String::from_utf8(talk).unwrap()
    }

    #[test]
    fn long_work_shows_and_short_work_does_not() {
        assert_eq!(told(false, 1_234), "reading a.csv: 1,234 records\n");
        assert_eq!(told(true, 1_234), "");
        let long = told(true, 100_001);
        assert!(long.contains("reading a.csv: 50,000 records") && long.ends_with("reading a.csv: 100,001 records\n"));
    }
}
