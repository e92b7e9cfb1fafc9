//! `POST /api/v1/usage/events`: usage comes in.
//!
//! ```text
//! application/json                      object: one event     array: a batch
//! application/cloudevents+json          one CloudEvent 1.0
//! application/cloudevents-batch+json    an array of them
//! application/x-ndjson                  an event a line
//! ```
//!
//! Each event gets its own verdict, and one bad event does not sink the others. Only when nobody can tell where
//! an event ends (broken JSON, except line by line) or when the batch is over the limit is a body refused whole,
//! and then nothing of it is counted. A retry of the same body is safe: (source, id) counts once for ever, so
//! this operation needs no idempotency key.

pub(crate) mod answer;
mod batch;
mod broken;
mod cloud_event;
mod event;
mod fault;
mod json;
mod lines;
mod members;
mod rows;
mod scan;
#[cfg(test)]
mod tests;
pub(crate) mod uploads;

use batch::Batch;
use cloud_event::CloudEvent;
use event::{Envelope, Plain, clip};
use tenantry_access::{UsageReport, WorldScope, allow};
use tenantry_core::{Problem, Reason};
use tenantry_http::header::CONTENT_TYPE;
use tenantry_http::{Answer, Call};
use tenantry_metering::Taken;

/// Bytes of a body, inflated.
pub(crate) const BODY_MAX: usize = 16 << 20;

/// The media types that are read, as documented.
pub(crate) const MEDIA_TYPES: [&str; 4] =
    ["application/json", "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json"];

/// Takes events in.
pub(crate) async fn post(call: Call) -> Result<Answer, Problem> {
    // Asked once for all: an application that may report nothing at all hears so, with the roles that would do.
    // Whose subscriptions it may report on is asked by metering, for each.
    allow::<UsageReport, _>(&call.ctx, WorldScope { sandbox: call.world.settings().sandbox })?;
    let (batch, single) = read(call.header(CONTENT_TYPE), &call.body)?;
    let Batch { form, entries, events } = batch;
    let metering = call.world.metering();
    let Taken { verdicts, crossed } =
        if events.is_empty() { Taken::default() } else { metering.intake_told(&call.ctx, events).await? };
    let crossings = metering.crossings_between(&call.ctx, crossed).await;
    let crossings: Vec<_> = crossings.into_iter().map(answer::CrossingView::from).collect();
    let verdicts = answer::verdicts(form, entries, verdicts)?;
    if single { answer::of_event(&verdicts, &crossings) } else { answer::of_batch(&verdicts, &crossings) }
}

/// How many events of a body can be read, and how many cannot: all that is done before metering sees them. For
/// measuring and for fuzzing; nothing is counted.
///
/// # Errors
/// Those of a body that is refused whole.
pub fn readable_events(content_type: Option<&str>, body: &[u8]) -> Result<(usize, usize), Problem> {
    let (batch, _) = read(content_type, body)?;
    Ok((batch.events.len(), batch.entries.len() - batch.events.len()))
}

/// Reads a body by its media type. `true` beside it: the body is one event and no batch.
fn read<'a>(content_type: Option<&str>, body: &'a [u8]) -> Result<(Batch<'a>, bool), Problem> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "" | "application/json" | "text/json" => match opening(body) {
            Some(b'[') => Ok((json::many::<Plain>(text(body)?)?, false)),
            _ => one::<Plain>(body),
        },
        "application/cloudevents+json" => match opening(body) {
            Some(b'[') => {
                let said =
                    "application/cloudevents+json is one event; send an array as application/cloudevents-batch+json";
                Err(Problem::invalid("body", said))
            }
            _ => one::<CloudEvent>(body),
        },
        "application/cloudevents-batch+json" => match opening(body) {
            Some(b'[') | None => Ok((json::many::<CloudEvent>(text(body)?)?, false)),
            Some(_) => {
                let said = "application/cloudevents-batch+json is a JSON array; send one event as application/cloudevents+json";
                Err(Problem::invalid("body", said))
            }
        },
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok((lines::read(body)?, false)),
        other => {
            let message = format!("Content-Type: `{}` is not understood; send {}", clip(other), MEDIA_TYPES.join(", "));
            Err(Problem::new(Reason::Unsupported, message).at("Content-Type"))
        }
    }
}

fn one<E: Envelope>(body: &[u8]) -> Result<(Batch<'_>, bool), Problem> {
    Ok((json::one::<E>(text(body)?)?, true))
}

/// The first byte that is no blank.
fn opening(body: &[u8]) -> Option<u8> {
    body.iter().copied().find(|byte| !json::is_blank(*byte))
}

/// Checked once for the whole body, so that nothing after it has to.
fn text(body: &[u8]) -> Result<&str, Problem> {
    if opening(body).is_none() {
        let message = "the body is empty; send a usage event as a JSON object, or an array of them";
        return Err(Problem::new(Reason::MissingField, message).at("body"));
    }
    std::str::from_utf8(body).map_err(|error| {
        let byte = error.valid_up_to();
        Problem::new(Reason::MalformedBody, format!("the body is not UTF-8 at byte {byte}; nothing of it was counted"))
    })
}
