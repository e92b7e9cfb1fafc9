//! Seats of the old catalogue that the owner sold to its customer: one subscription that was migrated, one whose migration is
//! scheduled and was called off once before; and the bodies of writes about them.

use crate::things::{Things, Words};
use crate::trade::{Seller, order, seller};
use serde_json::{Value, json};
use tenantry_commerce::{
    Limits, MigrateToNewCommerce, NewCommerceTerms, ScheduleNewCommerce, ScheduleWhen, new_commerce_migrate,
    new_commerce_schedule, new_commerce_schedule_cancel,
};
use tenantry_testkit::Channel;

const E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";

pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let old = order(channel, owner, customer, E3).await;
    let migrate = MigrateToNewCommerce { customer, subscription: old.id, terms: NewCommerceTerms::default() };
    let made = new_commerce_migrate(&ctx, db, &Limits::NONE, migrate).await.unwrap();
    let waiting = order(channel, owner, customer, E3).await;
    let schedule = ScheduleNewCommerce {
        customer,
        subscription: waiting.id,
        terms: NewCommerceTerms::default(),
        when: ScheduleWhen::AtRenewal,
    };
    let first = new_commerce_schedule(&ctx, db, &Limits::NONE, schedule.clone()).await.unwrap();
    new_commerce_schedule_cancel(&ctx, db, customer, first.id).await.unwrap();
    let second = new_commerce_schedule(&ctx, db, &Limits::NONE, schedule).await.unwrap();
    for (word, id) in [("migration", made.id), ("cancelled migration", first.id), ("scheduled migration", second.id)] {
        things.put_secret(before, word, id);
    }
    things.put_secret(before, "migrated subscription", made.target);
    things.put_secret(before, "migrating subscription", waiting.id);
}

/// A valid body of a write about these, of the subscription whose migration is scheduled: it is neither made now nor
/// scheduled again.
pub(crate) fn body(name: &str, things: &Words<'_>) -> Option<Value> {
    let of = || json!({"currentSubscriptionId": things.get("migrating subscription"), "migrateOnRenewal": true});
    name.starts_with("new-commerce-").then(of)
}
