//! `GET` and `PUT /v1/customers/{customer}/qualification`: what a customer is, in one word.
//!
//! Both are a bare text. One client writes the number of the word instead (partner-center-v1.md 2.1 row 10). Read is what
//! counts: what is in review is `none` until it is through. Of several the one that is longest on record is told.

use super::ask::code;
use super::wire::{older, read};
use crate::params;
use serde_json::Value;
use tenantry_commerce::{AskQualification, qualification_list, qualification_set};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

const FIELD: &str = "qualification";

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let held = qualification_list(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let approved = held.iter().find(|of| of.is_approved());
    Answer::ok(&approved.map_or("none", |of| older(of.qualification)))
}

pub(crate) async fn set(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let wanted = match call.json::<Value>()? {
        Value::String(text) => text,
        Value::Number(ordinal) => ordinal.to_string(),
        _ => return Err(Problem::invalid(FIELD, "the body is one word, such as \"education\", and nothing else")),
    };
    let ask = AskQualification {
        customer,
        qualification: read(FIELD, &wanted)?,
        segment: None,
        website: None,
        validation_code: code(&call, None)?,
    };
    let set = qualification_set(&call.ctx, call.world.db(), ask, call.world.settings().sandbox).await?;
    Answer::ok(&older(set.qualification))
}
