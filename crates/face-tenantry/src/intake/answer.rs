//! The answer to a body of events: a verdict for each, in their order.

use super::batch::Entry;
use super::event::Form;
use serde::Serialize;
use std::borrow::Cow;
use tenantry_core::Problem;
use tenantry_http::{Answer, StatusCode};
use tenantry_metering::Verdict;

/// What became of one event.
#[derive(Debug, Default, Serialize)]
pub(super) struct VerdictView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    status: &'static str,
    /// Counted, but no price sheet in force prices the meter. Only there if so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unrated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize)]
struct BatchView<'a> {
    accepted: usize,
    duplicate: usize,
    refused: usize,
    verdicts: &'a [VerdictView<'a>],
}

const ACCEPTED: &str = "accepted";
const DUPLICATE: &str = "duplicate";
const REFUSED: &str = "refused";

/// Puts the verdicts of metering beside those of reading.
pub(super) fn verdicts<'a>(
    form: Form,
    entries: Vec<Entry<'a>>,
    counted: Vec<Verdict>,
) -> Result<Vec<VerdictView<'a>>, Problem> {
    let mut counted = counted.into_iter();
    let views = entries.into_iter().map(|Entry { source, id, fault }| {
        let named = VerdictView { source, id, ..VerdictView::default() };
        if let Some(fault) = fault {
            let field = Some(fault.field).filter(|field| !field.is_empty());
            return Ok(VerdictView {
                status: REFUSED,
                code: Some(fault.code),
                field,
                message: Some(fault.message),
                ..named
            });
        }
        Ok(match counted.next().ok_or_else(|| Problem::internal("fewer verdicts than events"))? {
            Verdict::Accepted { unrated } => VerdictView { status: ACCEPTED, unrated, ..named },
            Verdict::Duplicate => VerdictView { status: DUPLICATE, ..named },
            Verdict::Refused { code, field, message } => VerdictView {
                status: REFUSED,
                code: Some(code),
                field: Some(form.path(field)),
                message: Some(message),
                ..named
            },
        })
    });
    views.collect()
}

/// 200 with all verdicts: the batch was read, whatever became of its events.
pub(super) fn of_batch(verdicts: &[VerdictView<'_>]) -> Result<Answer, Problem> {
    let count = |status| verdicts.iter().filter(|verdict| verdict.status == status).count();
    Answer::ok(&BatchView { accepted: count(ACCEPTED), duplicate: count(DUPLICATE), refused: count(REFUSED), verdicts })
}

/// The one verdict, with the status it deserves.
pub(super) fn of_event(verdicts: &[VerdictView<'_>]) -> Result<Answer, Problem> {
    let verdict = verdicts.first().ok_or_else(|| Problem::internal("an event without a verdict"))?;
    let status = match (verdict.status, verdict.code) {
        (ACCEPTED, _) => StatusCode::ACCEPTED,
        (DUPLICATE, _) => StatusCode::OK,
        (_, Some("unknown_subscription")) => StatusCode::NOT_FOUND,
        (_, Some("id_conflict")) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    };
    Answer::json(status, verdict)
}
