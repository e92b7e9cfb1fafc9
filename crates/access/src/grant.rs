//! The path that allowed something, kept with the permission so that every decision can be explained.

use crate::ActionName;
use std::fmt;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{Role, TenantId};

/// What made the permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// The platform's own work, by the name of its job.
    System(&'static str),
    /// The caller belongs to the provider.
    Provider,
    /// A role the caller holds in its partner tenant.
    Role(Role),
    /// A directory role the caller holds in the tenant, and how.
    Directory(HeldRole),
    /// The caller is a person of the tenant.
    Member,
    /// The application itself was given this permission in the tenant.
    Permission(&'static str),
}

/// How far the permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Things of the world.
    World,
    /// One partner.
    Partner(TenantId),
    /// One customer of a partner.
    Customer {
        /// The partner; `None` if the customer has none.
        partner: Option<TenantId>,
        /// The customer.
        customer: TenantId,
    },
    /// The directory of one tenant.
    Tenant(TenantId),
}

/// One way by which an action on a target is allowed. Printed, it is a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What is allowed.
    pub action: ActionName,
    /// By what.
    pub path: Path,
    /// On what.
    pub reach: Reach,
    /// Whether it holds only because the world is a sandbox.
    pub sandbox_only: bool,
    /// With a person: the scope by which the application may act for the person.
    pub scope: Option<&'static str>,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::World => f.write_str("the world"),
            Self::Partner(partner) => write!(f, "partner {partner}"),
            Self::Customer { partner: Some(partner), customer } => {
                write!(f, "customer {customer} of partner {partner}")
            }
            Self::Customer { partner: None, customer } => write!(f, "customer {customer}"),
            Self::Tenant(tenant) => write!(f, "tenant {tenant}"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(job) => write!(f, "the platform itself does it ({job})"),
            Self::Provider => f.write_str("the caller belongs to the provider"),
            Self::Role(role) => write!(f, "the caller holds the role {role}"),
            Self::Directory(held) => directory(held, f),
            Self::Member => f.write_str("the caller is a person of the tenant"),
            Self::Permission(right) => write!(f, "the application was given the permission {right} in the tenant"),
        }
    }
}

fn directory(HeldRole { role, by }: &HeldRole, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match by {
        HeldBy::Assignment => write!(f, "the caller holds the directory role {role} in the tenant"),
        HeldBy::DelegatedAdmin { group } => write!(
            f,
            "the caller is in the partner's group {group}, which holds the directory role {role} by delegated \
             administration (DAP), until either side ends it"
        ),
        HeldBy::Granular { relationship, group, until } => write!(
            f,
            "the caller is in the partner's group {group}, which holds the directory role {role} by the delegated \
             admin relationship (GDAP) {relationship}, until {until}"
        ),
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is allowed on {} because {}", self.action, self.reach, self.path)?;
        if let Some(scope) = self.scope {
            write!(f, ", and the application may act for the person by the scope {scope}")?;
        }
        if self.sandbox_only { f.write_str(", and this world is a sandbox") } else { Ok(()) }
    }
}
