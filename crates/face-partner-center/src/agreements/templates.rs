//! `GET /v1/agreements`: what there is to agree to.

use super::wire::{MetaData, asked};
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::AGREEMENT_TEMPLATES;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let wanted = asked(&call)?;
    let templates = AGREEMENT_TEMPLATES.into_iter().filter(|template| wanted(template.kind));
    let items = templates.map(|template| MetaData::of(&call, template)).collect();
    Answer::ok(&Collection::whole(items, uri("/agreements", call.query.pairs())))
}
