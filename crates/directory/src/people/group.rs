//! What a group is. A partner's tenant is made with three that mean something in the channel: its agent groups.

use crate::people::profile::nickname;
use crate::people::text;
use tenantry_core::{ObjectId, Problem, Reason, Role, TenantId, Timestamp};

/// A group of users, service principals and other groups of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: ObjectId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The name people read. Other groups may have the same.
    pub display_name: String,
    /// The part before the `@` of its mail address.
    pub mail_nickname: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it gets mail.
    pub mail_enabled: bool,
    /// Whether rights may be given to it.
    pub security_enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// The role of the channel its members have, if it is an agent group (directory.md part 4).
    pub agents: Option<Role>,
}

/// What is needed to make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// The name people read.
    pub display_name: String,
    /// The part before the `@` of its mail address.
    pub mail_nickname: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it gets mail. This version keeps security groups only, so it must be `false`.
    pub mail_enabled: bool,
    /// Whether rights may be given to it. Must be `true`.
    pub security_enabled: bool,
}

/// Who is in a new group and answers for it from the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPeople {
    /// Users and service principals.
    pub owners: Vec<ObjectId>,
    /// Users, groups and service principals.
    pub members: Vec<ObjectId>,
}

/// A change of a group: all of it happens or nothing. `None` leaves a text as it is, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The name people read.
    pub display_name: Option<String>,
    /// The part before the `@` of its mail address.
    pub mail_nickname: Option<String>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// Who becomes a member. Those who are stay.
    pub new_members: Vec<ObjectId>,
}

impl NewGroup {
    /// As it is kept.
    pub(crate) fn checked(self) -> Result<Self, Problem> {
        if self.mail_enabled {
            return Err(Problem::new(
                Reason::Unsupported,
                "mailEnabled: true makes a group with a mailbox, which lives in the mail service; send false",
            )
            .at("mailEnabled"));
        }
        if !self.security_enabled {
            let message = "securityEnabled: a group that is neither for mail nor for rights is for nothing; send true";
            return Err(Problem::new(Reason::InvalidField, message).at("securityEnabled"));
        }
        Ok(Self {
            display_name: text::required("displayName", &self.display_name, 256)?,
            mail_nickname: nickname(&self.mail_nickname)?,
            description: text::optional("description", self.description.as_deref(), 1024)?,
            ..self
        })
    }
}

pub(crate) fn no_group(name: &str) -> Problem {
    let name = text::shown(name);
    Problem::new(Reason::GroupNotFound, format!("there is no group {name} in this tenant; check the group id"))
}

/// The name of an agent group is not given twice in a tenant: people and scripts find these groups by it.
pub(crate) fn agent_name_taken(name: &str) -> Problem {
    let message = format!("displayName: {name} is the agent group of this tenant; choose another name");
    Problem::new(Reason::AlreadyExists, message).at("displayName")
}
