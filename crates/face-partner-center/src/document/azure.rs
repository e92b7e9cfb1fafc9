//! What is under an Azure plan, and what was found to be unusual in it.

use super::body::Shape::{self, *};
use super::{Detail, Kind, header, query};

/// Whose, and of which family.
const PRODUCTS: &[(&str, Shape)] = &[("customerId", Text), ("productFamily", Word(&["azure"]))];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("azure-entitlements.cancel", &[])
        .takes_members(&[("cancellationReason", Word(&["compromise", "compromised"]))]),
    Detail::of("product-upgrades.eligibility", &[]).takes_members(PRODUCTS),
    Detail::of("product-upgrades.create", &[]).takes_members(PRODUCTS).gives(None),
    Detail::of("product-upgrades.status", &[]).takes_members(PRODUCTS),
    Detail::of(
        "fraud-events.list",
        &[
            query(
                "EventStatus",
                Kind::Text,
                "Only those `Active`, `Resolved` or under investigation, of which there are none",
            ),
            query("SubscriptionId", Kind::Text, "Only those of this Azure subscription"),
            query("EventType", Kind::Text, "New model: only events of this type; all are `UsageAnomalyDetection`"),
            query("PageSize", Kind::Whole, "New model: events on the page, up to 500; 0 is the default of 500"),
            query("PageNumber", Kind::Whole, "New model: which page, from 1"),
            header("X-NewEventsModel", "`true`: a collection of events with more members, instead of a bare list"),
        ],
    ),
];
