//! What a tenant is.

use tenantry_core::{TenantId, TenantKind, Timestamp};

/// A directory: the provider's, a partner's or a customer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// What it is in the channel.
    pub kind: TenantKind,
    /// The organisation's name.
    pub name: String,
    /// The domain new users get unless somebody says otherwise, in lower case: at first the one it was created with.
    pub default_domain: String,
    /// Two letters (ISO 3166), upper case.
    pub country: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What is needed to create one.
#[derive(Debug, Clone, Copy)]
pub struct NewTenant<'a> {
    /// What it will be in the channel.
    pub kind: TenantKind,
    /// The organisation's name.
    pub name: &'a str,
    /// The whole domain, as [`crate::domain_check`] gives it back.
    pub domain: &'a str,
    /// Two letters (ISO 3166), in any case.
    pub country: &'a str,
}
