//! Reading tickets: one, those of a partner, those about a customer, or for the provider all.

use crate::ticket::{Ticket, no_ticket};
use crate::{about, rows};
use tenantry_access::{TicketAnswer, TicketManage, WorldScope, allow};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db};
use tenantry_directory::served_customer;

/// Whose tickets are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketsOf {
    /// All of a partner, also those about its customers.
    Partner(TenantId),
    /// Those that a partner raised about one of its customers.
    Customer(TenantId),
}

/// Which of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only those with this status, by its stored name; see [`crate::TicketStatus::name`].
    pub status: Option<&'static str>,
    /// Only those that this principal raised.
    pub raised_by: Option<ObjectId>,
}

/// Tickets in the order they were raised, the newest first.
///
/// # Errors
/// `TenantNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn ticket_list(
    ctx: &OpContext,
    db: &Db,
    of: TicketsOf,
    filter: TicketFilter,
) -> Result<Vec<Ticket>, Problem> {
    let (partner, customer) = match of {
        TicketsOf::Partner(partner) => (about::partner(ctx, db, partner).await?.partner, None),
        TicketsOf::Customer(customer) => {
            let served = allow::<TicketManage, _>(ctx, served_customer(ctx, db, customer).await?)?.into_target();
            (served.partner, Some(served.customer))
        }
    };
    rows::ticket::all(&mut db.reader().await?, (Some(partner), customer), filter).await
}

/// Everybody's tickets, or those of one partner, for the provider. The newest first.
///
/// # Errors
/// `Forbidden` for all but the provider.
pub async fn ticket_list_of_provider(
    ctx: &OpContext,
    db: &Db,
    partner: Option<TenantId>,
    filter: TicketFilter,
) -> Result<Vec<Ticket>, Problem> {
    allow::<TicketAnswer, _>(ctx, WorldScope { sandbox: false })?;
    rows::ticket::all(&mut db.reader().await?, (partner, None), filter).await
}

/// A ticket; with `customer` only if it is about that one.
///
/// # Errors
/// `ObjectNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn ticket_get(ctx: &OpContext, db: &Db, customer: Option<TenantId>, number: i64) -> Result<Ticket, Problem> {
    if let Some(customer) = customer {
        allow::<TicketManage, _>(ctx, served_customer(ctx, db, customer).await?)?;
    }
    let ticket = visible(ctx, &mut db.reader().await?, customer, number).await?;
    allow::<TicketManage, _>(ctx, ticket.scope())?;
    Ok(ticket)
}

/// A ticket within the caller's reach. What the caller may do with it is asked by who called this.
pub(crate) async fn visible(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: Option<TenantId>,
    number: i64,
) -> Result<Ticket, Problem> {
    if ctx.caller == Caller::Nobody {
        return Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"));
    }
    let found = rows::ticket::by_number(on, ctx.confined_to(), customer, number).await?;
    found.ok_or_else(|| no_ticket(number))
}
