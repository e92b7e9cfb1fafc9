//! `GET` and `POST /v1/customers/{customer}/qualifications`: what a customer is, and asking for it.
//!
//! The list is a bare array (partner-center-v1.md 1.5). A body of the preview of 2020 was an array; its clients are gone.

use super::wire::{CustomerQualification, SEGMENTS, read};
use crate::params;
use crate::wire::input::Body;
use tenantry_commerce::{AskQualification, qualification_ask, qualification_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};
use uuid::Uuid;

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let found = qualification_list(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    Answer::ok(&found.into_iter().map(CustomerQualification::of).collect::<Vec<_>>())
}

pub(crate) async fn ask(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let wanted = fields.text("qualification")?.ok_or_else(|| Problem::missing("qualification"))?;
    let carried = fields.text("validationCode")?;
    let ask = AskQualification {
        customer,
        qualification: read("qualification", &wanted)?,
        segment: fields.word("educationSegment", &SEGMENTS)?,
        website: fields.text("website")?,
        validation_code: code(&call, carried.as_deref())?,
    };
    let sandbox = call.world.settings().sandbox;
    let made = qualification_ask(&call.ctx, call.world.db(), ask, sandbox).await?;
    Answer::created(&CustomerQualification::of(made))
}

/// The code that the body carries or, as in 2021, the query.
pub(super) fn code(call: &Call, carried: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let named = carried.or_else(|| call.query("code")).map(str::trim).filter(|text| !text.is_empty());
    named
        .map(|text| {
            Uuid::try_parse(text).map_err(|_| {
                let seen: String = text.chars().take(40).collect();
                Problem::invalid("validationCode", format!("`{seen}` is no validation code; list those there are"))
            })
        })
        .transpose()
}
