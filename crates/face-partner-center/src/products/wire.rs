//! Products, SKUs and availabilities on the wire. Source: partner-center-v1.md 3.8, 9.9.

use crate::offers::wire::billing;
use crate::wire::links::uri;
use crate::wire::{Attributes, Link, Links};
use serde::Serialize;
use tenantry_commerce::{BillingCycle, CatalogueItem, ProductKind, PurchaseLimit, Segment};
use tenantry_core::Currency;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemType {
    id: &'static str,
    display_name: &'static str,
}

/// A product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    product_type: ItemType,
    is_microsoft_product: bool,
    publisher_name: &'static str,
    links: Links,
    attributes: Attributes,
}

impl Product {
    pub(crate) fn of(item: CatalogueItem, country: &str) -> Self {
        let kind = match item.kind() {
            ProductKind::Azure => "Azure",
            ProductKind::OnlineServices => "OnlineServicesNCE",
        };
        let own = format!("/products/{}", item.product);
        Self {
            id: item.product,
            title: item.offer.name,
            description: item.offer.description,
            product_type: ItemType { id: kind, display_name: kind },
            is_microsoft_product: true,
            publisher_name: "Microsoft Corporation",
            links: links(&own, "skus", country),
            attributes: Attributes::of("Product"),
        }
    }
}

/// Facts beside the resource's own members. Texts, numbers and flags only: one client reads nothing else
/// (partner-center-v1.md 6.1, rule 8).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DynamicAttributes {
    is_microsoft_product: bool,
    billing_type: &'static str,
    rank: i64,
    is_addon: bool,
    has_add_ons: bool,
    is_auto_renewable: bool,
    unit_type: &'static str,
    limit_unit_of_measure: &'static str,
    limit: i64,
}

/// A SKU. Nothing sold here has to be looked for in an inventory or provided with more than its quantity, and no purchase
/// is given back: these lists are empty.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sku {
    id: &'static str,
    product_id: &'static str,
    title: &'static str,
    description: &'static str,
    minimum_quantity: i64,
    maximum_quantity: i64,
    is_trial: bool,
    supported_billing_cycles: Vec<&'static str>,
    purchase_prerequisites: [&'static str; 0],
    inventory_variables: [&'static str; 0],
    provisioning_variables: [&'static str; 0],
    actions: [&'static str; 0],
    dynamic_attributes: DynamicAttributes,
    links: Links,
    attributes: Attributes,
}

impl Sku {
    pub(crate) fn of(item: CatalogueItem, country: &str) -> Self {
        let offer = item.offer;
        let (limit_unit_of_measure, limit) = match offer.limit {
            PurchaseLimit::None => ("None", 0),
            PurchaseLimit::Concurrent(limit) => ("Concurrent", limit),
            PurchaseLimit::Lifetime(limit) => ("Lifetime", limit),
        };
        let mut cycles: Vec<_> = offer.billing_cycles.iter().map(|cycle| cycle.name()).collect();
        cycles.sort_unstable();
        Self {
            id: item.sku,
            product_id: item.product,
            title: offer.name,
            description: offer.description,
            minimum_quantity: offer.quantity_min,
            maximum_quantity: offer.quantity_max,
            is_trial: offer.trial,
            supported_billing_cycles: cycles,
            purchase_prerequisites: [],
            inventory_variables: [],
            provisioning_variables: [],
            actions: [],
            dynamic_attributes: DynamicAttributes {
                is_microsoft_product: true,
                billing_type: billing(offer.billing),
                rank: offer.rank,
                is_addon: offer.is_add_on(),
                has_add_ons: offer.has_add_ons(),
                is_auto_renewable: offer.auto_renewable,
                unit_type: offer.unit_type,
                limit_unit_of_measure,
                limit,
            },
            links: links(&format!("/products/{}/skus/{}", item.product, item.sku), "availabilities", country),
            attributes: Attributes::of("Sku"),
        }
    }
}

#[derive(Debug, Serialize)]
struct DefaultCurrency {
    code: String,
    symbol: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RenewalOption {
    term_duration: String,
    description: String,
}

/// A way to buy: for how long, and billed how often.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    description: String,
    billing_cycle: &'static str,
    renewal_options: Vec<RenewalOption>,
}

/// An availability, with the product and the SKU it is of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Availability {
    id: &'static str,
    product_id: &'static str,
    sku_id: &'static str,
    catalog_item_id: String,
    default_currency: DefaultCurrency,
    segment: &'static str,
    country: String,
    is_purchasable: bool,
    is_renewable: bool,
    terms: Vec<Term>,
    product: Product,
    sku: Sku,
    links: Links,
    attributes: Attributes,
}

impl Availability {
    pub(crate) fn of(item: CatalogueItem, country: &str, currency: Currency) -> Self {
        let own = format!("/products/{}/skus/{}/availabilities/{}", item.product, item.sku, item.availability);
        Self {
            id: item.availability,
            product_id: item.product,
            sku_id: item.sku,
            catalog_item_id: item.id(),
            default_currency: DefaultCurrency {
                code: currency.code().to_owned(),
                symbol: currency.symbol().to_owned(),
            },
            segment: segment(item.segment),
            country: country.to_owned(),
            is_purchasable: true,
            is_renewable: item.offer.auto_renewable,
            terms: item.offer.billing_cycles.iter().map(|cycle| Term::of(item, *cycle)).collect(),
            product: Product::of(item, country),
            sku: Sku::of(item, country),
            links: Links::to_self(uri(&own, [("country", country)])),
            attributes: Attributes::of("Availability"),
        }
    }
}

impl Term {
    fn of(item: CatalogueItem, cycle: BillingCycle) -> Self {
        let duration = item.offer.term.duration();
        let words =
            duration.as_deref().map_or_else(|| "No commitment".to_owned(), |term| format!("Commitment of {term}"));
        let billed = format!("{words}, billed {}", cycle.name());
        let renewed = duration.clone().filter(|_| item.offer.auto_renewable);
        let renewal = |term_duration| RenewalOption { term_duration, description: words.clone() };
        Self {
            id: format!("{}-{}", item.availability, cycle.name()),
            duration,
            description: billed,
            billing_cycle: cycle.name(),
            renewal_options: renewed.into_iter().map(renewal).collect(),
        }
    }
}

const fn segment(segment: Segment) -> &'static str {
    match segment {
        Segment::Commercial => "commercial",
        Segment::Education => "education",
        Segment::Government => "government",
        Segment::Nonprofit => "nonprofit",
    }
}

/// To what is below it, and to itself.
fn links(own: &str, below: &'static str, country: &str) -> Links {
    Links::default()
        .with(below, Link::get(uri(&format!("{own}/{below}"), [("country", country)])))
        .with("self", Link::get(uri(own, [("country", country)])))
}
