//! `conversions` of a subscription: what a trial can become, and that it becomes it.
//!
//! The documents want tokens of a signed-in person here (partner-center-v1.md 2.5, "U!"); applications may as well, where
//! the policy lets them change subscriptions. That a target is not offered is an answer with an error inside, as the field
//! has it; everything else that is wrong is refused.

use crate::orders::cycle;
use crate::params;
use crate::wire::input::Body;
use crate::wire::{Attributes, Collection, upper};
use serde::Serialize;
use tenantry_commerce::{
    Conversion as Target, ConvertSubscription, Converted, Limits, conversion_list, subscription_convert,
};
use tenantry_core::{OfferId, Problem};
use tenantry_http::{Answer, Call};

/// Source: partner-center-v1.md 3.5.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Conversion {
    offer_id: &'static str,
    target_offer_id: &'static str,
    order_id: String,
    quantity: i64,
    billing_cycle: &'static str,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ConversionResult {
    subscription_id: String,
    offer_id: &'static str,
    target_offer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ConversionError>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
struct ConversionError {
    code: u8,
    description: String,
}

/// `ConversionsNotFound`.
const NOT_FOUND: u8 = 1;

impl Conversion {
    fn of(target: &Target) -> Self {
        Self {
            offer_id: target.offer.id,
            target_offer_id: target.target.id,
            order_id: target.order.to_string(),
            quantity: target.quantity,
            billing_cycle: target.billing_cycle.name(),
            attributes: Attributes::of("Conversion"),
        }
    }
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let found = conversion_list(&call.ctx, call.world.db(), customer, id).await?;
    let own = format!("/customers/{customer}/subscriptions/{}/conversions", upper(id));
    Answer::ok(&Collection::whole(found.iter().map(Conversion::of).collect(), own))
}

pub(crate) async fn convert(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = params::found_subscription(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let target = fields.text("targetOfferId")?.filter(|id| !id.trim().is_empty());
    let target = OfferId::new(target.ok_or_else(|| Problem::missing("targetOfferId"))?.trim());
    let convert = ConvertSubscription {
        customer,
        subscription: id,
        target: target.clone(),
        quantity: fields.whole("quantity")?,
        billing_cycle: cycle::read(&fields)?,
    };
    let (from, error) = match subscription_convert(&call.ctx, call.world.db(), &Limits::NONE, convert).await? {
        Converted::Done { from, .. } => (from, None),
        Converted::NotOffered { from, why } => (from, Some(ConversionError { code: NOT_FOUND, description: why })),
    };
    Answer::ok(&ConversionResult {
        subscription_id: upper(id),
        offer_id: from.id,
        target_offer_id: target.to_string(),
        error,
        attributes: Attributes::of("ConversionResult"),
    })
}
