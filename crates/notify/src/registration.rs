//! Where a partner wants to be told of things.

use crate::Topic;
use crate::receiver_url::ReceiverUrl;
use std::collections::BTreeSet;
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use uuid::Uuid;

/// The member that refusals name, in the words of whoever asked.
const TOPICS: &str = "WebhookEvents";

/// What a partner asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegistration {
    /// The address to call.
    pub url: String,
    /// What to tell of.
    pub topics: BTreeSet<Topic>,
    /// Whether the signature goes into a header of its own instead of `Authorization`, which some receivers must keep for
    /// themselves.
    pub own_header: bool,
}

/// A registration as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Names it.
    pub id: Uuid,
    /// Whose it is.
    pub partner: TenantId,
    /// The address to call.
    pub url: String,
    /// What to tell of.
    pub topics: BTreeSet<Topic>,
    /// Whether the signature goes into a header of its own.
    pub own_header: bool,
    /// When it was made or changed last.
    pub changed_at: Timestamp,
}

impl NewRegistration {
    /// What is asked for, if it can be.
    pub(crate) fn checked(self, sandbox: bool) -> Result<Self, Problem> {
        let url = self.url.trim().to_owned();
        if url.is_empty() {
            return Err(Problem::missing(crate::receiver_url::FIELD));
        }
        ReceiverUrl::parse(&url, sandbox)?;
        if self.topics.is_empty() {
            return Err(Problem::missing(TOPICS));
        }
        Ok(Self { url, ..self })
    }
}

/// There is none yet.
pub(crate) fn none(partner: TenantId) -> Problem {
    let told = format!("partner {partner} has registered no webhook; POST one first");
    Problem::new(Reason::ObjectNotFound, told)
}

/// The trial cannot be, because nobody would be told of it.
pub(crate) fn no_trials() -> Problem {
    let told = "the registered webhook does not hear of trials; add their event to it first";
    Problem::invalid(TOPICS, told)
}
