//! Migrations into the modern catalogue.

use super::body::Shape::{self, *};
use super::{Detail, JSON, Kind, Parameter, TOKEN, query};

/// How a subscription is to go on.
const MIGRATION: &[(&str, Shape)] = &[
    ("currentSubscriptionId", Text),
    ("quantity", Whole),
    ("billingCycle", Word(&["monthly", "annual"])),
    ("termDuration", Text),
    ("purchaseFullTerm", Flag),
    ("externalReferenceId", Text),
];

const SCHEDULE: &[(&str, Shape)] = &[
    ("currentSubscriptionId", Text),
    ("targetDate", Text),
    ("migrateOnRenewal", Flag),
    ("quantity", Whole),
    ("billingCycle", Word(&["monthly", "annual"])),
    ("termDuration", Text),
    ("purchaseFullTerm", Flag),
    ("externalReferenceId", Text),
];

/// One of the first three must be there.
const LIST: &[Parameter] = &[
    query("CustomerTenantId", Kind::Text, "Only those of this customer"),
    query("CurrentSubscriptionId", Kind::Text, "Only those of this subscription"),
    query("ExternalReferenceId", Kind::Text, "Only those with this name"),
    query("PageSize", Kind::Whole, "Items on the page, up to 300; 0 is the default of 300"),
    TOKEN,
];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(crate::new_commerce::VALIDATE, &[]).takes_members(MIGRATION),
    Detail::of("new-commerce-migrations.create", &[]).takes_members(MIGRATION),
    Detail::of("new-commerce-migrations.list", LIST),
    Detail::of(
        "new-commerce-migrations.events",
        &[
            query("migration_id", Kind::Text, "Only those of this migration"),
            query("current_subscription_id", Kind::Text, "Only those of this subscription; one of the two is named"),
        ],
    ),
    Detail::of("new-commerce-schedules.create", &[]).takes_members(SCHEDULE),
    Detail::of("new-commerce-schedules.change", &[]).takes_members(SCHEDULE),
    Detail::of("new-commerce-schedules.list", LIST),
    // Clients send `null`; nobody reads it.
    Detail::of("new-commerce-schedules.cancel", &[]).reads(JSON),
];
