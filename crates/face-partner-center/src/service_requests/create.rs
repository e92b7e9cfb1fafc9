//! `POST /v1/servicerequests/{agentLocale}`: raises a request, about a customer if `organization.id` names one.
//!
//! The last segment says in which language somebody should answer. Answers here are in the words of whoever answers, so it is
//! only read.

use super::wire::{SEVERITIES, ServiceRequest};
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_core::{Problem, TenantId};
use tenantry_http::{Answer, Call};
use tenantry_support::{Contact, NewTicket, ticket_create};

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let partner = params::partner(&call)?;
    locale(call.param("request")?)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let new = NewTicket {
        partner,
        customer: about(&fields, partner)?,
        title: fields.text_or_empty("title")?,
        description: fields.text_or_empty("description")?,
        severity: fields.word("severity", &SEVERITIES)?.flatten(),
        topic: fields.whole("supportTopicId")?,
        contact: contact(&fields)?,
    };
    let ticket = ticket_create(&call.ctx, call.world.db(), new).await?;
    Answer::created(&ServiceRequest::of(ticket, "/servicerequests"))
}

fn locale(text: &str) -> Result<(), Problem> {
    let formed = (2..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if formed { Ok(()) } else { Err(Problem::invalid("agentLocale", "is a language and country such as en-US")) }
}

/// The customer that is named; none if it is the partner itself.
fn about(fields: &Fields<'_>, partner: TenantId) -> Result<Option<TenantId>, Problem> {
    let Some(organization) = fields.object("organization")? else { return Ok(None) };
    let Some(id) = organization.text("id")?.filter(|id| !id.trim().is_empty()) else { return Ok(None) };
    let id = TenantId::parse(id.trim()).map_err(|error| Problem::invalid(organization.path("id"), error))?;
    Ok(Some(id).filter(|id| *id != partner))
}

fn contact(fields: &Fields<'_>) -> Result<Contact, Problem> {
    let said = fields.object_or_empty("primaryContact")?;
    Ok(Contact {
        first_name: said.text("firstName")?,
        last_name: said.text("lastName")?,
        email: said.text("email")?,
        phone_number: said.text("phoneNumber")?,
    })
}
