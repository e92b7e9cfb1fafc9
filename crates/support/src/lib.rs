//! Support: what partners ask of the provider, and what the provider says of its services.
//!
//! ```text
//! partner --raises--> ticket (about itself, or about a customer) <--answers, closes-- provider
//! partner --reads---> incident                                   <--opens, updates, resolves-- provider
//! ```
//!
//! One file is one act or the queries of one noun; `rows/` is the SQL and private. No wire format is known here: the
//! field calls a ticket a service request, and writes an incident in two shapes.

mod about;
mod incident;
mod incident_open;
mod incident_resolve;
mod incident_update;
mod incidents;
mod rows;
mod text;
mod ticket;
mod ticket_answer;
mod ticket_change;
mod ticket_close;
mod ticket_create;
mod tickets;
mod topic;
mod writer;

pub use incident::{Incident, IncidentLevel, IncidentMessage};
pub use incident_open::{NewIncident, incident_open};
pub use incident_resolve::incident_resolve;
pub use incident_update::{IncidentNews, incident_update};
pub use incidents::{incident_get, incident_list};
pub use ticket::{Contact, Note, Severity, Ticket, TicketStatus, Writer};
pub use ticket_answer::{TicketAnswerGiven, ticket_answer};
pub use ticket_change::{TicketChange, TicketWanted, ticket_change};
pub use ticket_close::ticket_close;
pub use ticket_create::{NewTicket, ticket_create};
pub use tickets::{TicketFilter, TicketsOf, ticket_get, ticket_list, ticket_list_of_provider};
pub use topic::{TOPICS, Topic, topic_list};

use tenantry_db::{Migration, Slice};

/// The tables of this slice.
pub const SLICE: Slice = Slice {
    name: "support",
    migrations: &[Migration { number: 1, name: "support", sql: include_str!("migrations/0001_support.sql") }],
};
