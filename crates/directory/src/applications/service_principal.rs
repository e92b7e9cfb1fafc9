//! What a service principal is: an application as a member of a tenant. It holds the tenant's roles, groups and
//! consent; what the application itself says is looked up at its home.
//!
//! Source: directory.md 2.2 (servicePrincipal).

use super::{AppRole, Scope};
use tenantry_core::{AppId, ObjectId, TenantId, Timestamp};

/// An application as a member of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// Its object id.
    pub id: ObjectId,
    /// The tenant it is a member of.
    pub tenant: TenantId,
    /// The application.
    pub app: AppId,
    /// The name here. The application's own name may have changed since.
    pub name: String,
    /// The tenant the application was registered in. The field's own APIs have one of their own.
    pub home: TenantId,
    /// Whether it may sign in and be signed in to.
    pub enabled: bool,
    /// Whether only users and applications with a role of it get tokens for it (`appRoleAssignmentRequired`).
    pub assignment_required: bool,
    /// Words of the tenant's own.
    pub tags: Vec<String>,
    /// The names it is asked for by: the client id and the application's identifier URIs.
    pub names: Vec<String>,
    /// The application's page.
    pub homepage: Option<String>,
    /// Where sign-in may send a browser back to.
    pub reply_urls: Vec<String>,
    /// The roles its API knows.
    pub app_roles: Vec<AppRole>,
    /// The scopes its API knows.
    pub scopes: Vec<Scope>,
    /// When it became a member.
    pub created_at: Timestamp,
}

/// What is to become of a service principal; `None` leaves a member as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServicePrincipalChange {
    /// See [`ServicePrincipal::name`].
    pub name: Option<String>,
    /// See [`ServicePrincipal::enabled`].
    pub enabled: Option<bool>,
    /// See [`ServicePrincipal::assignment_required`].
    pub assignment_required: Option<bool>,
    /// See [`ServicePrincipal::tags`].
    pub tags: Option<Vec<String>>,
}
