//! Answering a transfer: `POST .../accept`, `PATCH` with the status `reject`, and `DELETE`, which takes it back.

use crate::params;
use crate::transfers::wire::{TransferEntity, id};
use crate::wire::Attributes;
use crate::wire::input::Body;
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce::{transfer_accept, transfer_get, transfer_reject, transfer_withdraw};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, StatusCode};

const STATUSES: Words<()> = Words(&[("reject", ())]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TransferSubmitResult {
    /// Subscriptions keep the order they came from.
    orders: [(); 0],
    /// All of it is transferred, or the request is refused.
    transfer_errors: [(); 0],
    attributes: Attributes,
}

/// As the partner it was offered to. Clients send no body, or one that nobody reads.
pub(crate) async fn accept(call: Call) -> Result<Answer, Problem> {
    transfer_accept(&call.ctx, call.world.db(), params::customer(&call)?, id(&call)?).await?;
    let attributes = Attributes::of("TransferSubmitResult");
    Answer::ok(&TransferSubmitResult { orders: [], transfer_errors: [], attributes })
}

/// As the partner it was offered to: `{"id":"..","status":"reject"}`, and nothing else can be set.
pub(crate) async fn reject(call: Call) -> Result<Answer, Problem> {
    let (customer, transfer) = (params::customer(&call)?, id(&call)?);
    // A stranger learns that there is no such transfer, not how one is answered.
    transfer_get(&call.ctx, call.world.db(), customer, transfer).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    fields.word("status", &STATUSES)?.ok_or_else(|| Problem::missing("status"))?;
    if let Some(other) = fields.text("id")?.filter(|text| !text.trim().eq_ignore_ascii_case(&transfer.to_string())) {
        let seen: String = other.chars().take(40).collect();
        return Err(Problem::invalid("id", format!("`{seen}` is not the transfer of the path; leave it out")));
    }
    let transfer = transfer_reject(&call.ctx, call.world.db(), customer, transfer).await?;
    Answer::ok(&TransferEntity::of(transfer, call.ctx.now()))
}

/// As the partner that offered it.
pub(crate) async fn withdraw(call: Call) -> Result<Answer, Problem> {
    transfer_withdraw(&call.ctx, call.world.db(), params::customer(&call)?, id(&call)?).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
