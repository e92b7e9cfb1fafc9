//! `GET /v1/customers/{customer}/agreements`, oldest first.

use super::wire::{Agreement, asked};
use crate::params;
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::agreement_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let wanted = asked(&call)?;
    let all = agreement_list(&call.ctx, call.world.db(), customer).await?;
    let all = all.into_iter().filter(|agreement| wanted(agreement.template.kind));
    let items = all.map(|agreement| Agreement::of(&call, agreement)).collect();
    let own = uri(&format!("/customers/{customer}/agreements"), call.query.pairs());
    Answer::ok(&Collection::whole(items, own))
}
