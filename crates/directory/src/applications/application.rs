//! What an application is: registered in one tenant, named by its client id in all of them.
//!
//! Two things are easily mixed up. The *application* is what its maker says: addresses, the API it may offer, the
//! permissions it would like. The *service principal* is what a tenant made of it: whether it may sign in there,
//! and what it was allowed. Changing the first never widens the second: permissions asked for later must be
//! consented to later.
//!
//! Source: directory.md 2.2 (application), 3.2.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, TenantId, Timestamp};
use uuid::Uuid;

/// An application as registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its object id, in the tenant it was registered in.
    pub id: ObjectId,
    /// Its client id, the same everywhere.
    pub app: AppId,
    /// The tenant it was registered in: its home.
    pub tenant: TenantId,
    /// What people call it.
    pub name: String,
    /// The names its own API is asked for by, such as `api://contoso/panel`.
    pub identifier_uris: Vec<String>,
    /// Its page.
    pub homepage: Option<String>,
    /// Where a sign-out is told to.
    pub logout_url: Option<String>,
    /// Where sign-in may send a browser back to, for clients that keep a secret.
    pub reply_urls: Vec<String>,
    /// The same for clients that cannot keep one: programs on desks and phones.
    pub public_reply_urls: Vec<String>,
    /// Whether other tenants may use it.
    pub multi_tenant: bool,
    /// Whether it signs in without secret or certificate.
    pub public_client: bool,
    /// `recordConsentConditions` = `SilentConsentForPartnerManagedApp`: customers of its tenant need not be asked.
    pub silent_consent_for_partner_managed_app: bool,
    /// Whether tokens may come straight from the authorize endpoint. Kept and shown; nothing is issued that way.
    pub implicit_flow: bool,
    /// `SecurityGroup`, `All` or nothing: which groups its tokens name.
    pub group_membership_claims: Option<String>,
    /// The roles its API knows.
    pub app_roles: Vec<AppRole>,
    /// The scopes its API knows.
    pub scopes: Vec<Scope>,
    /// What it would like to be allowed.
    pub required_access: Vec<RequiredAccess>,
    /// Clients whose consent includes this API.
    pub known_clients: Vec<AppId>,
    /// Words of the maker's own.
    pub tags: Vec<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was deleted; it can be restored for 30 days.
    pub deleted_at: Option<Timestamp>,
    /// Whether it was switched off.
    pub disabled: bool,
}

/// A role that an application offers: to other applications (an application permission), to users and groups, or both.
/// The members have the wire's names (directory.md 2.2 `appRoles`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// Its id.
    pub id: Uuid,
    /// `Application`, `User`.
    #[serde(default)]
    pub allowed_member_types: BTreeSet<MemberType>,
    /// What people read.
    #[serde(default)]
    pub display_name: String,
    /// What it allows.
    #[serde(default)]
    pub description: String,
    /// Whether it can be assigned.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// What tokens carry in `roles`. A role without one is no claim.
    #[serde(default)]
    pub value: Option<String>,
}

/// Whom a role can be assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MemberType {
    /// Applications.
    Application,
    /// Users and groups.
    User,
}

/// A scope that an application offers: what it lets a client do for a user. Members as on the wire
/// (`oauth2Permissions`, in Microsoft Graph `api.oauth2PermissionScopes`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Its id.
    pub id: Uuid,
    /// What tokens carry in `scp`.
    pub value: String,
    /// Who may consent.
    #[serde(rename = "type", default)]
    pub kind: ConsentKind,
    /// Whether it can be granted.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// What an admin reads when asked.
    #[serde(default)]
    pub admin_consent_display_name: Option<String>,
    /// The same at length.
    #[serde(default)]
    pub admin_consent_description: Option<String>,
    /// What a user reads when asked.
    #[serde(default)]
    pub user_consent_display_name: Option<String>,
    /// The same at length.
    #[serde(default)]
    pub user_consent_description: Option<String>,
}

/// Who may consent to a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum ConsentKind {
    /// Each user for themselves.
    #[default]
    User,
    /// An admin only.
    Admin,
}

/// What an application would like from one API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredAccess {
    /// The API's client id.
    pub api: AppId,
    /// Ids of its scopes and roles.
    pub access: Vec<(Uuid, AccessKind)>,
}

/// The two kinds of permission. The names are the wire's (`requiredResourceAccess.resourceAccess.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AccessKind {
    /// Delegated: the application acts for a user who signed in.
    Scope,
    /// The application acts for itself.
    Role,
}

/// What is to become of an application; `None` leaves a member as it is, and for a new one as the field has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationChange {
    /// See [`Application::name`]. A new application needs one.
    pub name: Option<String>,
    /// See [`Application::identifier_uris`].
    pub identifier_uris: Option<Vec<String>>,
    /// `Some(None)` takes it away; so for the others of this form.
    pub homepage: Option<Option<String>>,
    /// See [`Application::logout_url`].
    pub logout_url: Option<Option<String>>,
    /// See [`Application::reply_urls`].
    pub reply_urls: Option<Vec<String>>,
    /// See [`Application::public_reply_urls`].
    pub public_reply_urls: Option<Vec<String>>,
    /// See [`Application::multi_tenant`].
    pub multi_tenant: Option<bool>,
    /// See [`Application::public_client`].
    pub public_client: Option<bool>,
    /// See [`Application::silent_consent_for_partner_managed_app`].
    pub silent_consent_for_partner_managed_app: Option<bool>,
    /// See [`Application::implicit_flow`].
    pub implicit_flow: Option<bool>,
    /// See [`Application::group_membership_claims`].
    pub group_membership_claims: Option<Option<String>>,
    /// See [`Application::app_roles`].
    pub app_roles: Option<Vec<AppRole>>,
    /// See [`Application::scopes`].
    pub scopes: Option<Vec<Scope>>,
    /// See [`Application::required_access`].
    pub required_access: Option<Vec<RequiredAccess>>,
    /// See [`Application::known_clients`].
    pub known_clients: Option<Vec<AppId>>,
    /// See [`Application::tags`].
    pub tags: Option<Vec<String>>,
}

impl Application {
    /// One that says nothing of itself yet.
    pub(crate) const fn bare(
        (id, app, tenant): (ObjectId, AppId, TenantId),
        name: String,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            app,
            tenant,
            name,
            identifier_uris: Vec::new(),
            homepage: None,
            logout_url: None,
            reply_urls: Vec::new(),
            public_reply_urls: Vec::new(),
            multi_tenant: false,
            public_client: false,
            silent_consent_for_partner_managed_app: false,
            implicit_flow: false,
            group_membership_claims: None,
            app_roles: Vec::new(),
            scopes: Vec::new(),
            required_access: Vec::new(),
            known_clients: Vec::new(),
            tags: Vec::new(),
            created_at,
            deleted_at: None,
            disabled: false,
        }
    }

    /// The application with the change in it, not looked at yet ([`super::application_check`] does).
    pub(crate) fn with(self, change: ApplicationChange) -> Self {
        Self {
            name: change.name.unwrap_or(self.name),
            identifier_uris: change.identifier_uris.unwrap_or(self.identifier_uris),
            homepage: change.homepage.unwrap_or(self.homepage),
            logout_url: change.logout_url.unwrap_or(self.logout_url),
            reply_urls: change.reply_urls.unwrap_or(self.reply_urls),
            public_reply_urls: change.public_reply_urls.unwrap_or(self.public_reply_urls),
            multi_tenant: change.multi_tenant.unwrap_or(self.multi_tenant),
            public_client: change.public_client.unwrap_or(self.public_client),
            silent_consent_for_partner_managed_app: change
                .silent_consent_for_partner_managed_app
                .unwrap_or(self.silent_consent_for_partner_managed_app),
            implicit_flow: change.implicit_flow.unwrap_or(self.implicit_flow),
            group_membership_claims: change.group_membership_claims.unwrap_or(self.group_membership_claims),
            app_roles: change.app_roles.unwrap_or(self.app_roles),
            scopes: change.scopes.unwrap_or(self.scopes),
            required_access: change.required_access.unwrap_or(self.required_access),
            known_clients: change.known_clients.unwrap_or(self.known_clients),
            tags: change.tags.unwrap_or(self.tags),
            ..self
        }
    }
}

const fn yes() -> bool {
    true
}
