//! `PATCH /v1/customers/{customer}/subscriptions/{subscription}`.
//!
//! Clients send the whole object back with one member changed, so every member that says what is there already is
//! no change, and absent ones stay as they are. Members that cannot be changed here are passed over.

use crate::orders::cycle;
use crate::params;
use crate::subscriptions::country;
use crate::subscriptions::wire::Subscription;
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use tenantry_commerce::{ChangeSubscription, Limits, Status, subscription_change};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

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
    keeps_next_term(&fields)?;
    let change = ChangeSubscription {
        friendly_name: fields.text("friendlyName")?.filter(|name| !name.trim().is_empty()),
        quantity: fields.whole("quantity")?,
        status: status(&fields)?,
        auto_renew: fields.flag("autoRenewEnabled")?,
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

/// A term is renewed as it was. Instructions for the next one would be accepted and forgotten; they are refused.
fn keeps_next_term(fields: &Fields<'_>) -> Result<(), Problem> {
    const NAME: &str = "scheduledNextTermInstructions";
    if fields.object(NAME)?.is_none() {
        return Ok(());
    }
    let message =
        format!("{NAME}: a term is renewed with the seats it has then; leave it out, and change the seats then");
    Err(Problem::new(Reason::Unsupported, message).at(NAME))
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
