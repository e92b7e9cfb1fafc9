//! `POST /v1/extensions/product/checkInventory`: what of some products can be had. Nothing sold here runs out, so nothing is
//! restricted; what is not sold in the country is not in the answer (partner-center-v1.md 2.6, row 112).

use crate::products::country;
use crate::wire::Attributes;
use crate::wire::input::{Body, Fields};
use serde::Serialize;
use tenantry_commerce::{CatalogueItem, product_sku_get, product_sku_list};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InventoryItem {
    product_id: &'static str,
    sku_id: &'static str,
    is_restricted: bool,
    restrictions: [(); 0],
    attributes: Attributes,
}

impl InventoryItem {
    fn of(item: CatalogueItem) -> Self {
        Self {
            product_id: item.product,
            sku_id: item.sku,
            is_restricted: false,
            restrictions: [],
            attributes: Attributes::of("InventoryItem"),
        }
    }
}

pub(crate) async fn check(call: Call) -> Result<Answer, Problem> {
    const ITEMS: &str = "targetItems";
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let wanted = fields.list(ITEMS)?;
    if wanted.is_empty() {
        return Err(Problem::missing(fields.path(ITEMS)));
    }
    // Where and for whom it would be used: nothing depends on it.
    fields.object("inventoryContext")?;
    let mut found = Vec::new();
    for item in &wanted {
        match skus(&call, item) {
            Ok(items) => found.extend(items.into_iter().map(InventoryItem::of)),
            Err(problem) if problem.reason() == Reason::OfferNotFound => (),
            Err(problem) => return Err(problem),
        }
    }
    Answer::ok(&found)
}

/// The SKU that is named, or all of the product.
fn skus(call: &Call, item: &Fields<'_>) -> Result<Vec<CatalogueItem>, Problem> {
    const PRODUCT: &str = "productId";
    let said = |name: &str| Ok::<_, Problem>(item.text(name)?.filter(|text| !text.trim().is_empty()));
    let product = said(PRODUCT)?.ok_or_else(|| Problem::missing(item.path(PRODUCT)))?;
    let (country, product) = (country(call), product.trim());
    match said("skuId")? {
        Some(sku) => Ok(vec![product_sku_get(&call.ctx, &country, product, sku.trim())?]),
        None => product_sku_list(&call.ctx, &country, product, None),
    }
}
