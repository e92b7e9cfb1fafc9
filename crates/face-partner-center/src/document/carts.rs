//! Carts.

use super::body::Shape::{self, ListOf, Object, Text, Whole, Word};
use super::{Detail, JSON};

const RENEWS_TO: Shape = Object(&[("termDuration", Text)]);
const PARTICIPANTS: Shape = ListOf(&Object(&[("key", Text), ("value", Text)]));
const CYCLE: Shape = Word(&["monthly", "annual", "none"]);
const ADD_ON: Shape = Object(&[("id", Whole), ("catalogItemId", Text), ("quantity", Whole), ("billingCycle", CYCLE)]);
const LINES: Shape = ListOf(&Object(&[
    ("id", Whole),
    ("catalogItemId", Text),
    ("friendlyName", Text),
    ("quantity", Whole),
    ("billingCycle", CYCLE),
    ("termDuration", Text),
    ("renewsTo", RENEWS_TO),
    ("promotionId", Text),
    ("customTermEndDate", Text),
    ("participants", PARTICIPANTS),
    ("provisioningContext", Object(&[])),
    ("addonItems", ListOf(&ADD_ON)),
]));

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("carts.create", &[]).takes_members(&[("lineItems", LINES)]),
    Detail::of("carts.replace", &[]).takes_members(&[("lineItems", LINES)]),
    Detail::of("carts.checkout", &[]).reads(JSON),
];
