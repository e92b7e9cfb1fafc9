//! Orders and subscriptions.

use super::body::{ATTRIBUTES, Shape::*};
use super::{Detail, IF_MATCH, Kind, PRICE, query};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "orders.list",
        &[
            query("billingType", Kind::Text, "Only orders billed so: `monthly`, `annual`, `none`; `unknown` for all"),
            PRICE,
        ],
    ),
    Detail::of("orders.create", &[]).takes_members(&[
        ("billingCycle", Word(&["monthly", "annual", "none"])),
        (
            "lineItems",
            ListOf(&Object(&[
                ("lineItemNumber", Whole),
                ("offerId", Text),
                ("friendlyName", Text),
                ("quantity", Whole),
                ("termDuration", Text),
                ("partnerIdOnRecord", Text),
            ])),
        ),
    ]),
    Detail::of("orders.get", &[PRICE]),
    Detail::of("orders.change", &[IF_MATCH]).takes_members(&[
        ("status", Word(&["completed", "cancelled"])),
        ("billingCycle", Word(&["monthly", "annual", "none"])),
        (
            "lineItems",
            ListOf(&Object(&[
                ("lineItemNumber", Whole),
                ("offerId", Text),
                ("subscriptionId", Text),
                ("parentSubscriptionId", Text),
                ("friendlyName", Text),
                ("quantity", Whole),
            ])),
        ),
        ATTRIBUTES,
    ]),
    Detail::of(
        "subscriptions.list",
        &[
            query("order_id", Kind::Text, "Only subscriptions of this order"),
            query("mpn_id", Kind::Text, "Only subscriptions sold by the partner with this number"),
        ],
    ),
    Detail::of("subscriptions.change", &[IF_MATCH]).takes_members(&[
        ("friendlyName", Text),
        ("quantity", Whole),
        ("status", Word(&["active", "suspended", "deleted"])),
        ("autoRenewEnabled", Flag),
        (
            "scheduledNextTermInstructions",
            Object(&[
                (
                    "product",
                    Object(&[
                        ("productId", Text),
                        ("skuId", Text),
                        ("availabilityId", Text),
                        ("billingCycle", Text),
                        ("termDuration", Text),
                    ]),
                ),
                ("quantity", Whole),
            ]),
        ),
        ("partnerId", Text),
        ATTRIBUTES,
    ]),
];
