//! What an upload gains by one batch, written in the commit that keeps the batch.

use super::rows::{self, Counts, Moved};
use crate::intake::Verdict;
use serde::Serialize;
use tenantry_core::{Problem, Reason, Timestamp};
use tenantry_db::Tx;
use uuid::Uuid;

/// A step of an upload that comes with a batch.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) upload: Uuid,
    /// Where the upload has to stand for this step: bytes dealt with, bytes carried.
    pub(crate) from: (i64, i64),
    pub(crate) to: Moved,
    /// The lines of the batch's events, in their order, and their names as far as they could be read.
    pub(crate) lines: Vec<Named>,
}

/// An event by its place in the file.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) line: i64,
    pub(crate) source: Option<String>,
    pub(crate) id: Option<String>,
}

/// A step whose events are judged.
#[derive(Debug)]
pub(crate) struct Written {
    upload: Uuid,
    to: Moved,
    counts: Counts,
    /// JSON lines.
    refusals: Vec<u8>,
    /// The first and the last line of `refusals`.
    refused_lines: Option<(i64, i64)>,
}

/// A refused line, as the sender reads it.
#[derive(Serialize)]
struct RefusalView<'a> {
    line: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'a str,
    message: &'a str,
}

impl Step {
    /// Whether the upload still stands where this step begins. Asked by whoever has the turn.
    pub(crate) async fn follows(&self, tx: &mut Tx) -> Result<bool, Problem> {
        Ok(rows::place(tx, self.upload).await? == Some(self.from))
    }

    /// What the verdicts make of it.
    pub(crate) fn judged(self, verdicts: &[Verdict]) -> Written {
        let (mut counts, mut refusals, mut refused_lines) = (Counts::default(), Vec::new(), None);
        for (named, verdict) in self.lines.iter().zip(verdicts) {
            match verdict {
                Verdict::Accepted { unrated } => {
                    counts.accepted += 1;
                    counts.unrated += i64::from(*unrated);
                }
                Verdict::Duplicate => counts.duplicate += 1,
                Verdict::Refused { code, field, message } => {
                    counts.refused += 1;
                    let (source, id) = (named.source.as_deref(), named.id.as_deref());
                    let view = RefusalView { line: named.line, source, id, code, field, message };
                    // Texts and a number: nothing that could not be written.
                    refusals.extend(serde_json::to_vec(&view).unwrap_or_default());
                    refusals.push(b'\n');
                    let first = refused_lines.map_or(named.line, |(first, _)| first);
                    refused_lines = Some((first, named.line));
                }
            }
        }
        Written { upload: self.upload, to: self.to, counts, refusals, refused_lines }
    }
}

impl Written {
    pub(crate) async fn write(self, tx: &mut Tx, at: Timestamp) -> Result<(), Problem> {
        let moved = rows::move_on(tx, self.upload, &self.to, self.counts, at).await?;
        match self.refused_lines {
            // One that was removed meanwhile keeps no list; what was counted is counted.
            Some(lines) if moved => rows::keep_refusals(tx, self.upload, lines, self.refusals).await,
            _ => Ok(()),
        }
    }
}

/// Somebody else moved the upload on, or removed it.
pub(crate) fn moved_on() -> Problem {
    let message =
        "Upload-Offset: another piece of this upload came meanwhile; ask where it stands and go on from there";
    Problem::new(Reason::Stale, message).at("Upload-Offset")
}
