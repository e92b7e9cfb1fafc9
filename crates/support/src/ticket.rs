//! A ticket: what a partner asks of the provider, and what both wrote since. The field calls it a service request
//! (partner-center-v1.md 3.20).

use crate::topic::Topic;
use tenantry_access::Scoped;
use tenantry_core::{Problem, Reason, TenantId, Timestamp};

/// Longest title, in characters.
pub(crate) const TITLE_MAX: usize = 200;
/// Longest description or note, in characters.
pub(crate) const WORDS_MAX: usize = 8_000;

/// How bad it is. Source of the words: partner-center-v1.md 3.20.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Business stands still.
    Critical,
    /// Business is hampered.
    Moderate,
    /// A question, or a nuisance.
    Minimal,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Moderate, Self::Minimal];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Moderate => "moderate",
            Self::Minimal => "minimal",
        }
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    /// The provider's.
    Open,
    /// The partner's: the provider answered or asked back.
    AttentionNeeded,
    /// Nobody's any more.
    Closed {
        /// Since when.
        at: Timestamp,
    },
}

impl TicketStatus {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::AttentionNeeded => "attention-needed",
            Self::Closed { .. } => "closed",
        }
    }

    /// The status of a stored name and instant; `None` if the two do not go together.
    #[must_use]
    pub fn from_parts(name: &str, closed_at: Option<Timestamp>) -> Option<Self> {
        match (name, closed_at) {
            ("open", None) => Some(Self::Open),
            ("attention-needed", None) => Some(Self::AttentionNeeded),
            ("closed", Some(at)) => Some(Self::Closed { at }),
            _ => None,
        }
    }

    /// When it was closed, if it is.
    #[must_use]
    pub const fn closed_at(self) -> Option<Timestamp> {
        match self {
            Self::Closed { at } => Some(at),
            Self::Open | Self::AttentionNeeded => None,
        }
    }
}

/// Whom to reach about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// Where calls go.
    pub phone_number: Option<String>,
}

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whether the provider wrote it; otherwise the partner.
    pub by_provider: bool,
    /// Who, as the other side reads it.
    pub writer_name: String,
    /// What.
    pub words: String,
    /// When.
    pub written_at: Timestamp,
}

/// Who wrote last, or first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The principal's object id; of the provider's people its tenant's.
    pub id: String,
    /// As the other side reads it.
    pub name: String,
    /// Whether it is the provider.
    pub is_provider: bool,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Counts the world's tickets from 1.
    pub number: i64,
    /// Whose it is.
    pub partner: TenantId,
    /// The customer it is about; `None` if it is the partner's own matter.
    pub customer: Option<TenantId>,
    /// In a few words.
    pub title: String,
    /// In more.
    pub description: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub topic: Topic,
    /// Whose turn it is.
    pub status: TicketStatus,
    /// Name of the partner, or of the customer it is about, when it was raised.
    pub organization_name: String,
    /// Its phone number then.
    pub organization_phone: Option<String>,
    /// Its country, ISO 3166.
    pub country: String,
    /// Whom to reach.
    pub contact: Contact,
    /// Who raised it.
    pub raised_by: Writer,
    /// When.
    pub created_at: Timestamp,
    /// Who wrote to it or changed it last.
    pub changed_by: Writer,
    /// When.
    pub changed_at: Timestamp,
    /// Counts changes from 1.
    pub version: i64,
    /// What was written since, the oldest first.
    pub notes: Vec<Note>,
}

impl Ticket {
    /// Whose it is, for the policy.
    pub(crate) const fn scope(&self) -> TicketRef {
        TicketRef { partner: self.partner, customer: self.customer, number: self.number }
    }

    /// Refuses what a closed ticket does not take.
    pub(crate) fn still_open(&self) -> Result<(), Problem> {
        let Some(at) = self.status.closed_at() else { return Ok(()) };
        let message = format!("request {} was closed at {at} and stays as it is; raise another one", self.number);
        Err(Problem::new(Reason::StatusChangeRefused, message).at("status"))
    }
}

/// A ticket as the policy needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TicketRef {
    partner: TenantId,
    customer: Option<TenantId>,
    number: i64,
}

impl Scoped for TicketRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn customer(&self) -> Option<TenantId> {
        self.customer
    }

    fn hidden(&self) -> Problem {
        no_ticket(self.number)
    }
}

/// The refusal for a ticket that is not there, or not this caller's.
pub(crate) fn no_ticket(number: i64) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no service request {number}; check its id"))
}
