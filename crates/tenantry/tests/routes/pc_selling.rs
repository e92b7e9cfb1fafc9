//! What a partner lets its customer buy by itself, and what it offers to another partner; and the bodies of these writes.

use crate::things::{Things, Words};
use crate::trade::{Seller, order_usage, seller};
use serde_json::{Value, json};
use tenantry_commerce::{
    NewTransfer, SelfServePermission, SelfServePolicyId, self_serve_policy_create, transfer_create,
};
use tenantry_testkit::Channel;

/// At the end of the seed: an offer stands for thirty days. What is offered is a subscription of its own, so that the
/// one of all other tests can be offered too.
pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let id = SelfServePolicyId { grantor: owner.tenant, entity: customer };
    let permissions = vec![SelfServePermission::PurchaseReservations];
    let policy = self_serve_policy_create(&ctx, db, id, permissions).await.unwrap();
    let offered = order_usage(channel, owner, customer).await;
    let new = NewTransfer { customer, source: None, target: channel.stranger.tenant, subscriptions: vec![offered.id] };
    let transfer = transfer_create(&ctx, db, new).await.unwrap();
    things.put(format!("{before}self-serve policy"), policy.id);
    things.put_secret(before, "transfer", transfer.id);
    things.put_secret(before, "offered subscription", offered.id);
    things.put_secret(before, "offered order", offered.order);
    if before.is_empty() {
        things.hide(policy.etag);
    }
}

/// A valid body of a write about these.
pub(crate) fn body(name: &str, things: &Words<'_>) -> Option<Value> {
    Some(match name {
        "usage.budget.change" => json!({"amount": 750}),
        "self-serve-policies.create" | "self-serve-policies.change" => json!({
            "selfServeEntity": {"selfServeEntityType": "customer", "tenantID": things.get("customer")},
            "permissions": [{"resource": "AzureReservedInstances", "action": "Purchase"}],
        }),
        "self-serve-policies.change-by-id" => {
            json!({"permissions": [{"resource": "AzureReservedInstances", "action": "Purchase"}]})
        }
        "transfers.create" => json!({
            "targetPartnerTenantId": things.get("stranger"),
            "lineItems": [{"subscriptionId": things.get("subscription")}],
        }),
        "transfers.accept" => json!({}),
        "transfers.reject" => json!({"status": "reject"}),
        _ => return None,
    })
}
