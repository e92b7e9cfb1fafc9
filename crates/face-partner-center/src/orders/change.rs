//! `PATCH /v1/customers/{customer}/orders/{order}`: one object for everything that can happen to an order.
//!
//! What is meant stands in the body (partner-center-v1.md 2.3 row 51): `status` of `cancelled` ends the lines that are
//! listed, or all; a line that names a base subscription and none of its own buys an add-on; a billing cycle is what it
//! is. Lines with a subscription of their own are those that are there already: clients send them along, and they must say
//! what is there.

use crate::orders::cycle;
use crate::orders::wire::Order;
use crate::params;
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use tenantry_commerce::{AddOnLine, ChangeOrder, Limits, OrderChange, RepeatedLine, order_change};
use tenantry_core::{OfferId, Problem, Reason, SubscriptionId};
use tenantry_http::{Answer, Call};

/// What clients write as a status of an order.
#[derive(Clone, Copy)]
enum Wanted {
    /// Not set, or as it was read.
    AsItIs,
    Cancelled,
    /// No order here waits for anything.
    Pending,
}

/// In the order of the field's list (partner-center-v1.md 3.3).
const STATUSES: Words<Wanted> = Words(&[
    ("unknown", Wanted::AsItIs),
    ("completed", Wanted::AsItIs),
    ("pending", Wanted::Pending),
    ("cancelled", Wanted::Cancelled),
]);

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (customer, order) = (params::customer(&call)?, params::order(&call)?);
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let (with, repeated) = wanted(&fields)?;
    let change = ChangeOrder {
        customer,
        order,
        billing_cycle: cycle::read(&fields)?,
        with,
        repeated,
        // The ETag inside the body does not count: clients carry old ones around (partner-center-v1.md 6.7).
        version: etag::if_match(&call).map(|tag| etag::version(tag, order)).transpose()?,
    };
    let changed = order_change(&call.ctx, call.world.db(), &Limits::NONE, change).await?;
    Answer::ok(&Order::of(changed))
}

/// The change that is meant, and the lines that are sent along.
fn wanted(fields: &Fields<'_>) -> Result<(Option<OrderChange>, Vec<RepeatedLine>), Problem> {
    let lines = fields.list("lineItems")?;
    match fields.word("status", &STATUSES)? {
        Some(Wanted::Cancelled) => {
            let numbers = lines.iter().map(|line| line.whole_required("lineItemNumber")).collect::<Result<_, _>>()?;
            return Ok((Some(OrderChange::Cancel(numbers)), Vec::new()));
        }
        Some(Wanted::Pending) => {
            let message = "status: an order here waits for nothing; it is completed, and may become cancelled";
            return Err(Problem::new(Reason::StatusChangeRefused, message).at("status"));
        }
        Some(Wanted::AsItIs) | None => {}
    }
    let (mut added, mut repeated) = (Vec::new(), Vec::new());
    for line in &lines {
        match add_on(line)? {
            Some(add_on) => added.push(add_on),
            None => repeated.push(as_it_is(line)?),
        }
    }
    Ok(((!added.is_empty()).then_some(OrderChange::AddOns(added)), repeated))
}

fn given(text: &str) -> bool {
    !text.trim().is_empty()
}

/// The line as one that is there already.
fn as_it_is(line: &Fields<'_>) -> Result<RepeatedLine, Problem> {
    const OWN: &str = "subscriptionId";
    let own = line.text(OWN)?.filter(|text| given(text));
    let own = own.map(|id| SubscriptionId::parse(id.trim()).map_err(|error| Problem::invalid(line.path(OWN), error)));
    Ok(RepeatedLine {
        number: match own {
            Some(_) => line.whole("lineItemNumber")?.unwrap_or_default(),
            None => line.whole_required("lineItemNumber")?,
        },
        offer: line.text("offerId")?.filter(|text| given(text)).map(|offer| OfferId::new(offer.trim())),
        subscription: own.transpose()?,
        quantity: line.whole("quantity")?,
    })
}

/// The line as one that buys an add-on, if it is one.
fn add_on(line: &Fields<'_>) -> Result<Option<AddOnLine>, Problem> {
    const PARENT: &str = "parentSubscriptionId";
    let own = line.text("subscriptionId")?.filter(|text| given(text));
    let Some(parent) = line.text(PARENT)?.filter(|text| given(text)).filter(|_| own.is_none()) else { return Ok(None) };
    let parent = SubscriptionId::parse(parent.trim()).map_err(|error| Problem::invalid(line.path(PARENT), error))?;
    let offer = line.text("offerId")?.filter(|text| given(text));
    Ok(Some(AddOnLine {
        number: line.whole_required("lineItemNumber")?,
        offer: OfferId::new(offer.ok_or_else(|| Problem::missing(line.path("offerId")))?.trim()),
        parent,
        friendly_name: line.text("friendlyName")?,
        quantity: line.whole_required("quantity")?,
    }))
}
