//! What a granular delegated admin relationship is, and the states it goes through.
//!
//! The real service takes minutes between some states. Ours passes through them at once and stays in the last, so a
//! client that waits for `active` waits once. Source: directory.md 3.4.

use crate::relationships::WrittenDuration;
use tenantry_core::{DirectoryRole, Problem, Reason, TenantId, Timestamp};
use uuid::Uuid;

/// A partner's delegated right over one customer's tenant: some roles, for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Two GUIDs with a hyphen between them.
    pub id: String,
    /// Whose right it is.
    pub partner: TenantId,
    /// Over whom; known at the latest when the customer approves.
    pub customer: Option<RelationshipCustomer>,
    /// The partner's name for it, unique over its relationships.
    pub display_name: String,
    /// How long it lasts once approved.
    pub duration: WrittenDuration,
    /// By how much it is extended each time it would end.
    pub auto_extend: WrittenDuration,
    /// The roles it may give to groups of the partner.
    pub roles: Vec<DirectoryRole>,
    /// Where it stands.
    pub status: RelationshipStatus,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// When the customer's approval took effect.
    pub activated_at: Option<Timestamp>,
    /// When it ends; moves with each extension.
    pub ends_at: Option<Timestamp>,
    /// Counts the changes; what an `ETag` shows.
    pub version: i64,
}

/// The customer of a relationship; the name is a copy of the day it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipCustomer {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub display_name: String,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$state_doc:meta])* $state:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$state_doc])* $state,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$state),*];

            /// The name on the wire and in store.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$state => $text,)*
                }
            }

            /// That of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|known| known.name() == name)
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Where a relationship stands.
    RelationshipStatus {
        /// The partner is writing it. Only now it can change or be deleted.
        Created = "created",
        /// Waits for the customer.
        ApprovalPending = "approvalPending",
        /// The customer said yes.
        Approved = "approved",
        /// Takes effect.
        Activating = "activating",
        /// In effect.
        Active = "active",
        /// One side wants it to end.
        TerminationRequested = "terminationRequested",
        /// Ends.
        Terminating = "terminating",
        /// Ended by one side.
        Terminated = "terminated",
        /// Its time is over.
        Expiring = "expiring",
        /// Ended by its time.
        Expired = "expired",
    }
}

named! {
    /// What can be asked of a relationship.
    RelationshipAction {
        /// The partner has written it and hands it to the customer.
        LockForApproval = "lockForApproval",
        /// The customer says yes.
        Approve = "approve",
        /// The customer says no.
        Reject = "reject",
        /// Either side ends it.
        Terminate = "terminate",
    }
}

impl RelationshipStatus {
    /// The states an action leads through; the last stays. `None` if it cannot be asked in this state.
    #[must_use]
    pub const fn path(self, action: RelationshipAction) -> Option<&'static [Self]> {
        match (self, action) {
            (Self::Created, RelationshipAction::LockForApproval) => Some(&[Self::ApprovalPending]),
            (Self::ApprovalPending, RelationshipAction::Approve) => {
                Some(&[Self::Approved, Self::Activating, Self::Active])
            }
            (Self::ApprovalPending, RelationshipAction::Reject) => Some(&[Self::Terminated]),
            (Self::Active, RelationshipAction::Terminate) => {
                Some(&[Self::TerminationRequested, Self::Terminating, Self::Terminated])
            }
            _ => None,
        }
    }

    /// Whether the customer's consent to it still holds: somewhere from `approved` to its end.
    #[must_use]
    pub const fn is_agreed(self) -> bool {
        match self {
            Self::Approved
            | Self::Activating
            | Self::Active
            | Self::TerminationRequested
            | Self::Terminating
            | Self::Expiring => true,
            Self::Created | Self::ApprovalPending | Self::Terminated | Self::Expired => false,
        }
    }
}

impl Relationship {
    /// The relationship as it is at an instant: extended or expired if its end has passed. The due job writes down
    /// just this, so an answer does not depend on whether the job has run.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        let (RelationshipStatus::Active, Some(end)) = (self.status, self.ends_at) else { return self };
        if now < end {
            return self;
        }
        match self.auto_extend.seconds() {
            0 => (self.status, self.changed_at) = (RelationshipStatus::Expired, end),
            length => {
                let passed = now.seconds().saturating_sub(end.seconds()) / length;
                let last = end.plus_seconds(passed.saturating_mul(length));
                (self.changed_at, self.ends_at) = (last, Some(last.plus_seconds(length)));
            }
        }
        self
    }

    /// Whether it gives rights.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == RelationshipStatus::Active
    }
}

/// The roles of template ids, each once, in the policy's order.
///
/// # Errors
/// `MissingField` for none, `InvalidField` for a template nobody knows; on `accessDetails.unifiedRoles`.
pub(crate) fn roles_checked(templates: &[Uuid]) -> Result<Vec<DirectoryRole>, Problem> {
    const FIELD: &str = "accessDetails.unifiedRoles";
    if templates.is_empty() {
        return Err(Problem::missing(FIELD));
    }
    let mut roles = Vec::with_capacity(templates.len());
    for template in templates {
        roles.push(DirectoryRole::from_template(*template).ok_or_else(|| {
            Problem::invalid(FIELD, format!("{template} is not the template id of a directory role"))
        })?);
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

/// How roles are stored: template ids, blanks between them.
pub(crate) fn roles_text(roles: &[DirectoryRole]) -> String {
    roles.iter().map(|role| role.template().to_string()).collect::<Vec<_>>().join(" ")
}

/// The roles of a stored text.
pub(crate) fn roles_stored(text: &str) -> Result<Vec<DirectoryRole>, String> {
    let role = |word: &str| {
        let template = Uuid::try_parse(word).map_err(|error| error.to_string())?;
        DirectoryRole::from_template(template).ok_or_else(|| format!("{template} is the template of no role"))
    };
    text.split_whitespace().map(role).collect()
}

/// For this tenant there is no such relationship.
pub(crate) fn unknown_relationship(id: &str) -> Problem {
    let seen: String = id.chars().take(80).collect();
    let message = format!("there is no delegated admin relationship `{seen}` of this tenant; check the id");
    Problem::new(Reason::RelationshipNotFound, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use RelationshipAction::{Approve, LockForApproval, Reject, Terminate};

    #[test]
    fn each_state_allows_these_actions_and_no_others() {
        let legal = [
            ("created", LockForApproval, "approvalPending"),
            ("approvalPending", Approve, "approved activating active"),
            ("approvalPending", Reject, "terminated"),
            ("active", Terminate, "terminationRequested terminating terminated"),
        ];
        for status in RelationshipStatus::ALL {
            for action in RelationshipAction::ALL {
                let expected = legal.iter().find(|(from, by, _)| *from == status.name() && *by == action);
                let seen = status.path(action).map(|path| path.iter().map(|s| s.name()).collect::<Vec<_>>().join(" "));
                assert_eq!(seen.as_deref(), expected.map(|(_, _, path)| *path), "{status:?} {action:?}");
            }
        }
    }

    #[test]
    fn the_end_comes_by_the_clock_and_is_put_off_as_often_as_agreed() {
        let day = |number: i64| Timestamp::from_seconds(number * 86_400);
        let active = |extension: Option<&str>| Relationship {
            id: "r".to_owned(),
            partner: TenantId::new(Uuid::nil()),
            customer: None,
            display_name: "r".to_owned(),
            duration: WrittenDuration::of_relationship("P10D").unwrap(),
            auto_extend: WrittenDuration::of_extension(extension).unwrap(),
            roles: Vec::new(),
            status: RelationshipStatus::Active,
            created_at: day(0),
            changed_at: day(0),
            activated_at: Some(day(0)),
            ends_at: Some(day(10)),
            version: 1,
        };
        for (extension, now, status, ends) in [
            (None, 9, "active", 10),
            (None, 10, "expired", 10),
            (None, 400, "expired", 10),
            (Some("P180D"), 9, "active", 10),
            (Some("P180D"), 10, "active", 190),
            (Some("P180D"), 189, "active", 190),
            (Some("P180D"), 190, "active", 370),
            (Some("P180D"), 1_000, "active", 1_090),
        ] {
            let seen = active(extension).at(day(now));
            assert_eq!((seen.status.name(), seen.ends_at), (status, Some(day(ends))), "{extension:?} on day {now}");
            assert_eq!(seen.clone().at(day(now)), seen, "twice is once");
        }
    }
}
