//! The answer to a body of events: a verdict for each, in their order; and the limits on spending that were crossed with
//! them, as far as they are the caller's own. A sender that sees a limit crossed can stop what it runs; how far beyond
//! the limit it is stands there too.

use super::batch::Entry;
use super::event::Form;
use crate::{schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use tenantry_core::{Amount, Money, Problem};
use tenantry_http::{Answer, StatusCode};
use tenantry_metering::Verdict;
use tenantry_usage::{BudgetId, BudgetTerms, Crossing};

/// What became of one event.
#[derive(Debug, Default, JsonSchema, Serialize)]
pub(crate) struct VerdictView<'a> {
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

#[derive(JsonSchema, Serialize)]
pub(crate) struct BatchView<'a> {
    accepted: usize,
    duplicate: usize,
    refused: usize,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    crossings: &'a [CrossingView],
    verdicts: &'a [VerdictView<'a>],
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct EventView<'a> {
    #[serde(flatten)]
    verdict: &'a VerdictView<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    crossings: &'a [CrossingView],
}

/// A threshold of a budget that was crossed. What must stop was stopped before this is read.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct CrossingView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    budget: BudgetId,
    name: String,
    /// None for a credit limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    /// Percent of the limit.
    threshold: u16,
    action: &'static str,
    /// Exact.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    spent: Amount,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    limit: Money,
    currency: String,
    /// How far beyond the limit: never more than what was kept together with this body came to. What runs may still
    /// report usage from before it is stopped.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    overshoot: Amount,
}

impl From<(BudgetTerms, Crossing)> for CrossingView {
    fn from((terms, crossing): (BudgetTerms, Crossing)) -> Self {
        Self {
            budget: terms.id,
            name: terms.name,
            month: crossing.month.map(|month| month.to_string()),
            threshold: crossing.threshold,
            action: crossing.action.name(),
            overshoot: crossing.overshoot(),
            spent: crossing.spent,
            limit: crossing.limit,
            currency: crossing.limit.currency().code().to_owned(),
        }
    }
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
pub(super) fn of_batch(verdicts: &[VerdictView<'_>], crossings: &[CrossingView]) -> Result<Answer, Problem> {
    let count = |status| verdicts.iter().filter(|verdict| verdict.status == status).count();
    let (accepted, duplicate, refused) = (count(ACCEPTED), count(DUPLICATE), count(REFUSED));
    Answer::ok(&BatchView { accepted, duplicate, refused, crossings, verdicts })
}

/// The one verdict, with the status it deserves.
pub(super) fn of_event(verdicts: &[VerdictView<'_>], crossings: &[CrossingView]) -> Result<Answer, Problem> {
    let verdict = verdicts.first().ok_or_else(|| Problem::internal("an event without a verdict"))?;
    let status = match (verdict.status, verdict.code) {
        (ACCEPTED, _) => StatusCode::ACCEPTED,
        (DUPLICATE, _) => StatusCode::OK,
        (_, Some("unknown_subscription")) => StatusCode::NOT_FOUND,
        (_, Some("id_conflict")) => StatusCode::CONFLICT,
        _ => StatusCode::BAD_REQUEST,
    };
    Answer::json(status, &EventView { verdict, crossings })
}
