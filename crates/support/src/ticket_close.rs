//! The provider closing a ticket. A partner closes its own with a change ([`crate::ticket_change`]).

use crate::ticket::{Ticket, TicketStatus};
use crate::ticket_change::save;
use crate::tickets::visible;
use crate::writer::writer;
use tenantry_access::{TicketAnswer, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// Closes a ticket for good.
///
/// # Errors
/// `ObjectNotFound`; `Forbidden` for all but the provider; `StatusChangeRefused` if it is closed already.
pub async fn ticket_close(ctx: &OpContext, db: &Db, number: i64) -> Result<Ticket, Problem> {
    let line = audit::open(ctx, db, "ticket-close", &number.to_string()).await?;
    let outcome = close(ctx, db, number).await;
    line.close(ctx, db, outcome).await
}

async fn close(ctx: &OpContext, db: &Db, number: i64) -> Result<Ticket, Problem> {
    let by = writer(ctx, db).await?;
    let mut tx = db.begin().await?;
    let seen = visible(ctx, &mut tx, None, number).await?;
    allow::<TicketAnswer, _>(ctx, seen.scope())?;
    seen.still_open()?;
    let mut ticket = Ticket { status: TicketStatus::Closed { at: ctx.now() }, ..seen.clone() };
    (ticket.changed_by, ticket.changed_at, ticket.version) = (by, ctx.now(), seen.version + 1);
    save(&mut tx, &ticket, &seen).await?;
    tx.commit().await?;
    Ok(ticket)
}
