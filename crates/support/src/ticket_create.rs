//! Raising a ticket.

use crate::about::{self, About};
use crate::ticket::{Contact, Severity, TITLE_MAX, Ticket, TicketStatus, WORDS_MAX, Writer};
use crate::writer::writer;
use crate::{rows, text, topic};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit, counter};

/// A ticket to be raised. What is `None` must be there all the same, and is named if it is not.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// Who asks.
    pub partner: TenantId,
    /// The customer it is about; `None` for the partner's own matter.
    pub customer: Option<TenantId>,
    /// In a few words, up to 200 characters.
    pub title: String,
    /// In more, up to 8000 characters.
    pub description: String,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What it is about, by the id of a topic.
    pub topic: Option<i64>,
    /// Whom to reach; of a person who raises it, by default the person.
    pub contact: Contact,
}

/// Raises a ticket. The provider sees it from now on.
///
/// # Errors
/// `MissingField`, `InvalidField` by name; `TenantNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn ticket_create(ctx: &OpContext, db: &Db, new: NewTicket) -> Result<Ticket, Problem> {
    let line = audit::open(ctx, db, "ticket-create", &new.partner.to_string()).await?;
    let outcome = create(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, new: NewTicket) -> Result<Ticket, Problem> {
    let about = match new.customer {
        None => about::partner(ctx, db, new.partner).await?,
        Some(customer) => about::customer(ctx, db, new.partner, customer).await?,
    };
    let by = writer(ctx, db).await?;
    let mut ticket = checked(ctx, new, about, by)?;
    let mut tx = db.begin().await?;
    ticket.number = counter::next(&mut tx, "ticket").await?;
    rows::ticket::insert(&mut tx, &ticket).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// All fields in order; the number comes in the transaction.
fn checked(ctx: &OpContext, new: NewTicket, about: About, by: Writer) -> Result<Ticket, Problem> {
    let now = ctx.now();
    Ok(Ticket {
        number: 0,
        partner: about.partner,
        customer: about.customer,
        title: text::line("title", &new.title, TITLE_MAX)?,
        description: text::words("description", &new.description, WORDS_MAX)?,
        severity: new.severity.ok_or_else(|| Problem::missing("severity"))?,
        topic: topic::known("supportTopicId", new.topic.ok_or_else(|| Problem::missing("supportTopicId"))?)?,
        status: TicketStatus::Open,
        organization_name: about.name,
        organization_phone: about.phone,
        country: about.country,
        contact: contact(new.contact, &by)?,
        raised_by: by.clone(),
        created_at: now,
        changed_by: by,
        changed_at: now,
        version: 1,
        notes: Vec::new(),
    })
}

fn contact(contact: Contact, by: &Writer) -> Result<Contact, Problem> {
    let line = |name: &str, value: Option<String>, length_max| {
        text::optional_line(&format!("primaryContact.{name}"), value.as_deref(), length_max)
    };
    // A user principal name has the form of a mail address, and is the only one known here.
    let own = || (!by.is_provider && by.name.contains('@')).then(|| by.name.clone());
    Ok(Contact {
        first_name: line("firstName", contact.first_name, 100)?,
        last_name: line("lastName", contact.last_name, 100)?,
        email: line("email", contact.email, 254)?.or_else(own),
        phone_number: line("phoneNumber", contact.phone_number, 40)?,
    })
}
