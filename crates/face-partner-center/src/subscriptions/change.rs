//! `PATCH /v1/customers/{customer}/subscriptions/{subscription}`.
//!
//! Clients send the whole object back with one member changed, so every member that says what is there already is
//! no change, and absent ones stay as they are. Members that cannot be changed here are passed over.

use crate::orders::cycle;
use crate::params;
use crate::subscriptions::country;
use crate::subscriptions::wire::{NextTermProduct, Subscription};
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use tenantry_commerce::{ChangeSubscription, Limits, Status, subscription_change, subscription_get};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

const NEXT_TERM: &str = "scheduledNextTermInstructions";

/// What clients write as a status; `None` means not set.
#[derive(Clone, Copy)]
enum Wanted {
    Unset,
    Is(Status),
    /// States of the new commerce, which no subscription here can be in.
    Foreign,
}

/// In the order of the ordinals (partner-center-v1.md 3.5).
const STATUSES: Words<Wanted> = Words(&[
    ("none", Wanted::Unset),
    ("active", Wanted::Is(Status::Active)),
    ("suspended", Wanted::Is(Status::Suspended)),
    ("deleted", Wanted::Is(Status::Deleted)),
    ("expired", Wanted::Foreign),
    ("pending", Wanted::Foreign),
    ("disabled", Wanted::Foreign),
]);

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    if fields.object(NEXT_TERM)?.is_some() {
        let now = subscription_get(&call.ctx, call.world.db(), customer, id).await?;
        keeps_product(&fields, NextTermProduct::of(&now).as_ref())?;
    }
    let change = ChangeSubscription {
        friendly_name: fields.text("friendlyName")?.filter(|name| !name.trim().is_empty()),
        quantity: fields.whole("quantity")?,
        status: status(&fields)?,
        auto_renew: fields.flag("autoRenewEnabled")?,
        next_term_quantity: Some(next_term(&fields)?),
        billing_cycle: cycle::read(&fields)?,
        on_record: fields.text("partnerId")?,
        // The ETag inside the body does not count: clients carry old ones around (partner-center-v1.md 6.7).
        version: etag::if_match(&call).map(|tag| etag::version(tag, id)).transpose()?,
        ..ChangeSubscription::of(customer, id)
    };
    let changed = subscription_change(&call.ctx, call.world.db(), &Limits::NONE, change).await?;
    let country = country(&call, customer).await?;
    Answer::ok(&Subscription::of(changed, country.as_deref()))
}

/// The seats of the next term. Clients that leave the instructions out take them back (partner-center-v1.md 4.2).
fn next_term(fields: &Fields<'_>) -> Result<Option<i64>, Problem> {
    let Some(instructions) = fields.object(NEXT_TERM)? else { return Ok(None) };
    if instructions.text("customTermEndDate")?.is_some() {
        let field = instructions.path("customTermEndDate");
        let message = format!("{field}: a term has the length it was sold for; leave it out");
        return Err(Problem::new(Reason::Unsupported, message).at(field));
    }
    instructions.whole("quantity")
}

/// Refuses another product for the next term: what is bought changes its product by an upgrade, at once. What says what the
/// subscription is now is no change.
fn keeps_product(fields: &Fields<'_>, now: Option<&NextTermProduct>) -> Result<(), Problem> {
    let Some(instructions) = fields.object(NEXT_TERM)? else { return Ok(()) };
    let Some(product) = instructions.object("product")? else { return Ok(()) };
    let Some(now) = now else { return no_next_product(&product) };
    for (name, is) in now.members() {
        let said = product.text(name)?.filter(|said| !said.trim().is_empty());
        if let Some(said) = said.filter(|said| !said.trim().eq_ignore_ascii_case(is)) {
            let field = product.path(name);
            let said: String = said.chars().take(40).collect();
            let message =
                format!("{field}: the next term is of the same product, with `{is}` and not `{said}`; leave it out");
            return Err(Problem::new(Reason::Unsupported, message).at(field));
        }
    }
    Ok(())
}

/// What is of the old catalogue, or has no term, has no other product to name.
fn no_next_product(product: &Fields<'_>) -> Result<(), Problem> {
    for name in NextTermProduct::NAMES {
        if product.text(name)?.is_some_and(|said| !said.trim().is_empty()) {
            let field = product.path(name);
            let message = format!("{field}: it is renewed as what it is; leave the instructions out");
            return Err(Problem::new(Reason::Unsupported, message).at(field));
        }
    }
    Ok(())
}

fn status(fields: &Fields<'_>) -> Result<Option<Status>, Problem> {
    match fields.word("status", &STATUSES)? {
        None | Some(Wanted::Unset) => Ok(None),
        Some(Wanted::Is(status)) => Ok(Some(status)),
        Some(Wanted::Foreign) => {
            let message = "status: a subscription can be active or suspended; it cannot be put into another state";
            Err(Problem::new(Reason::StatusChangeRefused, message).at("status"))
        }
    }
}
