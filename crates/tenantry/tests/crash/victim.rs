//! A process that is killed at a moment drawn from a number.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;
use std::time::Duration;
use tenantry_core::Chance;

/// SIGKILL.
const KILLED: i32 = 9;
/// What the test harness says in a child.
const HARNESS: &str = "running ";

/// When to kill: so many lines were heard, and then so much time has passed.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub lines: u64,
    pub micros: u64,
}

pub struct Victim {
    process: Child,
    said: Receiver<String>,
}

impl Moment {
    /// The moment of a kill: up to so many lines, up to so many microseconds after the last of them.
    pub fn of(kill: u64, lines: u64, micros: u64) -> Self {
        let chance = Chance::from_seed(kill);
        Self { lines: chance.below(lines + 1), micros: chance.below(micros + 1) }
    }
}

impl Victim {
    pub fn start(command: &mut Command) -> Self {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, said) = channel();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        spawn(move || {
            for line in whole_lines(stdout).filter(|line| !line.is_empty() && !line.starts_with(HARNESS)) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { process, said }
    }

    /// The next line.
    pub fn line(&mut self) -> Option<String> {
        self.said.recv().ok()
    }

    /// Waits for the moment, kills, and gives all lines that were said until then.
    pub fn kill_at(mut self, moment: Moment) -> Vec<String> {
        let mut heard = Vec::new();
        for _ in 0..moment.lines {
            heard.push(
                self.said.recv().unwrap_or_else(|_| panic!("the process ended by itself: {:?}", self.process.wait())),
            );
        }
        pass(moment.micros);
        self.kill();
        heard.extend(self.said.iter());
        heard
    }

    /// Kills it at once. It must have lived until then: one that gave up by itself proves nothing.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        let status = self.process.wait().unwrap();
        assert_eq!(status.signal(), Some(KILLED), "the process ended by itself: {status}");
    }

    /// Waits until it is killed by what was loaded into it. Gives all lines that it said.
    pub fn dies(mut self) -> Vec<String> {
        let heard: Vec<_> = self.said.iter().collect();
        let status = self.process.wait().unwrap();
        assert_eq!(status.signal(), Some(KILLED), "the process ended by itself: {status}, {heard:?}");
        heard
    }

    /// Waits for its own end.
    pub fn end(mut self) -> (bool, Vec<String>) {
        let heard = self.said.iter().collect();
        (self.process.wait().unwrap().success(), heard)
    }
}

impl Drop for Victim {
    /// A failed test leaves no process behind.
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// Lets the victim work on.
#[expect(clippy::disallowed_methods, reason = "the victim is another process, and the kill is to hit it anywhere")]
pub fn pass(micros: u64) {
    std::thread::sleep(Duration::from_micros(micros));
}

/// A line without an end was cut off by the kill, and must not be taken for a whole one.
fn whole_lines(mut stdout: impl BufRead) -> impl Iterator<Item = String> {
    std::iter::from_fn(move || {
        let mut line = String::new();
        stdout.read_line(&mut line).ok()?;
        line.strip_suffix('\n').map(str::to_owned)
    })
}
