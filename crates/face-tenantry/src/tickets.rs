//! `/api/v1/tickets`: the provider's desk. Partners ask for help by the service requests of Partner Center; here the provider
//! reads what they asked, answers and closes. A partner may read and go on with its own here too.

use crate::document::{Detail, JSON, optional};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route};
use tenantry_support::{
    Note, Ticket, TicketAnswerGiven, TicketFilter, TicketsOf, ticket_answer, ticket_close, ticket_get, ticket_list,
    ticket_list_of_provider,
};

pub(crate) const DETAILS: [Detail; 2] = [
    Detail::of("tickets.list").query(&[
        optional("partner", "Tenant id of the partner. The provider sees all by default, a partner its own"),
        optional(
            "status",
            "`open` (the provider's turn), `attention-needed` (the partner's) or `closed`; all by default",
        ),
    ]),
    Detail::of("tickets.answer").reads(&[JSON]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/tickets", "tickets.list", "Requests for help", list),
        Route::get("/api/v1/tickets/{ticket}", "tickets.get", "A request for help", get),
        Route::post("/api/v1/tickets/{ticket}/notes", "tickets.answer", "As the provider, answer a request", answer),
        Route::post("/api/v1/tickets/{ticket}/close", "tickets.close", "As the provider, close a request", close),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteBody {
    #[schemars(required)]
    text: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<TicketView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketView {
    id: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    /// The customer it is about, if it is not the partner's own matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    organization: String,
    title: String,
    description: String,
    /// `critical`, `moderate` or `minimal`.
    severity: &'static str,
    topic: &'static str,
    status: &'static str,
    raised_by: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    changed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    notes: Vec<NoteView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NoteView {
    /// `provider` or `partner`.
    side: &'static str,
    by: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    at: Timestamp,
    text: String,
}

/// The newest first.
async fn list(call: Call) -> Result<Answer, Problem> {
    const STATUSES: [&str; 3] = ["open", "attention-needed", "closed"];
    let status = match asked::optional(&call, "status") {
        None => None,
        Some(word) => Some(STATUSES.into_iter().find(|known| *known == word).ok_or_else(|| {
            let seen: String = word.chars().take(60).collect();
            Problem::invalid("status", format!("`{seen}` is not known; there are {}", STATUSES.join(", ")))
        })?),
    };
    let filter = TicketFilter { status, raised_by: None };
    let (ctx, db) = (&call.ctx, call.world.db());
    let named = asked::parsed(&call, "partner", TenantId::parse)?;
    let tickets = match ctx.confined_to() {
        None => ticket_list_of_provider(ctx, db, named, filter).await?,
        Some(own) => ticket_list(ctx, db, TicketsOf::Partner(named.unwrap_or(own)), filter).await?,
    };
    Answer::ok(&ListView { items: tickets.into_iter().map(view).collect() })
}

async fn get(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(ticket_get(&call.ctx, call.world.db(), None, number(&call)?).await?))
}

/// Now it is the partner's turn.
async fn answer(call: Call) -> Result<Answer, Problem> {
    let number = number(&call)?;
    let words = call.json::<NoteBody>()?.text.unwrap_or_default();
    Answer::ok(&view(ticket_answer(&call.ctx, call.world.db(), TicketAnswerGiven { number, words }).await?))
}

/// For good.
async fn close(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(ticket_close(&call.ctx, call.world.db(), number(&call)?).await?))
}

/// The number of `{ticket}`. A text that is none names nothing.
fn number(call: &Call) -> Result<i64, Problem> {
    let named = call.param("ticket")?;
    named.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
        let seen: String = named.chars().filter(|c| !c.is_control()).take(60).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no request `{seen}`; ids are numbers"))
    })
}

fn view(ticket: Ticket) -> TicketView {
    TicketView {
        id: ticket.number.to_string(),
        partner: ticket.partner,
        customer: ticket.customer.map(|customer| customer.to_string()),
        organization: ticket.organization_name,
        title: ticket.title,
        description: ticket.description,
        severity: ticket.severity.name(),
        topic: ticket.topic.name,
        status: ticket.status.name(),
        raised_by: ticket.raised_by.name,
        created_at: ticket.created_at,
        changed_at: ticket.changed_at,
        closed_at: ticket.status.closed_at().map(|at| at.to_string()),
        notes: ticket.notes.into_iter().map(note).collect(),
    }
}

fn note(note: Note) -> NoteView {
    let side = if note.by_provider { "provider" } else { "partner" };
    NoteView { side, by: note.writer_name, at: note.written_at, text: note.words }
}
