//! Offers on the wire, laid out as recorded. Source: partner-center-v1.md 3.7, 9.9.

use crate::qualifications;
use crate::wire::links::uri;
use crate::wire::{Attributes, Link, Links};
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_commerce::{Billing, PurchaseLimit, Term};

/// The tenant whose catalogue the recorded offers stand in. No client opens the address.
const CATALOGUE_TENANT: &str = "3c95518e-8c37-41e3-9627-0ca339200f53";

/// A shelf of the catalogue.
#[derive(Debug, Serialize)]
pub(crate) struct OfferCategory {
    id: &'static str,
    name: &'static str,
    rank: i64,
    locale: String,
    country: String,
    attributes: Attributes,
}

impl OfferCategory {
    /// `None` is no shelf: add-ons and usage-based offers have one without a name, as recorded.
    pub(crate) fn of(category: Option<commerce::OfferCategory>, locale: &str, country: &str) -> Self {
        let (id, name, rank) = category.map_or(("", "", 0), |shelf| (shelf.id, shelf.name, shelf.rank));
        let attributes = Attributes::of("OfferCategory");
        Self { id, name, rank, locale: locale.to_owned(), country: country.to_owned(), attributes }
    }
}

#[derive(Debug, Serialize)]
struct Product {
    id: &'static str,
    name: &'static str,
    unit: &'static str,
}

/// An offer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    minimum_quantity: i64,
    maximum_quantity: i64,
    rank: i64,
    uri: String,
    locale: String,
    country: String,
    category: OfferCategory,
    limit_unit_of_measure: &'static str,
    limit: i64,
    term_unit_of_measure: &'static str,
    term: i32,
    prerequisite_offers: &'static [&'static str],
    is_add_on: bool,
    has_add_ons: bool,
    is_available_for_purchase: bool,
    billing: &'static str,
    supported_billing_cycles: Vec<&'static str>,
    is_auto_renewable: bool,
    is_internal: bool,
    is_microsoft_product: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    upgrade_target_offers: &'static [&'static str],
    conversion_target_offers: &'static [&'static str],
    resellee_qualifications: Vec<&'static str>,
    reseller_qualifications: [&'static str; 0],
    sales_group_id: &'static str,
    is_trial: bool,
    acquisition_type: &'static str,
    supported_catalog_types: [&'static str; 2],
    actions: [&'static str; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<Product>,
    unit_type: &'static str,
    links: Links,
    attributes: Attributes,
}

impl Offer {
    pub(crate) fn of(offer: &'static commerce::Offer, locale: &str, country: &str) -> Self {
        let (limit_unit_of_measure, limit) = match offer.limit {
            PurchaseLimit::None => ("None", 0),
            PurchaseLimit::Concurrent(limit) => ("Concurrent", limit),
            PurchaseLimit::Lifetime(limit) => ("Lifetime", limit),
        };
        // Unsure: no recording shows an offer without a term; "None" follows `limitUnitOfMeasure`.
        let (term_unit_of_measure, term) = match offer.term {
            Term::Open => ("None", 0),
            Term::Years(years) => ("Year", years),
            Term::Months(months) => ("Month", i32::from(months)),
        };
        // Recorded lists are in the order of the alphabet; the order of ours is the order of defaults.
        let mut cycles: Vec<_> = offer.billing_cycles.iter().map(|cycle| cycle.name()).collect();
        cycles.sort_unstable();
        Self {
            id: offer.id,
            name: offer.name,
            description: offer.description,
            minimum_quantity: offer.quantity_min,
            maximum_quantity: offer.quantity_max,
            rank: offer.rank,
            uri: format!("/{CATALOGUE_TENANT}/Offers/{}", offer.id),
            locale: locale.to_owned(),
            country: country.to_owned(),
            category: OfferCategory::of(offer.category, locale, country),
            limit_unit_of_measure,
            limit,
            term_unit_of_measure,
            term,
            prerequisite_offers: offer.prerequisites,
            is_add_on: offer.is_add_on(),
            has_add_ons: offer.has_add_ons(),
            is_available_for_purchase: true,
            billing: billing(offer.billing),
            supported_billing_cycles: cycles,
            is_auto_renewable: offer.auto_renewable,
            is_internal: false,
            is_microsoft_product: true,
            upgrade_target_offers: offer.upgrade_targets,
            conversion_target_offers: offer.conversion_targets,
            resellee_qualifications: offer.qualification.map(qualifications::word).into_iter().collect(),
            reseller_qualifications: [],
            sales_group_id: offer.sales_group,
            is_trial: offer.trial,
            acquisition_type: "purchase",
            supported_catalog_types: ["sandbox", "live"],
            actions: ["Cancel", "Edit"],
            product: offer.product.map(|product| Product { id: product.id, name: product.name, unit: product.unit }),
            unit_type: offer.unit_type,
            links: Links::default().with("learnMore", Link::nowhere()).with("self", Link::get(link(offer, country))),
            attributes: Attributes::of("Offer"),
        }
    }
}

/// What is counted on the bill, in the wire's word.
pub(crate) const fn billing(billing: Billing) -> &'static str {
    match billing {
        Billing::Licence => "license",
        Billing::Usage => "usage",
    }
}

/// The address of an offer in a country: `/offers/MS-AZR-0145P?country=US`.
pub(crate) fn link(offer: &commerce::Offer, country: &str) -> String {
    uri(&format!("/offers/{}", offer.id), [("country", country)])
}
