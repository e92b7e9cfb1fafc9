//! Where words go: data to stdout, talk to stderr, JSON if asked for.

use crate::failure::Failure;
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// The two streams of the program; tests hand in buffers.
pub struct Streams<'a> {
    /// Answers: stdout.
    pub data: &'a mut dyn Write,
    /// Everything said beside them: stderr.
    pub talk: &'a mut dyn Write,
    /// Whether a person watches the talk, so that a line may be overwritten.
    pub terminal: bool,
}

/// How a command answers.
pub struct Output<'a> {
    json: bool,
    streams: Streams<'a>,
}

impl<'a> Output<'a> {
    /// Answers in JSON or for people.
    #[must_use]
    pub const fn new(json: bool, streams: Streams<'a>) -> Self {
        Self { json, streams }
    }

    /// Whether `--json` was given.
    #[must_use]
    pub const fn json(&self) -> bool {
        self.json
    }

    /// Whether a person watches the talk.
    #[must_use]
    pub const fn terminal(&self) -> bool {
        self.streams.terminal
    }

    /// The answer of a command: as JSON, or as the text made for people.
    ///
    /// # Errors
    /// Stdout cannot be written to.
    pub fn answer(&mut self, answer: &impl Serialize, for_people: impl FnOnce() -> String) -> Result<(), Failure> {
        let text = if self.json {
            serde_json::to_string_pretty(answer).map_err(io::Error::from)? + "\n"
        } else {
            for_people()
        };
        self.streams.data.write_all(text.as_bytes())?;
        Ok(self.streams.data.flush()?)
    }

    /// A line beside the answer. If nobody can hear it, that is no reason to fail.
    pub fn tell(&mut self, line: impl Display) {
        let _ = writeln!(self.streams.talk, "{line}");
    }

    /// A line that the next one overwrites. Only for a terminal.
    pub(crate) fn tell_passing(&mut self, line: &str) {
        let _ = write!(self.streams.talk, "\r\x1b[2K{line}");
        let _ = self.streams.talk.flush();
    }
}
