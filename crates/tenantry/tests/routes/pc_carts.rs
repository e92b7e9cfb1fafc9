//! A cart that the owner put together for its customer; and the bodies of writes about carts.

use crate::things::Things;
use crate::trade::{Seller, seller};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tenantry_commerce::{CartLine, Limits, cart_create};
use tenantry_core::OfferId;
use tenantry_testkit::{Channel, USAGE_OFFER};

/// At the end of the seed: a cart is kept for seven days.
pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let line = CartLine {
        id: 0,
        item: OfferId::new(USAGE_OFFER),
        friendly_name: None,
        quantity: 1,
        billing_cycle: None,
        term: None,
        renews_to: None,
        promotion: None,
        term_ends: None,
        participants: Vec::new(),
        context: BTreeMap::new(),
        add_ons: Vec::new(),
    };
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let made = cart_create(&ctx, db, &Limits::NONE, customer, vec![line]).await.unwrap();
    things.put_secret(before, "cart", made.cart.id);
}

/// A valid body of a write about these.
pub(crate) fn body(name: &str) -> Option<Value> {
    Some(match name {
        "carts.create" | "carts.replace" => {
            json!({"lineItems": [{"id": 0, "catalogItemId": USAGE_OFFER, "quantity": 1}]})
        }
        "carts.checkout" => json!("success"),
        _ => return None,
    })
}
