//! The path that allowed something, kept with the permission so that every decision can be explained.

use crate::ActionName;
use std::fmt;
use tenantry_core::{Role, TenantId};

/// What made the permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// The platform's own work, by the name of its job.
    System(&'static str),
    /// The caller belongs to the provider.
    Provider,
    /// A role the caller holds in its partner tenant.
    Role(Role),
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
}

/// One way by which an action on a target is allowed. Printed, it is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// What is allowed.
    pub action: ActionName,
    /// By what.
    pub path: Path,
    /// On what.
    pub reach: Reach,
    /// Whether it holds only because the world is a sandbox.
    pub sandbox_only: bool,
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
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is allowed on {} because ", self.action, self.reach)?;
        match self.path {
            Path::System(job) => write!(f, "the platform itself does it ({job})")?,
            Path::Provider => f.write_str("the caller is an application of the provider")?,
            Path::Role(role) => write!(f, "the caller holds the role {role}")?,
        }
        if self.sandbox_only { f.write_str(", and this world is a sandbox") } else { Ok(()) }
    }
}
