//! An Azure plan that the owner sells to its customer, with the Azure subscription under it; and the bodies of writes about it.

use crate::things::{Things, Words};
use crate::trade::{Seller, order, order_usage, seller};
use serde_json::{Value, json};
use tenantry_commerce::{
    Limits, NewCustomer, azure_entitlement_list, azure_plan_upgrade, customer_create, customer_get,
};
use tenantry_testkit::{Channel, SUFFIX};

const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";

pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let plan = order(channel, owner, customer, PLAN).await;
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let under = azure_entitlement_list(&ctx, db, customer, plan.id).await.unwrap().remove(0);
    things.put_secret(before, "azure plan", plan.id);
    things.put_secret(before, "azure plan order", plan.order);
    things.put_secret(before, "azure subscription", under.id);
    moved(channel, (before, customer, owner), things).await;
}

/// Another customer like that one, whose Azure subscription moved under a plan.
async fn moved(channel: &Channel, (before, like, owner): Seller<'_>, things: &mut Things) {
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let mut billing = customer_get(&ctx, db, like).await.unwrap().billing_profile.details;
    let name = format!("alpine{}", before.trim());
    billing.company_name.clone_from(&name);
    billing.email = format!("ops@{name}.test");
    billing.default_address = channel.partner.address.clone();
    let domain = format!("{name}.{SUFFIX}");
    let new = NewCustomer { partner: owner.tenant, company_name: None, domain, registration_number: None, billing };
    let customer = customer_create(&ctx, db, SUFFIX, &Limits::NONE, new).await.unwrap();
    order_usage(channel, owner, customer.id).await;
    let made = azure_plan_upgrade(&ctx, db, &Limits::NONE, customer.id).await.unwrap();
    things.put(format!("{before}upgraded customer"), customer.id);
    things.put_secret(before, "product upgrade", made.id);
}

/// A valid body of a write about these. Cancelling what is cancelled changes nothing, so all callers can be asked in turn.
pub(crate) fn body(name: &str, things: &Words<'_>) -> Option<Value> {
    let products = |of: &str| json!({"customerId": things.get(of), "productFamily": "azure"});
    Some(match name {
        "azure-entitlements.cancel" => json!({"cancellationReason": "compromise"}),
        "product-upgrades.eligibility" | "product-upgrades.create" => products("customer"),
        "product-upgrades.status" => products("upgraded customer"),
        _ => return None,
    })
}
