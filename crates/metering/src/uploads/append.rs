//! A piece of a file comes in.

use super::rows::Moved;
use super::split::{Carry, Cut, LINE_BYTES_MAX, Line, Splitter};
use super::step::{Named, Step};
use super::{Upload, UploadFormat};
use crate::engine::Metering;
use crate::intake::{Submitted, Verdict};
use tenantry_core::{OpContext, Problem, Reason};
use uuid::Uuid;

/// Events of one batch of an upload, and so of one commit: what a kill makes the sender send again.
const STEP_EVENTS: usize = 5_000;
/// Bytes of the lines of one batch.
const STEP_BYTES: usize = 4 << 20;

/// A piece of a file.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The byte of the file it begins at.
    pub offset: i64,
    /// Bytes of the whole file, if the sender says so now.
    pub length: Option<i64>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What a reader made of one line.
#[derive(Debug)]
pub struct ReadOne {
    /// The source it names, as far as it could be read.
    pub source: Option<String>,
    /// The id it names.
    pub id: Option<String>,
    /// The event, or why it is none.
    pub event: Submitted,
}

/// Reads lines: one result for each, in their order. Blank lines and the header of a CSV file are not among them.
pub type ReadLines<'a> = dyn Fn(&Upload, &[Line<'_>]) -> Vec<ReadOne> + Send + Sync + 'a;

impl Metering {
    /// Takes a piece in. When this returns, all lines that end in it are dealt with, each accepted event is durable,
    /// and the upload stands behind the piece. After an error it stands somewhere within; ask where.
    ///
    /// # Errors
    /// `Stale` if the piece does not begin where the upload stands, or the upload is done; `TooLarge` if it goes on
    /// behind the announced end; those of [`Metering::upload`] and [`Metering::intake`].
    pub async fn upload_append(
        &self,
        ctx: &OpContext,
        id: Uuid,
        piece: Piece<'_>,
        read: &ReadLines<'_>,
    ) -> Result<Upload, Problem> {
        let mut upload = self.upload(ctx, id).await?;
        let length = upload.length.or(piece.length);
        let end = check(&upload, &piece)?;
        if piece.bytes.is_empty() && length == upload.length {
            return Ok(upload);
        }
        let carried;
        // Most pieces begin in the middle of a line.
        let buffer = if upload.carry.tail.is_empty() {
            piece.bytes
        } else {
            carried = [&upload.carry.tail, piece.bytes].concat();
            &carried
        };
        let last = length == Some(end);
        let begins = upload.taken;
        let mut splitter = Splitter::new(buffer, upload.format, upload.carry.skipping, last, upload.lines);
        loop {
            let (lines, more) = gather(&mut splitter, &mut upload);
            let (at, carry) = if more { (splitter.at(), Carry::default()) } else { splitter.carry() };
            let to = Moved {
                taken: begins.saturating_add(count(at)),
                carry,
                header: upload.header.clone().unwrap_or_default(),
                length,
                lines: splitter.lines(),
                done: last && !more,
            };
            let from = (upload.taken, count(upload.carry.tail.len()));
            (upload.taken, upload.carry) = (to.taken, to.carry.clone());
            let (events, named) = read_all(&upload, &lines, read);
            let step = Step { upload: id, from, to, lines: named };
            self.enqueue(ctx, events, Some(step)).await?;
            if !more {
                return self.upload(ctx, id).await;
            }
        }
    }
}

fn count(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Whether the piece fits where the upload stands. Gives the byte it ends before.
fn check(upload: &Upload, piece: &Piece<'_>) -> Result<i64, Problem> {
    let (stands, stale) = (upload.offset(), |message: String| Problem::new(Reason::Stale, message).at("Upload-Offset"));
    if piece.offset != stands {
        return Err(stale(format!(
            "Upload-Offset: the piece begins at byte {}, the upload stands at {stands}; go on from there",
            piece.offset
        )));
    }
    let end = stands.saturating_add(count(piece.bytes.len()));
    if upload.done && !piece.bytes.is_empty() {
        return Err(stale(format!("Upload-Offset: all {stands} bytes of the file came; begin another upload")));
    }
    if let (Some(known), Some(said)) = (upload.length, piece.length)
        && known != said
    {
        let message = format!("the file was to have {known} bytes, now {said}; a length is said once");
        return Err(Problem::invalid("Upload-Length", message));
    }
    match upload.length.or(piece.length) {
        Some(length) if end > length => {
            let message = format!("the piece ends at byte {end}, the file at {length}; send what belongs to the file");
            Err(Problem::new(Reason::TooLarge, message).at("Upload-Length"))
        }
        _ => Ok(end),
    }
}

/// Lines for one batch, and whether there may be more. The header of a CSV file is put aside, blank lines are passed over.
fn gather<'a>(splitter: &mut Splitter<'a>, upload: &mut Upload) -> (Vec<Cut<'a>>, bool) {
    const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < STEP_EVENTS && bytes < STEP_BYTES {
        let Some(mut line) = splitter.next() else { return (lines, false) };
        if line.number == 1 {
            line.bytes = line.bytes.map(|text| text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text));
        }
        match line.bytes {
            Some(text) if text.trim_ascii().is_empty() => {}
            Some(text) if upload.format == UploadFormat::Csv && upload.header.is_none() => {
                upload.header = Some(text.to_vec());
            }
            text => {
                bytes += text.map_or(0, <[u8]>::len);
                lines.push(line);
            }
        }
    }
    (lines, true)
}

/// Reads what can be read; a line that is too long gets its verdict here.
fn read_all(upload: &Upload, lines: &[Cut<'_>], read: &ReadLines<'_>) -> (Vec<Submitted>, Vec<Named>) {
    let readable: Vec<Line<'_>> =
        lines.iter().filter_map(|cut| Some(Line { number: cut.number, bytes: cut.bytes? })).collect();
    let mut found = read(upload, &readable).into_iter();
    let results = lines.iter().map(|cut| {
        let one = cut.bytes.and_then(|_| found.next()).unwrap_or_else(|| ReadOne {
            source: None,
            id: None,
            event: Submitted::Unreadable(Verdict::refused("line_too_long", "", too_long(cut.number))),
        });
        (one.event, Named { line: cut.number, source: one.source, id: one.id })
    });
    results.unzip()
}

fn too_long(number: i64) -> String {
    format!("line {number} has more than {LINE_BYTES_MAX} bytes; an event has far fewer")
}
