//! Transfers of subscriptions between a customer's partners.

use super::body::Shape::*;
use super::{Detail, JSON, Kind, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "transfers.eligibility",
        &[query("transferType", Kind::Text, "`directtoindirect`, and the like for other kinds of partner; needed")],
    ),
    Detail::of("transfers.create", &[]).takes_members(&[
        ("sourcePartnerTenantId", Text),
        ("targetPartnerTenantId", Text),
        ("lineItems", ListOf(&Object(&[("subscriptionId", Text), ("quantity", Whole)]))),
    ]),
    // Clients send nothing, or something nobody looks at.
    Detail::of("transfers.accept", &[]).reads(JSON),
    Detail::of("transfers.reject", &[]).takes_members(&[("id", Text), ("status", Word(&["reject"]))]),
    Detail::of("transfers.withdraw", &[]).gives(None),
];
