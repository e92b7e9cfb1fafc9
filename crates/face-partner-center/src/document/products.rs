//! Products, SKUs and availabilities.

use super::body::Shape::*;
use super::{Detail, Kind, Parameter, query};

const COUNTRY: Parameter = query("country", Kind::Text, "ISO 3166 country; must be there");
const VIEW: Parameter = query(
    "targetView",
    Kind::Text,
    "Which part of the catalogue; must be there: `Azure` or `MicrosoftAzure`, `OnlineServices`. Of `AzureReservations`, \
     `AzureReservationsVM`, `AzureReservationsSQL`, `AzureReservationsCosmosDb`, `Software`, `SoftwareSUSELinux`, \
     `SoftwarePerpetual`, `SoftwareSubscriptions` and `MarketplaceSaaS` nothing is sold",
);
const SEGMENT: Parameter = query(
    "targetSegment",
    Kind::Text,
    "Only what is for `commercial`, `education`, `government` or `nonprofit` buyers",
);
const SCOPE: Parameter =
    query("reservationScope", Kind::Text, "`AzurePlan`, or absent; only reservations differ by it, and there are none");

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("products.list", &[COUNTRY, VIEW, SEGMENT, SCOPE]),
    Detail::of("products.get", &[COUNTRY, SCOPE]),
    Detail::of("products.skus.list", &[COUNTRY, SEGMENT, SCOPE]),
    Detail::of("products.skus.get", &[COUNTRY, SCOPE]),
    Detail::of("products.availabilities.list", &[COUNTRY, SEGMENT, SCOPE]),
    Detail::of("products.availabilities.get", &[COUNTRY]),
    Detail::of("customers.products.list", &[VIEW, SEGMENT, SCOPE]),
    Detail::of("customers.products.get", &[SCOPE]),
    Detail::of("customers.products.skus.list", &[SEGMENT, SCOPE]),
    Detail::of("customers.products.skus.get", &[SCOPE]),
    Detail::of("customers.products.availabilities.list", &[SEGMENT, SCOPE]),
    Detail::of("products.check-inventory", &[COUNTRY])
        .takes_members(&[("targetItems", ListOf(&Object(&[("productId", Text), ("skuId", Text)])))]),
    Detail::of(
        "promotions.list",
        &[
            COUNTRY,
            query("segment", Kind::Text, "Must be there: `commercial`, `education`, `government` or `nonprofit`"),
        ],
    ),
    Detail::of("customers.promotion-eligibilities", &[]).takes_members(&[(
        "items",
        ListOf(&Object(&[
            ("id", Whole),
            ("catalogItemId", Text),
            ("quantity", Whole),
            ("billingCycle", Text),
            ("termDuration", Text),
            ("promotionId", Text),
        ])),
    )]),
];
