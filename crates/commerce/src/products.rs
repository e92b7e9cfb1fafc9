//! Reading the modern catalogue: products of a country, their SKUs, and the availabilities that orders name.

use crate::offers::readable;
use crate::product::{CatalogueItem, ProductView, Segment, items};
use crate::text::shown;
use std::collections::BTreeSet;
use tenantry_core::{OpContext, Problem, Reason};

/// The products of a view that are sold in a country: of each its first item. With a segment, only those for it.
///
/// Refused: a country that is none or is not sold in; a caller who may not read the catalogue.
pub fn product_list(
    ctx: &OpContext,
    country: &str,
    view: ProductView,
    segment: Option<Segment>,
) -> Result<Vec<CatalogueItem>, Problem> {
    let country = readable(ctx, country)?;
    let found = sold_in(&country).filter(|item| item.is_in(view) && is_for(item, segment)).collect();
    Ok(first_of_each(found, |item| item.product))
}

/// A product sold in a country: its first item. `OfferNotFound` at `productId` if there is none.
pub fn product_get(ctx: &OpContext, country: &str, product: &str) -> Result<CatalogueItem, Problem> {
    Ok(of_product(&readable(ctx, country)?, product)?[0])
}

/// The SKUs of a product: of each its first item.
pub fn product_sku_list(
    ctx: &OpContext,
    country: &str,
    product: &str,
    segment: Option<Segment>,
) -> Result<Vec<CatalogueItem>, Problem> {
    let mut found = of_product(&readable(ctx, country)?, product)?;
    found.retain(|item| is_for(item, segment));
    Ok(first_of_each(found, |item| item.sku))
}

/// A SKU of a product: its first item. `OfferNotFound` at `skuId` if the product has none of that id.
pub fn product_sku_get(ctx: &OpContext, country: &str, product: &str, sku: &str) -> Result<CatalogueItem, Problem> {
    Ok(of_sku(&readable(ctx, country)?, product, sku)?[0])
}

/// The availabilities of a SKU.
pub fn availability_list(
    ctx: &OpContext,
    country: &str,
    (product, sku): (&str, &str),
    segment: Option<Segment>,
) -> Result<Vec<CatalogueItem>, Problem> {
    let mut found = of_sku(&readable(ctx, country)?, product, sku)?;
    found.retain(|item| is_for(item, segment));
    Ok(found)
}

/// An availability of a SKU. `OfferNotFound` at `availabilityId` if the SKU has none of that id.
pub fn availability_get(
    ctx: &OpContext,
    country: &str,
    (product, sku): (&str, &str),
    availability: &str,
) -> Result<CatalogueItem, Problem> {
    let found = of_sku(&readable(ctx, country)?, product, sku)?;
    let one = found.into_iter().find(|item| item.availability.eq_ignore_ascii_case(availability));
    one.ok_or_else(|| missing("availabilityId", "availability", availability, "take one of the SKU's list"))
}

fn sold_in(country: &str) -> impl Iterator<Item = CatalogueItem> {
    items().filter(move |item| item.offer.sold_in(country))
}

fn first_of_each(items: Vec<CatalogueItem>, name: impl Fn(&CatalogueItem) -> &'static str) -> Vec<CatalogueItem> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| seen.insert(name(item))).collect()
}

fn is_for(item: &CatalogueItem, segment: Option<Segment>) -> bool {
    segment.is_none_or(|segment| item.segment == segment)
}

/// All items of a product; never empty.
fn of_product(country: &str, product: &str) -> Result<Vec<CatalogueItem>, Problem> {
    let found: Vec<_> = sold_in(country).filter(|item| item.product.eq_ignore_ascii_case(product)).collect();
    if found.is_empty() {
        let way_out = format!("take one of the list of products of {country}");
        return Err(missing("productId", "product", product, &way_out));
    }
    Ok(found)
}

/// All items of a SKU; never empty.
fn of_sku(country: &str, product: &str, sku: &str) -> Result<Vec<CatalogueItem>, Problem> {
    let mut found = of_product(country, product)?;
    found.retain(|item| item.sku.eq_ignore_ascii_case(sku));
    if found.is_empty() {
        return Err(missing("skuId", "SKU", sku, "take one of the product's list"));
    }
    Ok(found)
}

fn missing(field: &'static str, what: &str, seen: &str, way_out: &str) -> Problem {
    let message = format!("{field}: there is no {what} `{}`; {way_out}", shown(seen));
    Problem::new(Reason::OfferNotFound, message).at(field)
}
