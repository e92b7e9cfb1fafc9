//! A partner going on with its ticket: other words, another severity, a note, or the end of it.

use crate::ticket::{Severity, TITLE_MAX, Ticket, TicketStatus, WORDS_MAX};
use crate::tickets::visible;
use crate::writer::writer;
use crate::{rows, text, topic};
use tenantry_access::{TicketManage, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// The status a partner wants. Whose turn it is follows from who wrote last, so nobody sets that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketWanted {
    /// As it is, whoever's turn it is, but not closed.
    NotClosed,
    /// Closed.
    Closed,
}

/// What is to be different. `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct TicketChange {
    /// Other few words.
    pub title: Option<String>,
    /// Other words.
    pub description: Option<String>,
    /// How bad it is now.
    pub severity: Option<Severity>,
    /// What it is about after all.
    pub topic: Option<i64>,
    /// Whether it is to be closed, or must not be.
    pub wanted: Option<TicketWanted>,
    /// Something to add, up to 8000 characters.
    pub note: Option<String>,
}

/// Changes a ticket of the partner, or of a customer if `customer` says which one it must be about. A note makes it
/// the provider's turn again.
///
/// What is sent as it is already is no change, because clients send the whole ticket back.
///
/// # Errors
/// `ObjectNotFound`; `StatusChangeRefused` for a change of a closed one; `InvalidField`; `Forbidden`.
pub async fn ticket_change(
    ctx: &OpContext,
    db: &Db,
    customer: Option<TenantId>,
    number: i64,
    change: TicketChange,
) -> Result<Ticket, Problem> {
    let line = audit::open(ctx, db, "ticket-change", &number.to_string()).await?;
    let outcome = changed(ctx, db, (customer, number), change).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    (customer, number): (Option<TenantId>, i64),
    change: TicketChange,
) -> Result<Ticket, Problem> {
    let by = writer(ctx, db).await?;
    let mut tx = db.begin().await?;
    let seen = visible(ctx, &mut tx, customer, number).await?;
    allow::<TicketManage, _>(ctx, seen.scope())?;
    let mut ticket = with(seen.clone(), &change)?;
    let note = change.note.filter(|words| !words.trim().is_empty());
    if ticket == seen && note.is_none() {
        return Ok(seen);
    }
    seen.still_open()?;
    if let Some(words) = note {
        ticket.notes.push(crate::Note {
            by_provider: by.is_provider,
            writer_name: by.name.clone(),
            words: text::words("newNote.text", &words, WORDS_MAX)?,
            written_at: ctx.now(),
        });
        ticket.status = TicketStatus::Open;
    }
    if change.wanted == Some(TicketWanted::Closed) {
        ticket.status = TicketStatus::Closed { at: ctx.now() };
    }
    (ticket.changed_by, ticket.changed_at, ticket.version) = (by, ctx.now(), seen.version + 1);
    save(&mut tx, &ticket, &seen).await?;
    tx.commit().await?;
    Ok(ticket)
}

fn with(mut ticket: Ticket, change: &TicketChange) -> Result<Ticket, Problem> {
    if let Some(title) = &change.title {
        ticket.title = text::line("title", title, TITLE_MAX)?;
    }
    if let Some(description) = &change.description {
        ticket.description = text::words("description", description, WORDS_MAX)?;
    }
    if let Some(id) = change.topic {
        ticket.topic = topic::known("supportTopicId", id)?;
    }
    ticket.severity = change.severity.unwrap_or(ticket.severity);
    match (change.wanted, ticket.status) {
        // The instant is set with the save; here it only has to differ.
        (Some(TicketWanted::Closed), TicketStatus::Open | TicketStatus::AttentionNeeded) => {
            ticket.status = TicketStatus::Closed { at: ticket.changed_at };
        }
        (Some(TicketWanted::NotClosed), TicketStatus::Closed { .. }) => ticket.status = TicketStatus::Open,
        _ => {}
    }
    Ok(ticket)
}

/// Saves a ticket with the notes it has more than the one that was seen.
pub(crate) async fn save(tx: &mut tenantry_db::Tx, ticket: &Ticket, seen: &Ticket) -> Result<(), Problem> {
    if !rows::ticket::update(tx, ticket, seen.version).await? {
        let message = format!("request {} was changed at this very moment; read it and try again", ticket.number);
        return Err(Problem::new(Reason::Stale, message));
    }
    for (place, note) in (1_i64..).zip(&ticket.notes).skip(seen.notes.len()) {
        rows::ticket::note_insert(tx, ticket, place, note).await?;
    }
    Ok(())
}
