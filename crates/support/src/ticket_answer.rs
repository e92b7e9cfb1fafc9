//! The provider's answer to a ticket: now it is the partner's turn.

use crate::text;
use crate::ticket::{Note, Ticket, TicketStatus, WORDS_MAX};
use crate::ticket_change::save;
use crate::tickets::visible;
use crate::writer::writer;
use tenantry_access::{TicketAnswer, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// An answer.
#[derive(Debug, Clone)]
pub struct TicketAnswerGiven {
    /// The ticket.
    pub number: i64,
    /// What is answered, up to 8000 characters.
    pub words: String,
}

/// Adds the provider's note and waits for the partner.
///
/// # Errors
/// `ObjectNotFound`; `Forbidden` for all but the provider; `StatusChangeRefused` if it is closed; `MissingField`,
/// `InvalidField` on `text`.
pub async fn ticket_answer(ctx: &OpContext, db: &Db, answer: TicketAnswerGiven) -> Result<Ticket, Problem> {
    let line = audit::open(ctx, db, "ticket-answer", &answer.number.to_string()).await?;
    let outcome = add(ctx, db, answer).await;
    line.close(ctx, db, outcome).await
}

async fn add(ctx: &OpContext, db: &Db, answer: TicketAnswerGiven) -> Result<Ticket, Problem> {
    let by = writer(ctx, db).await?;
    let mut tx = db.begin().await?;
    let seen = visible(ctx, &mut tx, None, answer.number).await?;
    allow::<TicketAnswer, _>(ctx, seen.scope())?;
    let words = text::words("text", &answer.words, WORDS_MAX)?;
    seen.still_open()?;
    let mut ticket = seen.clone();
    ticket.notes.push(Note { by_provider: true, writer_name: by.name.clone(), words, written_at: ctx.now() });
    ticket.status = TicketStatus::AttentionNeeded;
    (ticket.changed_by, ticket.changed_at, ticket.version) = (by, ctx.now(), seen.version + 1);
    save(&mut tx, &ticket, &seen).await?;
    tx.commit().await?;
    Ok(ticket)
}
