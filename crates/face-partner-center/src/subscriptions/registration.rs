//! Registering a subscription for reservations, and asking whether it is.
//!
//! The answer to the first is empty and says where to ask: two client families read a body as something else
//! (partner-center-v1.md 6.1 rule 1). What is sent along is not read: one sends `"success"`, one `null`, one nothing.

use crate::params;
use crate::wire::{Attributes, upper};
use serde::Serialize;
use tenantry_commerce::{subscription_register_for_reservations, subscription_registered_at};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, StatusCode, header};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationStatus {
    subscription_id: String,
    status: &'static str,
    attributes: Attributes,
}

pub(crate) async fn register(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    subscription_register_for_reservations(&call.ctx, call.world.db(), customer, id).await?;
    let place = format!("/customers/{customer}/subscriptions/{}/registrationstatus", upper(id));
    Ok(Answer::empty(StatusCode::ACCEPTED).with(header::LOCATION, place))
}

pub(crate) async fn status(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let since = subscription_registered_at(&call.ctx, call.world.db(), customer, id).await?;
    Answer::ok(&RegistrationStatus {
        subscription_id: upper(id),
        status: if since.is_some() { "Registered" } else { "NotRegistered" },
        attributes: Attributes::of("SubscriptionRegistrationStatus"),
    })
}
