//! A transfer on the wire.

use crate::wire::{Attributes, upper};
use serde::Serialize;
use tenantry_commerce::{Transfer, TransferLine, TransferState};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use tenantry_http::Call;
use uuid::Uuid;

/// A transfer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferEntity {
    id: Uuid,
    created_time: String,
    last_modified_time: String,
    last_modified_user: String,
    customer_name: String,
    customer_tenant_id: TenantId,
    /// Unsure whose: the reference has the name alone. That of the partner that offers.
    #[serde(rename = "partnertenantid")]
    partner_tenant_id: TenantId,
    source_partner_name: String,
    source_partner_tenant_id: TenantId,
    target_partner_name: String,
    target_partner_tenant_id: TenantId,
    line_items: Vec<TransferLineItem>,
    status: &'static str,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TransferLineItem {
    id: usize,
    subscription_id: String,
    /// What is transferred is billed by usage.
    quantity: i64,
    friendly_name: String,
    offer_id: String,
    attributes: Attributes,
}

impl TransferEntity {
    pub(super) fn of(transfer: Transfer, now: Timestamp) -> Self {
        Self {
            id: transfer.id,
            created_time: transfer.created_at.to_string(),
            last_modified_time: transfer.changed_at.to_string(),
            status: status(transfer.state(now)),
            last_modified_user: transfer.changed_by,
            customer_name: transfer.customer_name,
            customer_tenant_id: transfer.customer,
            partner_tenant_id: transfer.source,
            source_partner_name: transfer.source_name,
            source_partner_tenant_id: transfer.source,
            target_partner_name: transfer.target_name,
            target_partner_tenant_id: transfer.target,
            line_items: transfer.lines.into_iter().enumerate().map(TransferLineItem::of).collect(),
            attributes: Attributes::of("TransferEntity"),
        }
    }
}

impl TransferLineItem {
    fn of((place, line): (usize, TransferLine)) -> Self {
        Self {
            id: place,
            subscription_id: upper(line.subscription),
            quantity: 1,
            friendly_name: line.friendly_name,
            offer_id: line.offer.to_string(),
            attributes: Attributes::of("TransferLineItem"),
        }
    }
}

/// The first three are the field's. How it names an offer that was withdrawn or expired is not known.
const fn status(state: TransferState) -> &'static str {
    match state {
        TransferState::Active => "Active",
        TransferState::Completed => "Completed",
        TransferState::Rejected => "Reject",
        TransferState::Withdrawn => "Withdrawn",
        TransferState::Expired => "Expired",
    }
}

/// The transfer of `{transfer}`.
pub(super) fn id(call: &Call) -> Result<Uuid, Problem> {
    Uuid::try_parse(call.param("transfer")?).map_err(|_| {
        let message = "there is no transfer of that id; take it from the customer's list of transfers";
        Problem::new(Reason::ObjectNotFound, message).at("transfer")
    })
}
