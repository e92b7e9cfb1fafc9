//! An Azure plan that the owner sells to its customer, with the Azure subscription under it; and the bodies of writes about it.

use crate::things::Things;
use crate::trade::{Seller, order, seller};
use serde_json::{Value, json};
use tenantry_commerce::azure_entitlement_list;
use tenantry_testkit::Channel;

const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";

pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let plan = order(channel, owner, customer, PLAN).await;
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let under = azure_entitlement_list(&ctx, db, customer, plan.id).await.unwrap().remove(0);
    things.put_secret(before, "azure plan", plan.id);
    things.put_secret(before, "azure plan order", plan.order);
    things.put_secret(before, "azure subscription", under.id);
}

/// A valid body of a write about these. Cancelling what is cancelled changes nothing, so all callers can be asked in turn.
pub(crate) fn body(name: &str) -> Option<Value> {
    (name == "azure-entitlements.cancel").then(|| json!({"cancellationReason": "compromise"}))
}
