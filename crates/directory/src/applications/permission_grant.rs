//! What consent is kept as.
//!
//! A *permission grant* lets a client do things for users: for everybody in the tenant (an admin consented) or for
//! one user (who consented alone). An *app role assignment* gives a principal a role of an API; given to a service
//! principal it is an application permission, which needs no user.
//!
//! Source: directory.md 2.2 (oauth2PermissionGrants, appRoleAssignments).

use std::collections::BTreeSet;
use std::fmt;
use tenantry_core::{AppId, ObjectId, TenantId, Timestamp};
use uuid::Uuid;

/// Delegated consent: what a client may do at an API for users of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGrant {
    /// Its id.
    pub id: Uuid,
    /// The tenant that consented.
    pub tenant: TenantId,
    /// The client's service principal there.
    pub client: ObjectId,
    /// For whom.
    pub given_to: GivenTo,
    /// The API's service principal there.
    pub resource: ObjectId,
    /// The API.
    pub api: AppId,
    /// Its scopes.
    pub scopes: BTreeSet<String>,
    /// When it was first given.
    pub created_at: Timestamp,
}

/// For whom a grant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GivenTo {
    /// `AllPrincipals`: everybody in the tenant.
    Everybody,
    /// `Principal`: one user.
    User(ObjectId),
}

impl GivenTo {
    /// The user, if it is for one.
    #[must_use]
    pub const fn user(self) -> Option<ObjectId> {
        match self {
            Self::Everybody => None,
            Self::User(user) => Some(user),
        }
    }

    /// The wire's word (`consentType`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everybody => "AllPrincipals",
            Self::User(_) => "Principal",
        }
    }
}

/// A role of an API, given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoleAssignment {
    /// Its id.
    pub id: Uuid,
    /// The tenant it counts in.
    pub tenant: TenantId,
    /// Who has the role.
    pub principal: ObjectId,
    /// What that is.
    pub kind: AssigneeKind,
    /// The API's service principal there.
    pub resource: ObjectId,
    /// The API.
    pub api: AppId,
    /// The role's id. The nil GUID is the role of an API that has none: being let in.
    pub role: Uuid,
    /// When it was given.
    pub created_at: Timestamp,
}

/// What can have a role of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssigneeKind {
    /// A user.
    User,
    /// A group: its members have it.
    Group,
    /// An application.
    ServicePrincipal,
}

impl AssigneeKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::User, Self::Group, Self::ServicePrincipal];

    /// The wire's word (`principalType`), also the stored one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServicePrincipal => "ServicePrincipal",
        }
    }
}

impl fmt::Display for AssigneeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
