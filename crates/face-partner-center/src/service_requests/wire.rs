//! A service request as it is written, and the words of its enumerations.

use crate::wire::words::Words;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_support::{Contact, Note, Severity, Ticket, TicketStatus, Writer};

/// In the order of their ordinals; the first is what clients send for "not set".
pub(super) const SEVERITIES: Words<Option<Severity>> = Words(&[
    ("unknown", None),
    ("critical", Some(Severity::Critical)),
    ("moderate", Some(Severity::Moderate)),
    ("minimal", Some(Severity::Minimal)),
]);

/// Stored names of statuses, in the order of the ordinals.
pub(super) const STATUSES: Words<Option<&'static str>> = Words(&[
    ("none", None),
    ("open", Some("open")),
    ("closed", Some("closed")),
    ("attention_needed", Some("attention-needed")),
]);

/// What stands where there is no date yet: samples have it, and clients that cannot read an absent date expect it
/// (partner-center-v1.md 1.5, 3.20).
const NO_DATE: &str = "0001-01-01T00:00:00";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceRequest {
    id: String,
    title: String,
    description: String,
    severity: &'static str,
    support_topic_id: String,
    support_topic_name: &'static str,
    status: &'static str,
    organization: Organization,
    primary_contact: ContactView,
    last_updated_by: ContactView,
    created_date: String,
    last_modified_date: String,
    last_closed_date: String,
    notes: Vec<NoteView>,
    country_code: String,
    links: Links,
    attributes: Attributes,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Organization {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContactView {
    organization: Organization,
    contact_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteView {
    created_by_name: String,
    created_date: String,
    text: String,
}

impl ServiceRequest {
    /// `below` is the path of the list it is read from, without `/v1`.
    pub(super) fn of(ticket: Ticket, below: &str) -> Self {
        let organization = Organization {
            id: ticket.customer.unwrap_or(ticket.partner).to_string(),
            name: ticket.organization_name,
            phone_number: ticket.organization_phone,
        };
        Self {
            id: ticket.number.to_string(),
            title: ticket.title,
            description: ticket.description,
            severity: ticket.severity.name(),
            support_topic_id: ticket.topic.id.to_string(),
            support_topic_name: ticket.topic.name,
            status: match ticket.status {
                TicketStatus::Open => "open",
                TicketStatus::AttentionNeeded => "attention_needed",
                TicketStatus::Closed { .. } => "closed",
            },
            primary_contact: ContactView::of(ticket.contact, ticket.raised_by.id, organization.clone()),
            last_updated_by: ContactView::written(ticket.changed_by, organization.clone()),
            organization,
            created_date: ticket.created_at.to_string(),
            last_modified_date: ticket.changed_at.to_string(),
            last_closed_date: ticket.status.closed_at().map_or_else(|| NO_DATE.to_owned(), |at| at.to_string()),
            notes: ticket.notes.into_iter().map(NoteView::of).collect(),
            country_code: ticket.country,
            links: Links::to_self(format!("{below}/{}", ticket.number)),
            attributes: Attributes::of("ServiceRequest"),
        }
    }
}

impl ContactView {
    fn of(contact: Contact, contact_id: String, organization: Organization) -> Self {
        let Contact { first_name, last_name, email, phone_number } = contact;
        Self { organization, contact_id, first_name, last_name, email, phone_number }
    }

    /// Who wrote last. The provider's people stand for the provider, which is another organisation.
    fn written(by: Writer, own: Organization) -> Self {
        let organization = match by.is_provider {
            true => Organization { id: by.id.clone(), name: by.name.clone(), phone_number: None },
            false => own,
        };
        let (email, last_name) = if by.name.contains('@') { (Some(by.name), None) } else { (None, Some(by.name)) };
        Self { organization, contact_id: by.id, first_name: None, last_name, email, phone_number: None }
    }
}

impl NoteView {
    fn of(note: Note) -> Self {
        Self { created_by_name: note.writer_name, created_date: note.written_at.to_string(), text: note.words }
    }
}
