//! What a ticket can be about: a catalogue of ours, by which the provider sorts what comes in. An id is a promise; it is
//! never given to another topic.

use tenantry_access::{TicketManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem};

/// A topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Names it for ever.
    pub id: i64,
    /// A few words.
    pub name: &'static str,
    /// What belongs here.
    pub description: &'static str,
}

const fn topic(id: i64, name: &'static str, description: &'static str) -> Topic {
    Topic { id, name, description }
}

/// All topics, in the order of their ids.
pub const TOPICS: [Topic; 9] = [
    topic(1, "Invoices and payments", "An amount, a line or a document that is not as expected; payments and credits"),
    topic(2, "Prices", "What something costs, price sheets and exchange rates"),
    topic(3, "Orders and subscriptions", "Ordering, quantities, suspension and cancellation"),
    topic(4, "Usage", "Events that were refused, are missing or came twice; summaries and limits"),
    topic(5, "Customers and relationships", "Adding a customer, invitations, delegated administration"),
    topic(6, "Users, roles and licences", "People of a customer, what they may and what they hold"),
    topic(7, "Sign-in and applications", "Tokens, consent, secrets and certificates"),
    topic(8, "API", "An answer of an API that is not as documented, limits, availability"),
    topic(9, "Devices", "Bringing in devices and how they are set up"),
];

/// The topics, for whoever may raise a ticket.
///
/// # Errors
/// `TokenMissing`, `Forbidden`.
pub fn topic_list(ctx: &OpContext) -> Result<&'static [Topic], Problem> {
    allow::<TicketManage, _>(ctx, WorldScope { sandbox: false })?;
    Ok(&TOPICS)
}

/// The topic of an id in `field`.
pub(crate) fn known(field: &str, id: i64) -> Result<Topic, Problem> {
    TOPICS.into_iter().find(|topic| topic.id == id).ok_or_else(|| {
        let message = format!("{id} is no support topic; there are 1 to {}", TOPICS.len());
        Problem::invalid(field, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_numbered_from_one() {
        assert!(TOPICS.iter().map(|topic| topic.id).eq(1..=9));
        assert!(known("supportTopicId", 10).is_err() && known("supportTopicId", 0).is_err());
    }
}
