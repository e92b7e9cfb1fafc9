//! Who a caller is in the channel. What each may do is the policy's business (`access`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a tenant is in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TenantKind {
    /// Operates the platform.
    Provider,
    /// Sells.
    Partner,
    /// Buys and uses.
    Customer,
}

impl TenantKind {
    /// All kinds, from the top of the channel down.
    pub const ALL: [Self; 3] = [Self::Provider, Self::Partner, Self::Customer];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Partner => "partner",
            Self::Customer => "customer",
        }
    }

    /// The kind of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A role held in the caller's own tenant: the agent groups and admin roles of a partner, and the
/// application right of a service.
///
/// Source: DESIGN section 8, partner-center-v1.md section 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Group AdminAgents: full delegated administration, orders, billing views.
    AdminAgent,
    /// Group SalesAgents: customers and orders.
    SalesAgent,
    /// Group HelpdeskAgents: looks, helps, does not buy.
    HelpdeskAgent,
    /// Global admin of the partner tenant.
    GlobalAdmin,
    /// User management admin.
    UserAdmin,
    /// Billing admin: invoices and usage, no orders.
    BillingAdmin,
}

impl Role {
    /// All roles, in the order the policy table prints them.
    pub const ALL: [Self; 6] = [
        Self::AdminAgent,
        Self::SalesAgent,
        Self::HelpdeskAgent,
        Self::GlobalAdmin,
        Self::UserAdmin,
        Self::BillingAdmin,
    ];

    /// The name people read and the directory stores.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdminAgent => "AdminAgents",
            Self::SalesAgent => "SalesAgents",
            Self::HelpdeskAgent => "HelpdeskAgents",
            Self::GlobalAdmin => "Global admin",
            Self::UserAdmin => "User management admin",
            Self::BillingAdmin => "Billing admin",
        }
    }

    /// The role of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
