//! Promotions: lower prices for a time. None are made here, which is what these answers say, in the words that clients of them
//! read: an empty list, and for whatever is asked about the error that there is none. One by its id is nowhere, so there is no
//! route for it. A line of an order or a cart that names one is refused.
//!
//! Source: partner-center-v1.md 2.4 row 62, 2.7 row 119, 3.6, 3.8.

use crate::params;
use crate::products::{SEGMENTS, country, given};
use crate::wire::input::{Body, Fields};
use crate::wire::links::uri;
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_commerce::{customer_get, offer_get, offer_list};
use tenantry_core::{OfferId, Problem, Reason};
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PromotionEligibilities {
    id: i64,
    catalog_item_id: String,
    quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_cycle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    eligibilities: [Eligibility; 1],
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion_id: Option<String>,
    is_eligible: bool,
    errors: [PromotionError; 1],
}

#[derive(Debug, Serialize)]
struct PromotionError {
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'static str,
}

const UNKNOWN_ITEM: PromotionError = PromotionError {
    kind: "InvalidCatalogItemId",
    description: "the item is not sold to the customer; take one of its products' availabilities",
};
const UNKNOWN_PROMOTION: PromotionError =
    PromotionError { kind: "InvalidPromotion", description: "there is no such promotion; leave it out" };
const NONE: PromotionError = PromotionError {
    kind: "NoPromotionsAvailable",
    description: "there are no promotions; the price is that of the list",
};

const SEGMENT: &str = "segment";

/// Those of a country and a segment: none.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    // Who may not read the catalogue does not learn that there are none.
    offer_list(&call.ctx, &country(&call), None)?;
    SEGMENTS.read(SEGMENT, given(&call, SEGMENT).ok_or_else(|| Problem::missing(SEGMENT))?)?;
    Answer::ok(&Collection::<()>::whole(Vec::new(), uri("/productpromotions", call.query.pairs())))
}

/// Which promotions what a customer would buy could have: none, and why.
pub(crate) async fn eligibilities(call: Call) -> Result<Answer, Problem> {
    const ITEMS: &str = "items";
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let items = fields.list(ITEMS)?;
    if items.is_empty() {
        return Err(Problem::missing(fields.path(ITEMS)));
    }
    let judged = items.iter().map(|item| judge(&call, item, customer.country())).collect::<Result<_, _>>()?;
    let own = format!("/customers/{}/promotionEligibilities", customer.id);
    Answer::ok(&Collection::whole(judged, own))
}

fn judge(call: &Call, item: &Fields<'_>, country: &str) -> Result<PromotionEligibilities, Problem> {
    let said = |name: &str| Ok::<_, Problem>(item.text(name)?.filter(|text| !text.trim().is_empty()));
    let catalog_item_id =
        said("catalogItemId")?.ok_or_else(|| Problem::missing(item.path("catalogItemId")))?.trim().to_owned();
    let promotion_id = said("promotionId")?;
    let error = match offer_get(&call.ctx, country, &OfferId::new(&catalog_item_id)) {
        Ok(_) if promotion_id.is_some() => UNKNOWN_PROMOTION,
        Ok(_) => NONE,
        Err(problem) if problem.reason() == Reason::OfferNotFound => UNKNOWN_ITEM,
        Err(problem) => return Err(problem),
    };
    Ok(PromotionEligibilities {
        id: item.whole("id")?.unwrap_or_default(),
        catalog_item_id,
        quantity: item.whole_required("quantity")?,
        billing_cycle: said("billingCycle")?,
        term_duration: said("termDuration")?,
        eligibilities: [Eligibility { promotion_id, is_eligible: false, errors: [error] }],
        attributes: Attributes::of("PromotionEligibilities"),
    })
}
