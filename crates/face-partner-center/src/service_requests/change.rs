//! `GET` and `PATCH /v1/servicerequests/{id}`, and the same below a customer.
//!
//! Clients send the whole request back with a `newNote`; enumerations they did not set arrive as `unknown` or `none`
//! (partner-center-v1.md 2.18 row 193). Only what differs is a change.

use super::number;
use super::wire::{SEVERITIES, STATUSES, ServiceRequest};
use crate::params;
use crate::wire::input::Body;
use tenantry_core::{Problem, TenantId};
use tenantry_http::{Answer, Call};
use tenantry_support::{TicketChange, TicketWanted, ticket_change, ticket_get};

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    read(&call, None).await
}

pub(crate) async fn get_of_customer(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    read(&call, Some(customer)).await
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    write(&call, None).await
}

pub(crate) async fn change_of_customer(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    // A customer that is not the partner's is what is not there, before any request of it.
    ticket_get(&call.ctx, call.world.db(), Some(customer), number(&call)?).await?;
    write(&call, Some(customer)).await
}

async fn read(call: &Call, customer: Option<TenantId>) -> Result<Answer, Problem> {
    let ticket = ticket_get(&call.ctx, call.world.db(), customer, number(call)?).await?;
    Answer::ok(&ServiceRequest::of(ticket, &below(customer)))
}

async fn write(call: &Call, customer: Option<TenantId>) -> Result<Answer, Problem> {
    let number = number(call)?;
    let body = Body::of(call)?;
    let fields = body.fields()?;
    let wanted = fields.word("status", &STATUSES)?.flatten().map(|status| match status {
        "closed" => TicketWanted::Closed,
        _ => TicketWanted::NotClosed,
    });
    let change = TicketChange {
        title: fields.text("title")?,
        description: fields.text("description")?,
        severity: fields.word("severity", &SEVERITIES)?.flatten(),
        topic: fields.whole("supportTopicId")?,
        wanted,
        note: fields.object_or_empty("newNote")?.text("text")?,
    };
    let ticket = ticket_change(&call.ctx, call.world.db(), customer, number, change).await?;
    Answer::ok(&ServiceRequest::of(ticket, &below(customer)))
}

fn below(customer: Option<TenantId>) -> String {
    customer.map_or_else(|| "/servicerequests".to_owned(), |id| format!("/customers/{id}/servicerequests"))
}
