//! Tickets and their notes.

use crate::ticket::{Contact, Note, Severity, Ticket, TicketStatus, Writer};
use crate::{TicketFilter, topic};
use std::collections::BTreeMap;
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

fn ticket(row: &Row) -> Result<Ticket, Problem> {
    let status = TicketStatus::from_parts(&row.text("status")?, row.maybe_time("closed_at")?);
    let severity = row.text("severity")?;
    let severity = Severity::ALL.into_iter().find(|known| known.name() == severity);
    let writer = |id: &str, name: &str, is_provider| {
        Ok::<_, Problem>(Writer { id: row.text(id)?, name: row.text(name)?, is_provider })
    };
    let tenant = |text: String| TenantId::parse(&text).map_err(|error| Problem::corrupt(error.to_string()));
    Ok(Ticket {
        number: row.integer("number")?,
        partner: row.parsed("partner", TenantId::parse)?,
        customer: row.maybe_text("customer")?.map(tenant).transpose()?,
        title: row.text("title")?,
        description: row.text("description")?,
        severity: severity.ok_or_else(|| Problem::corrupt("a ticket of no known severity"))?,
        topic: topic::known("topic", row.integer("topic")?).map_err(|_| Problem::corrupt("a ticket of no topic"))?,
        status: status.ok_or_else(|| Problem::corrupt("a ticket of no known status"))?,
        organization_name: row.text("organization_name")?,
        organization_phone: row.maybe_text("organization_phone")?,
        country: row.text("country")?,
        contact: Contact {
            first_name: row.maybe_text("contact_first_name")?,
            last_name: row.maybe_text("contact_last_name")?,
            email: row.maybe_text("contact_email")?,
            phone_number: row.maybe_text("contact_phone")?,
        },
        raised_by: writer("raised_by", "raised_by_name", false)?,
        created_at: row.time("created_at")?,
        changed_by: writer("changed_by", "changed_by_name", row.flag("changed_by_provider")?)?,
        changed_at: row.time("changed_at")?,
        version: row.integer("version")?,
        notes: Vec::new(),
    })
}

fn note(row: &Row) -> Result<Note, Problem> {
    Ok(Note {
        by_provider: row.flag("by_provider")?,
        writer_name: row.text("writer_name")?,
        words: row.text("words")?,
        written_at: row.time("written_at")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), Problem> {
    sql("INSERT INTO ticket (number, partner, customer, title, description, severity, topic, status, \
         organization_name, organization_phone, country, contact_first_name, contact_last_name, contact_email, \
         contact_phone, raised_by, raised_by_name, created_at, changed_by, changed_by_name, changed_by_provider, \
         changed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23)")
    .bind(ticket.number)
    .bind(ticket.partner)
    .bind(ticket.customer)
    .bind(&ticket.title)
    .bind(&ticket.description)
    .bind(ticket.severity.name())
    .bind(ticket.topic.id)
    .bind(ticket.status.name())
    .bind(&ticket.organization_name)
    .bind(ticket.organization_phone.as_deref())
    .bind(&ticket.country)
    .bind(ticket.contact.first_name.as_deref())
    .bind(ticket.contact.last_name.as_deref())
    .bind(ticket.contact.email.as_deref())
    .bind(ticket.contact.phone_number.as_deref())
    .bind(&ticket.raised_by.id)
    .bind(&ticket.raised_by.name)
    .bind(ticket.created_at)
    .bind(&ticket.changed_by.id)
    .bind(&ticket.changed_by.name)
    .bind(ticket.changed_by.is_provider)
    .bind(ticket.changed_at)
    .bind(ticket.version)
    .run(tx)
    .await?;
    Ok(())
}

/// `false` if it is no longer of the version that was seen.
pub(crate) async fn update(tx: &mut Tx, ticket: &Ticket, seen: i64) -> Result<bool, Problem> {
    let changed = sql("UPDATE ticket SET title = $4, description = $5, severity = $6, topic = $7, status = $8, \
         closed_at = $9, changed_by = $10, changed_by_name = $11, changed_by_provider = $12, changed_at = $13, \
         version = $14 WHERE number = $1 AND partner = $2 AND version = $3")
    .bind(ticket.number)
    .bind(ticket.partner)
    .bind(seen)
    .bind(&ticket.title)
    .bind(&ticket.description)
    .bind(ticket.severity.name())
    .bind(ticket.topic.id)
    .bind(ticket.status.name())
    .bind(ticket.status.closed_at())
    .bind(&ticket.changed_by.id)
    .bind(&ticket.changed_by.name)
    .bind(ticket.changed_by.is_provider)
    .bind(ticket.changed_at)
    .bind(ticket.version)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

pub(crate) async fn note_insert(tx: &mut Tx, ticket: &Ticket, place: i64, note: &Note) -> Result<(), Problem> {
    sql("INSERT INTO ticket_note (ticket, place, partner, by_provider, writer_name, words, written_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(ticket.number)
    .bind(place)
    .bind(ticket.partner)
    .bind(note.by_provider)
    .bind(&note.writer_name)
    .bind(&note.words)
    .bind(note.written_at)
    .run(tx)
    .await?;
    Ok(())
}

/// One, with its notes, if it is of `partner` (where one is bound) and about `customer` (where one is).
pub(crate) async fn by_number(
    on: &mut impl Connection,
    partner: Option<TenantId>,
    customer: Option<TenantId>,
    number: i64,
) -> Result<Option<Ticket>, Problem> {
    let row = sql("SELECT number, partner, customer, title, description, severity, topic, status, organization_name, \
         organization_phone, country, contact_first_name, contact_last_name, contact_email, contact_phone, raised_by, \
         raised_by_name, created_at, changed_by, changed_by_name, changed_by_provider, changed_at, closed_at, version \
         FROM ticket WHERE number = $1 AND partner = COALESCE($2, partner) \
         AND COALESCE(customer, '') = COALESCE($3, customer, '')")
    .bind(number)
    .bind(partner)
    .bind(customer)
    .maybe(on)
    .await?;
    let Some(mut found) = row.as_ref().map(ticket).transpose()? else { return Ok(None) };
    let notes = sql("SELECT by_provider, writer_name, words, written_at FROM ticket_note \
         WHERE ticket = $1 AND partner = $2 ORDER BY place")
    .bind(number)
    .bind(found.partner)
    .all(on)
    .await?;
    found.notes = notes.iter().map(note).collect::<Result<_, _>>()?;
    Ok(Some(found))
}

/// The newest first, with their notes.
pub(crate) async fn all(
    on: &mut impl Connection,
    (partner, customer): (Option<TenantId>, Option<TenantId>),
    filter: TicketFilter,
) -> Result<Vec<Ticket>, Problem> {
    let rows =
        sql("SELECT number, partner, customer, title, description, severity, topic, status, organization_name, \
         organization_phone, country, contact_first_name, contact_last_name, contact_email, contact_phone, raised_by, \
         raised_by_name, created_at, changed_by, changed_by_name, changed_by_provider, changed_at, closed_at, version \
         FROM ticket WHERE partner = COALESCE($1, partner) AND COALESCE(customer, '') = COALESCE($2, customer, '') \
         AND status = COALESCE($3, status) AND raised_by = COALESCE($4, raised_by) ORDER BY number DESC")
        .bind(partner)
        .bind(customer)
        .bind(filter.status)
        .bind(filter.raised_by)
        .all(on)
        .await?;
    let notes = sql("SELECT ticket, by_provider, writer_name, words, written_at FROM ticket_note \
         WHERE partner = COALESCE($1, partner) ORDER BY ticket, place")
    .bind(partner)
    .all(on)
    .await?;
    let mut by_ticket: BTreeMap<i64, Vec<Note>> = BTreeMap::new();
    for row in &notes {
        by_ticket.entry(row.integer("ticket")?).or_default().push(note(row)?);
    }
    let with_notes = |row: &Row| {
        let found = ticket(row)?;
        let notes = by_ticket.remove(&found.number).unwrap_or_default();
        Ok(Ticket { notes, ..found })
    };
    rows.iter().map(with_notes).collect()
}
