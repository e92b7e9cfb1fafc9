//! Offers and rate cards.

use super::{COUNTRY, Detail, Kind, LOCALE, OFFERS, OFFSET, Parameter, query};

const RATE_CARD: &[Parameter] = &[
    query("currency", Kind::Text, "ISO 4217; see `region`"),
    query("region", Kind::Text, "ISO 3166 country. With neither, the card is that of the partner"),
    LOCALE,
];

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("offer-categories.list", &[COUNTRY, LOCALE]),
    Detail::of(
        "offers.list",
        &[COUNTRY, query("offer_category_id", Kind::Text, "Only offers of this category"), OFFERS, OFFSET, LOCALE],
    ),
    Detail::of("offers.get", &[COUNTRY, LOCALE]),
    Detail::of("offers.addons.list", &[COUNTRY, OFFERS, OFFSET, LOCALE]),
    Detail::of("customers.offers.list", &[OFFERS, OFFSET, LOCALE]),
    Detail::of("customers.offer-categories.list", &[LOCALE]),
    Detail::of("rate-cards.azure.get", RATE_CARD),
    Detail::of("rate-cards.azure-shared.get", RATE_CARD),
];
