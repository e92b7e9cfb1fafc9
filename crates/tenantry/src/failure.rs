//! How a command ends when it does not end well.
//!
//! The person at the command line is the operator, so the inner cause is shown too: here nobody else reads it.

use crate::output::{Output, Streams};
use serde::Serialize;
use std::io;
use tenantry_core::{Problem, Reason};

/// Exit code: done.
pub(crate) const DONE: u8 = 0;
/// Exit code: refused or failed.
pub(crate) const FAILED: u8 = 1;
/// Exit code: the command line makes no sense.
pub(crate) const USAGE: u8 = 2;

/// What is said of our own faults; the cause stands below it.
const INTERNAL: &str = "something went wrong inside Tenantry";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// A refusal, and the file it is about if the refusal does not name it.
    Refused {
        /// The file.
        file: Option<String>,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Stdout cannot be written to.
    Output(io::Error),
}

impl Failure {
    /// A refusal of what stands in a file.
    pub fn in_file(file: impl Into<String>, problem: Problem) -> Self {
        Self::Refused { file: Some(file.into()), problem }
    }

    /// Says it on stderr and returns the exit code.
    pub(crate) fn tell(self, output: &mut Output<'_>) -> u8 {
        match self {
            // `tenantry .. | head` closes the pipe when it has seen enough. Nothing went wrong.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return DONE,
            Self::Output(error) => output.tell(format_args!("error: cannot write the answer: {error}")),
            Self::Refused { file, problem } => tell_problem(output, file.as_deref(), &problem),
        }
        FAILED
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused { file: None, problem }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What `--json` shows of a refusal, on stderr.
#[derive(Serialize)]
struct Told<'a> {
    error: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    cause: String,
}

fn tell_problem(output: &mut Output<'_>, file: Option<&str>, problem: &Problem) {
    let (hint, cause) = (hint(problem), problem.cause_chain());
    // Its own message speaks to callers of a server, of request ids and a log.
    let message = if problem.reason() == Reason::Internal { INTERNAL } else { problem.message() };
    if output.json() {
        let error = format!("{:?}", problem.reason());
        let told = Told { error, message, file, field: problem.field(), hint, cause };
        // Strings only: this cannot fail, and if it did the exit code would still tell.
        output.tell(serde_json::to_string(&told).unwrap_or_default());
        return;
    }
    let place = file.map(|file| format!("{file}: ")).unwrap_or_default();
    output.tell(format_args!("error: {place}{message}"));
    if !cause.is_empty() {
        output.tell(format_args!("cause: {cause}"));
    }
    if let Some(hint) = hint {
        output.tell(format_args!("hint: {hint}"));
    }
}

/// What helps at the command line beyond the message: where the cause is the machine, not the input.
fn hint(problem: &Problem) -> Option<&'static str> {
    match (problem.reason(), problem.field()) {
        (Reason::StorageFull, _) => Some("make room on the disk; nothing that was acknowledged is lost"),
        (Reason::Unavailable, Some("listen")) => Some("--listen takes another address; `--listen 0` takes a free port"),
        (Reason::PriceSheetInvalid, _) => {
            Some("a rate card is the JSON document of the RateCard API, with `Meters` and `Currency`, plain or .gz")
        }
        (Reason::Corrupt, _) => Some("keep a copy of the data directory before you do anything else"),
        _ => None,
    }
}

/// clap has help, the version and usage errors, in its own words; only the streams and codes are ours.
pub(crate) fn told_by_clap(error: &clap::Error, streams: Streams<'_>) -> u8 {
    let (stream, code) = if error.use_stderr() { (streams.talk, USAGE) } else { (streams.data, DONE) };
    // Nowhere to say it: the code remains.
    let _ = write!(stream, "{}", error.render());
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: bool, failure: Failure) -> (u8, String) {
        let (mut data, mut talk) = (Vec::new(), Vec::new());
        let mut output = Output::new(json, Streams { data: &mut data, talk: &mut talk, terminal: false });
        let code = failure.tell(&mut output);
        assert_eq!(data, b"", "stdout is for data only");
        (code, String::from_utf8(talk).unwrap())
    }

    fn refusal() -> Failure {
        Failure::in_file("card.json", Problem::invalid("Currency", "`XYZ` is not a currency").because("inner"))
    }

    #[test]
    fn a_refusal_names_file_field_and_cause() {
        let (code, text) = told(false, refusal());
        assert_eq!((code, text.as_str()), (1, "error: card.json: Currency: `XYZ` is not a currency\ncause: inner\n"));
        let (code, text) = told(true, refusal());
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(code, 1);
        assert_eq!((&json["error"], &json["field"]), (&"InvalidField".into(), &"Currency".into()));
    }

    #[test]
    fn the_machines_faults_come_with_a_hint() {
        let (_, text) = told(false, Problem::new(Reason::StorageFull, "the disk is full").into());
        assert!(text.contains("hint: make room on the disk"), "{text}");
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure() {
        assert_eq!(told(false, io::Error::from(io::ErrorKind::BrokenPipe).into()), (0, String::new()));
        assert_eq!(told(false, io::Error::other("disk full").into()).0, 1);
    }
}
