//! `/api/v1/usage/uploads`: files of usage of any size, in pieces, with progress, from where they stopped.
//!
//! ```text
//! POST   /api/v1/usage/uploads?format=ndjson     Upload-Length or Upload-Defer-Length: 1   -> 201, Location
//! PATCH  /api/v1/usage/uploads/{upload}          Upload-Offset, a piece of at most 16 MiB  -> 204, Upload-Offset
//! HEAD   /api/v1/usage/uploads/{upload}          where to go on                            -> 200, Upload-Offset
//! GET    /api/v1/usage/uploads/{upload}          how far it is, and the first refusals
//! GET    /api/v1/usage/uploads/{upload}/refusals all refusals, as JSON lines
//! DELETE /api/v1/usage/uploads/{upload}          forget it; what was counted stays counted
//! ```
//!
//! The headers are those of the tus protocol, version 1.0.0 (tus.io/protocols/resumable-upload: core, creation with a
//! deferred length, termination), so that its clients can be used. Offsets count bytes of the plain file; a piece may be
//! compressed on its way (`Content-Encoding: gzip`), each by itself. Lines may be cut anywhere by the pieces.

use super::rows::{Columns, one};
use crate::document::{Detail, optional as may, required as must};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use tenantry_access::{UsageReport, WorldScope, allow};
use tenantry_core::{Problem, Reason, SubscriptionId, Timestamp};
use tenantry_http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK, LOCATION};
use tenantry_http::{Answer, Call, HeaderName, Replay, Route, StatusCode, problem};
use tenantry_metering::uploads::{Line, NewUpload, Piece, ReadOne, Upload, UploadFormat};
use uuid::Uuid;

/// Bytes of a piece, inflated.
pub(crate) const PIECE_MAX: usize = 16 << 20;
/// Refusals shown with the progress.
const FIRST_REFUSALS: usize = 10;

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: &str = "1.0.0";
const LINES: &str = "application/x-ndjson";

/// The media types of a piece: what the protocol says, or what it is a piece of.
pub(crate) const MEDIA_TYPES: [&str; 3] = ["application/offset+octet-stream", LINES, "text/csv"];

/// The operations, for the document.
pub(crate) const DETAILS: [Detail; 3] = [
    Detail::of("usage-uploads.create").query(&[
        must(
            "format",
            "`ndjson`: an event a line, as in `usage.report`. `csv`: its members as columns, or exported usage details",
        ),
        may(
            "source",
            "The source of the events, where the file names none; the same file under the same source counts once",
        ),
        may("subscription", "Their subscription, where the file names none"),
    ]),
    Detail::of("usage-uploads.append").reads(&MEDIA_TYPES),
    Detail::of("usage-uploads.refusals")
        .query(&[may("after", "The line of the file behind which to go on; 0 by default")])
        .gives(LINES),
];

/// The routes of uploads.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/usage/uploads", "usage-uploads.create", "Begin an upload of a file of usage", create)
            .answers(StatusCode::CREATED),
        Route::get("/api/v1/usage/uploads/{upload}", "usage-uploads.get", "How far an upload is", get),
        Route::patch("/api/v1/usage/uploads/{upload}", "usage-uploads.append", "Send a piece of the file", append)
            // The offset says what a repetition is, and events count once.
            .replay(Replay::Off)
            .before_body(|world| world.metering().has_room())
            .body_limit(PIECE_MAX)
            .answers(StatusCode::NO_CONTENT),
        Route::delete("/api/v1/usage/uploads/{upload}", "usage-uploads.remove", "Forget an upload", remove)
            .answers(StatusCode::NO_CONTENT),
        Route::get(
            "/api/v1/usage/uploads/{upload}/refusals",
            "usage-uploads.refusals",
            "What was not counted of a file, and why",
            refusals,
        ),
    ]
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadView<'a> {
    #[schemars(with = "schema::Id")]
    id: Uuid,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<i64>,
    /// Bytes that need not be sent again.
    offset: i64,
    done: bool,
    lines: i64,
    accepted: i64,
    unrated: i64,
    duplicate: i64,
    refused: i64,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    changed_at: Timestamp,
    #[schemars(with = "Vec<schema::Any>")]
    first_refusals: Vec<&'a RawValue>,
}

async fn create(call: Call) -> Result<Answer, Problem> {
    check_version(&call)?;
    // Before anything is said about the parameters. The act asks again.
    allow::<UsageReport, _>(&call.ctx, WorldScope { sandbox: call.world.settings().sandbox })?;
    let new = NewUpload {
        format: asked::required(&call, "format", UploadFormat::parse)?,
        source: asked::optional(&call, "source").map(str::to_owned),
        subscription: asked::parsed(&call, "subscription", SubscriptionId::parse)?,
        length: number(&call, &LENGTH)?,
    };
    if new.length.is_none() && call.header(&DEFER_LENGTH) != Some("1") {
        let message =
            "Upload-Length is required: the bytes of the file; or Upload-Defer-Length: 1, and the length later";
        return Err(Problem::new(Reason::MissingField, message).at("Upload-Length"));
    }
    let upload = call.world.metering().upload_create(&call.ctx, new).await?;
    let place = format!("/api/v1/usage/uploads/{}", upload.id);
    Ok(marked(Answer::created(&view(&upload, Vec::new()))?, &upload).with(LOCATION, place))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    check_version(&call)?;
    let id = upload_id(&call)?;
    let metering = call.world.metering();
    let upload = metering.upload(&call.ctx, id).await?;
    let refused = match upload.refused {
        0 => Vec::new(),
        _ => metering.upload_refusals(&call.ctx, id, 0).await?.lines,
    };
    let shown = refused.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(FIRST_REFUSALS);
    let shown: Result<Vec<_>, _> = shown.map(serde_json::from_slice::<&RawValue>).collect();
    let answer = Answer::ok(&view(&upload, shown.map_err(Problem::internal)?))?;
    Ok(marked(answer, &upload))
}

async fn append(call: Call) -> Result<Answer, Problem> {
    check_version(&call)?;
    let id = upload_id(&call)?;
    let media_type = call.header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !media_type.is_empty() && !MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type)) {
        let message = format!("Content-Type: `{}` is not understood; send {}", super::clip(media_type), MEDIA_TYPES[0]);
        return Err(Problem::new(Reason::Unsupported, message).at("Content-Type"));
    }
    let offset = number(&call, &OFFSET)?.ok_or_else(|| Problem::missing("Upload-Offset"))?;
    let piece = Piece { offset, length: number(&call, &LENGTH)?, bytes: &call.body };
    let metering = call.world.metering();
    match metering.upload_append(&call.ctx, id, piece, &read_lines).await {
        Ok(upload) => Ok(marked(Answer::empty(StatusCode::NO_CONTENT), &upload)),
        // The protocol answers a wrong offset with 409; it helps to say the right one.
        Err(problem) if problem.reason() == Reason::Stale => {
            let upload = metering.upload(&call.ctx, id).await?;
            let refusal = Answer { status: StatusCode::CONFLICT, ..problem::render(&problem, &call.meta) };
            Ok(marked(refusal, &upload))
        }
        Err(problem) => Err(problem),
    }
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    check_version(&call)?;
    call.world.metering().upload_remove(&call.ctx, upload_id(&call)?).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT).with(RESUMABLE, VERSION))
}

async fn refusals(call: Call) -> Result<Answer, Problem> {
    let id = upload_id(&call)?;
    let after = asked::parsed(&call, "after", |text: &str| text.parse::<u32>())?.unwrap_or(0);
    let page = call.world.metering().upload_refusals(&call.ctx, id, i64::from(after)).await?;
    let answer = Answer::bytes(StatusCode::OK, LINES, page.lines).saved_as(&format!("refusals-{id}.ndjson"));
    Ok(match page.next {
        Some(next) => answer.with(LINK, format!("</api/v1/usage/uploads/{id}/refusals?after={next}>; rel=\"next\"")),
        None => answer,
    })
}

/// The lines of a file, each read as an event.
fn read_lines(upload: &Upload, lines: &[Line<'_>]) -> Vec<ReadOne> {
    let columns = match upload.format {
        UploadFormat::Ndjson => None,
        UploadFormat::Csv => Some(Columns::of(upload.header.as_deref().unwrap_or_default())),
    };
    let read = |line: &Line<'_>| match &columns {
        Some(columns) => columns.read(upload, line),
        None => one(super::lines::read_bytes(line.bytes, line.number)),
    };
    lines.iter().map(read).collect()
}

fn view<'a>(upload: &'a Upload, first_refusals: Vec<&'a RawValue>) -> UploadView<'a> {
    UploadView {
        id: upload.id,
        format: upload.format.name(),
        source: upload.source.as_deref(),
        subscription: upload.subscription.map(|subscription| subscription.to_string()),
        length: upload.length,
        offset: upload.offset(),
        done: upload.done,
        lines: upload.lines,
        accepted: upload.accepted,
        unrated: upload.unrated,
        duplicate: upload.duplicate,
        refused: upload.refused,
        created_at: upload.created_at,
        changed_at: upload.changed_at,
        first_refusals,
    }
}

/// What the protocol wants to stand in answers about an upload.
fn marked(answer: Answer, upload: &Upload) -> Answer {
    let answer =
        answer.with(RESUMABLE, VERSION).with(OFFSET, upload.offset().to_string()).with(CACHE_CONTROL, "no-store");
    match upload.length {
        Some(length) => answer.with(LENGTH, length.to_string()),
        None => answer.with(DEFER_LENGTH, "1"),
    }
}

/// A client of another version of the protocol means other things by the same headers.
fn check_version(call: &Call) -> Result<(), Problem> {
    match call.header(&RESUMABLE) {
        None | Some(VERSION) => Ok(()),
        Some(other) => {
            let message = format!("Tus-Resumable: `{}` is not spoken here; use {VERSION}", super::clip(other));
            Err(Problem::new(Reason::Stale, message).at("Tus-Resumable"))
        }
    }
}

fn upload_id(call: &Call) -> Result<Uuid, Problem> {
    let text = call.param("upload")?;
    Uuid::try_parse(text).map_err(|_| Problem::invalid("upload", format!("`{}` is no upload id", super::clip(text))))
}

/// A header that is a count of bytes.
fn number(call: &Call, name: &HeaderName) -> Result<Option<i64>, Problem> {
    let Some(text) = call.header(name) else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = text.parse().ok().filter(|_| digits);
    let shown = if *name == OFFSET { "Upload-Offset" } else { "Upload-Length" };
    let wrong = || Problem::invalid(shown, format!("`{}` is no number of bytes", super::clip(text)));
    parsed.map(Some).ok_or_else(wrong)
}
