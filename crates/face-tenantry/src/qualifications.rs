//! What the provider decides about customers: `/api/v1/customer-qualifications`, `/api/v1/validation-codes` and
//! `/api/v1/customers/{customer}/review`.
//!
//! Partners ask in Partner Center, and read there what became of it.

use crate::document::{Detail, JSON};
use crate::{schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_commerce::{
    CustomerQualification, DenialReason, NewValidationCode, ReviewStatus, Vetting, customer_get, customer_review_set,
    qualification_decide, qualification_review_get, qualification_review_list, validation_code_give,
};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route, StatusCode};
use uuid::Uuid;

pub(crate) const DETAILS: [Detail; 3] = [
    Detail::of("customer-qualifications.decide").reads(&[JSON]),
    Detail::of("validation-codes.give").reads(&[JSON]),
    Detail::of("customer-review.set").reads(&[JSON]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(
            "/api/v1/customer-qualifications",
            "customer-qualifications.list",
            "Qualifications of customers that wait for the provider",
            list,
        ),
        Route::post(
            "/api/v1/customer-qualifications/{qualification}/decision",
            "customer-qualifications.decide",
            "Approve or deny a qualification",
            decide,
        ),
        Route::post(
            "/api/v1/validation-codes",
            "validation-codes.give",
            "Give a partner a code for public authorities",
            give,
        )
        .answers(StatusCode::CREATED),
        Route::put(
            "/api/v1/customers/{customer}/review",
            "customer-review.set",
            "Put a customer's account under review, or say what came of it",
            review,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DecisionBody {
    #[schemars(required)]
    approved: Option<bool>,
    /// Why not: `not-education`, `no-longer-education`, `not-education-after-review`, `restricted`, `not-academic-domain`,
    /// `not-eligible-library` or `not-eligible-museum`.
    reason: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CodeBody {
    /// Who may use it.
    #[schemars(with = "schema::Id", required)]
    partner: Option<String>,
    /// The authority that was looked at.
    #[schemars(required)]
    organization_name: Option<String>,
    /// How many customers it is good for: 1 to 10000.
    #[schemars(required)]
    max_creates: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReviewBody {
    /// The partner that sells to it.
    #[schemars(with = "schema::Id", required)]
    partner: Option<String>,
    /// `approved`, `in-review` or `denied`.
    #[schemars(required)]
    status: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<QualificationView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QualificationView {
    id: String,
    customer: String,
    partner: String,
    qualification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    asked_at: Timestamp,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// When a sandbox approves it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    approves_at: Option<String>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeView {
    code: String,
    partner: String,
    organization_name: String,
    max_creates: i64,
    remaining_creates: i64,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReviewView {
    status: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    changed_at: Timestamp,
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let open = qualification_review_list(&call.ctx, call.world.db()).await?;
    Answer::ok(&ListView { items: open.into_iter().map(view).collect() })
}

async fn decide(call: Call) -> Result<Answer, Problem> {
    let named = call.param("qualification")?;
    let id = Uuid::try_parse(named).map_err(|_| {
        let seen: String = named.chars().take(40).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no qualification `{seen}`; list those that wait"))
    })?;
    // Before the body is read: who may not decide is not told what is wrong with it. The same of a review.
    qualification_review_get(&call.ctx, call.world.db(), id).await?;
    let body = call.json::<DecisionBody>()?;
    let verdict = match (body.approved, body.reason) {
        (None, _) => return Err(Problem::missing("approved")),
        (Some(true), None) => None,
        (Some(true), Some(_)) => return Err(Problem::invalid("reason", "only a denial has one; leave it out")),
        (Some(false), None) => return Err(Problem::missing("reason")),
        (Some(false), Some(name)) => Some(reason(&name)?),
    };
    Answer::ok(&view(qualification_decide(&call.ctx, call.world.db(), id, verdict).await?))
}

async fn give(call: Call) -> Result<Answer, Problem> {
    provider(&call)?;
    let body = call.json::<CodeBody>()?;
    let new = NewValidationCode {
        partner: partner(body.partner)?,
        organization_name: body.organization_name.unwrap_or_default(),
        creates_max: body.max_creates.ok_or_else(|| Problem::missing("maxCreates"))?,
    };
    let code = validation_code_give(&call.ctx, call.world.db(), new).await?;
    Answer::created(&CodeView {
        code: code.id.to_string(),
        partner: code.partner.to_string(),
        organization_name: code.organization_name,
        max_creates: code.creates_max,
        remaining_creates: code.creates_left,
    })
}

async fn review(call: Call) -> Result<Answer, Problem> {
    let customer = TenantId::parse(call.param("customer")?)
        .map_err(|error| Problem::new(Reason::CustomerNotFound, error.to_string()))?;
    customer_get(&call.ctx, call.world.db(), customer).await?;
    provider(&call)?;
    let body = call.json::<ReviewBody>()?;
    let named = body.status.ok_or_else(|| Problem::missing("status"))?;
    let status =
        ReviewStatus::from_name(&named).ok_or_else(|| unknown("status", &named, "approved, in-review, denied"))?;
    let pair = (partner(body.partner)?, customer);
    let review = customer_review_set(&call.ctx, call.world.db(), pair, status).await?;
    Answer::ok(&ReviewView { status: review.status.name(), changed_at: review.changed_at })
}

fn provider(call: &Call) -> Result<(), Problem> {
    allow::<ChannelManage, _>(&call.ctx, WorldScope { sandbox: false }).map(drop)
}

fn partner(named: Option<String>) -> Result<TenantId, Problem> {
    let named = named.ok_or_else(|| Problem::missing("partner"))?;
    TenantId::parse(&named).map_err(|error| Problem::invalid("partner", error))
}

fn reason(name: &str) -> Result<DenialReason, Problem> {
    let known = DenialReason::ALL.map(DenialReason::name).join(", ");
    DenialReason::from_name(name).ok_or_else(|| unknown("reason", name, &known))
}

fn unknown(field: &str, named: &str, known: &str) -> Problem {
    let seen: String = named.chars().take(40).collect();
    Problem::invalid(field, format!("`{seen}` is not one of {known}"))
}

fn view(of: CustomerQualification) -> QualificationView {
    let (status, reason, approves_at) = match of.vetting {
        Vetting::InReview { approves_at } => ("in-review", None, approves_at),
        Vetting::Approved { .. } => ("approved", None, None),
        Vetting::Denied { reason, .. } => ("denied", Some(reason.name()), None),
    };
    QualificationView {
        id: of.id.to_string(),
        customer: of.customer.to_string(),
        partner: of.partner.to_string(),
        qualification: of.qualification.name(),
        segment: of.segment.map(tenantry_commerce::EducationSegment::name),
        website: of.website,
        asked_at: of.asked_at,
        status,
        reason,
        approves_at: approves_at.map(|at| at.to_string()),
    }
}
