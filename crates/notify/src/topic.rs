//! What can be told of.

use serde_json::Value;
use std::collections::BTreeSet;
use tenantry_core::Problem;

/// A kind of thing that partners are told of. Faces have words of their own for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A trial that the partner itself asked for, to see whether its receiver hears.
    Trial,
    /// A subscription was made or changed.
    Subscription,
    /// What a customer used has reached the limit of a budget.
    SpendingLimit,
    /// An invoice, or a credit note to one, was issued to the partner.
    Invoice,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Trial, Self::Subscription, Self::SpendingLimit, Self::Invoice];

    /// The stored name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Subscription => "subscription",
            Self::SpendingLimit => "spending-limit",
            Self::Invoice => "invoice",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// As they are stored: names between blanks.
pub(crate) fn written(topics: &BTreeSet<Topic>) -> String {
    topics.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(" ")
}

pub(crate) fn read(text: &str) -> Result<BTreeSet<Topic>, Problem> {
    let unknown = |name: &str| Problem::corrupt(format!("a webhook wants to hear of `{name}`, which nobody tells"));
    text.split_whitespace().map(|name| Topic::from_name(name).ok_or_else(|| unknown(name))).collect()
}

/// A text member of an outbox entry that a room wrote as plain JSON.
pub(crate) fn member<'a>(payload: &'a Value, name: &str) -> Result<&'a str, Problem> {
    let absent = || Problem::corrupt(format!("an outbox entry without the member {name}"));
    payload.get(name).and_then(Value::as_str).ok_or_else(absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_stored_by_names_that_are_read_again() {
        let all: BTreeSet<_> = Topic::ALL.into_iter().collect();
        assert_eq!(written(&all), "trial subscription spending-limit invoice", "a stored name never changes");
        assert_eq!(read(&written(&all)).ok(), Some(all));
        assert_eq!(read("").ok(), Some(BTreeSet::new()));
        assert!(read("weather").is_err());
    }
}
