//! Why something visible is refused, and what would do: the facts of a 403, and their sentence.

use crate::{ActionName, Plane, Subject};
use std::fmt;

/// A refusal with everything needed to say what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What was asked.
    pub action: ActionName,
    /// Whether a person asked, by an application.
    pub user: bool,
    /// As whom the caller may act.
    pub held: Vec<Subject>,
    /// The roles that would do; none if it is the provider's business.
    pub needed: Vec<Subject>,
    /// The rights of an application that would do: scopes with a person, permissions without.
    pub rights: Vec<&'static str>,
    /// No role of the caller allows it.
    pub role_missing: bool,
    /// The person's roles aside, the application may not do this for people.
    pub scope_missing: bool,
    /// It would be allowed if the world were a sandbox.
    pub in_sandbox: bool,
    /// It would be allowed to a person of the tenant itself with the same roles.
    pub own_people_only: bool,
    /// The caller acts in a customer's tenant, where roles of the channel do not count.
    pub customer_tenant: bool,
    /// The caller acts in the tenant of the customer that pays for it itself: there directory roles count.
    pub billed: bool,
}

impl Denial {
    /// What the caller lacks, one plain sentence each.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        let action = self.action;
        if self.role_missing {
            reasons.push(if self.in_sandbox {
                format!("{action} is refused: possible in sandbox worlds only, and this world is not one")
            } else if self.own_people_only {
                format!("{action} is refused: only the tenant's own people may do this, not a partner's")
            } else if self.provider_only() {
                format!("{action} is refused: only the provider may do this")
            } else if self.in_the_wrong_tenant() {
                format!(
                    "{action} is refused: a partner does this in its own tenant, and the caller acts in a customer's"
                )
            } else {
                self.role_sentence()
            });
        }
        if self.scope_missing {
            let scopes = self.rights.join(", ");
            reasons.push(format!("{action} needs one of the scopes {scopes}; the application has none of them"));
        }
        reasons
    }

    /// What would make it possible, one short sentence each.
    #[must_use]
    pub fn would(&self) -> Vec<String> {
        let mut would = Vec::new();
        if self.role_missing {
            if self.in_sandbox {
                would.push("the same in a sandbox world".to_owned());
            } else if self.own_people_only {
                would.push("a Global Administrator of the tenant itself does it".to_owned());
            } else if self.provider_only() {
                would.push("the provider does it".to_owned());
            } else if self.in_the_wrong_tenant() {
                would.push(format!(
                    "a token for the partner's own tenant, with one of the roles {}",
                    list(&self.needed)
                ));
            } else {
                would.extend(self.needed.iter().map(|role| format!("the role {role}")));
                let permissions = self.rights_of_an_app().iter();
                would.extend(permissions.map(|right| format!("the application permission {right}")));
            }
        }
        if self.scope_missing {
            would.extend(self.rights.iter().map(|scope| format!("consent to the scope {scope}")));
        }
        would
    }

    fn provider_only(&self) -> bool {
        self.needed.is_empty() && self.rights_of_an_app().is_empty()
    }

    fn in_the_wrong_tenant(&self) -> bool {
        self.customer_tenant && self.action.plane() == Plane::Channel
    }

    fn rights_of_an_app(&self) -> &[&'static str] {
        if self.user { &[] } else { &self.rights }
    }

    fn role_sentence(&self) -> String {
        let plane = if self.billed { Plane::Directory } else { self.action.plane() };
        let (kind, whose) = match (plane, self.user) {
            (Plane::Channel, false) => ("partner roles", "the application's roles are"),
            (Plane::Channel, true) => ("partner roles", "the user's roles are"),
            (Plane::Directory, false) => ("directory roles", "the application's roles are"),
            (Plane::Directory, true) => ("directory roles", "the user's roles are"),
        };
        let held: Vec<Subject> = self.held.iter().copied().filter(|it| *it != Subject::Member).collect();
        let held = if held.is_empty() { "none".to_owned() } else { list(&held) };
        let mut needed = format!("one of the {kind} {}", list(&self.needed));
        let permissions = self.rights_of_an_app();
        if !permissions.is_empty() {
            let permissions = format!("one of the application permissions {}", permissions.join(", "));
            needed = if self.needed.is_empty() { permissions } else { format!("{needed}, or {permissions}") };
        }
        format!("{} needs {needed}; {whose}: {held}", self.action)
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reasons().join("; "))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider => f.write_str("Provider"),
            Self::Holder(role) => role.fmt(f),
            Self::Administrator(role) => role.fmt(f),
            Self::Member => f.write_str("Member"),
        }
    }
}

fn list(subjects: &[Subject]) -> String {
    subjects.iter().map(Subject::to_string).collect::<Vec<_>>().join(", ")
}
