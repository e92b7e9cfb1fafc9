//! What happens to subscriptions after the sale.

use super::body::Shape::*;
use super::{Detail, ELIGIBILITY_TYPE, JSON, LOCALE, OPERATION_ID};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("subscriptions.upgrades.list", &[LOCALE]),
    Detail::of("subscriptions.upgrades.apply", &[]).takes_members(&[
        ("targetOffer", Object(&[("id", Text)])),
        ("upgradeType", Word(&["upgrade_only", "upgrade_with_license_transfer"])),
        ("quantity", Whole),
    ]),
    Detail::of("subscriptions.transitions.eligibilities", &[ELIGIBILITY_TYPE]),
    Detail::of("subscriptions.transitions.list", &[OPERATION_ID]),
    Detail::of("subscriptions.transitions.make", &[]).takes_members(&[
        ("toCatalogItemId", Text),
        ("transitionType", Word(&["transition_only", "transition_with_license_transfer"])),
        ("quantity", Whole),
        ("billingCycle", Word(&["monthly", "annual"])),
        ("termDuration", Text),
    ]),
    Detail::of("subscriptions.conversions.apply", &[]).takes_members(&[
        ("targetOfferId", Text),
        ("quantity", Whole),
        ("billingCycle", Word(&["monthly", "annual"])),
    ]),
    // Clients send anything or nothing; nobody reads it.
    Detail::of("subscriptions.register", &[]).reads(JSON).gives(None),
    Detail::of("subscriptions.support-contact.change", &[]).takes_members(&[
        ("supportTenantId", Text),
        ("supportMpnId", Text),
        ("name", Text),
    ]),
];
