//! Orders and subscriptions.

use super::{Detail, IF_MATCH, JSON, Kind, PRICE, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "orders.list",
        &[
            query("billingType", Kind::Text, "Only orders billed so: `monthly`, `annual`, `none`; `unknown` for all"),
            PRICE,
        ],
    ),
    Detail::of("orders.create", &[]).reads(JSON),
    Detail::of("orders.get", &[PRICE]),
    Detail::of(
        "subscriptions.list",
        &[
            query("order_id", Kind::Text, "Only subscriptions of this order"),
            query("mpn_id", Kind::Text, "Only subscriptions sold by the partner with this number"),
        ],
    ),
    Detail::of("subscriptions.change", &[IF_MATCH]).reads(JSON),
];
