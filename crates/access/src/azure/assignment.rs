//! Who holds which role where.

use super::ArmScope;
use tenantry_core::{ObjectId, TenantId};
use uuid::Uuid;

/// What a principal is. Source: arm.md 11.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// A person of the tenant.
    User,
    /// A group of the tenant.
    Group,
    /// An application in the tenant.
    ServicePrincipal,
    /// A group of another tenant: a partner's agents.
    ForeignGroup,
}

impl PrincipalKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::User, Self::Group, Self::ServicePrincipal, Self::ForeignGroup];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServicePrincipal => "ServicePrincipal",
            Self::ForeignGroup => "ForeignGroup",
        }
    }

    /// The kind of a name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// A role given to a principal at a scope; it holds there and in everything below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Names the assignment.
    pub id: Uuid,
    /// Where.
    pub scope: ArmScope,
    /// The role's id. An assignment of a role that is not there gives nothing.
    pub role: Uuid,
    /// To whom.
    pub principal: ObjectId,
    /// What the principal is.
    pub kind: PrincipalKind,
    /// Of a foreign group: the partner it belongs to.
    pub home: Option<TenantId>,
}
