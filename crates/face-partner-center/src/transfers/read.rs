//! `GET /v1/customers/{customer}/transfers`, one of them, and `transferseligibility`. The lists are bare
//! (partner-center-v1.md 1.5).

use crate::params;
use crate::transfers::wire::{TransferEntity, id};
use crate::wire::words::Words;
use crate::wire::{Attributes, upper};
use serde::Serialize;
use tenantry_commerce::{transfer_eligibility, transfer_get, transfer_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// Between which kinds of partner. The reference has the first alone; the others are named by analogy. What can be
/// transferred does not depend on it.
const KINDS: Words<()> =
    Words(&[("directtoindirect", ()), ("directtodirect", ()), ("indirecttodirect", ()), ("indirecttoindirect", ())]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TransferEligibility {
    id: String,
    is_eligible: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    attributes: Attributes,
}

/// What of a customer's subscriptions can be offered.
pub(crate) async fn eligibility(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let asked = call.query("transferType").map(str::trim).filter(|text| !text.is_empty());
    KINDS.read("transferType", asked.ok_or_else(|| Problem::missing("transferType"))?)?;
    let judged = transfer_eligibility(&call.ctx, call.world.db(), customer).await?;
    let view = judged.into_iter().map(|judged| TransferEligibility {
        id: upper(judged.subscription),
        is_eligible: judged.obstacle.is_none(),
        reason: judged.obstacle,
        attributes: Attributes::of("TransferEligibility"),
    });
    Answer::ok(&view.collect::<Vec<_>>())
}

/// A customer's transfers.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let transfers = transfer_list(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let now = call.ctx.now();
    Answer::ok(&transfers.into_iter().map(|transfer| TransferEntity::of(transfer, now)).collect::<Vec<_>>())
}

/// One transfer.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let transfer = transfer_get(&call.ctx, call.world.db(), params::customer(&call)?, id(&call)?).await?;
    Answer::ok(&TransferEntity::of(transfer, call.ctx.now()))
}
