//! What an application may do in a tenant, at one API, for a user or for itself. Tokens are made of this answer.
//!
//! Consent comes from three places, and adds up:
//! 1. permission grants (delegated) and app role assignments (for the application itself) of the tenant;
//! 2. the APIs that are open to applications registered in the tenant itself: `user_impersonation` and no more;
//! 3. **pre-consent**: a partner's application is *partner-managed* if it is multi-tenant and its service principal is
//!    in the partner's group AdminAgents, or it has the older flag. In the tenants of the partner's customers it is
//!    then allowed what it is configured with (`requiredResourceAccess`). The delegated part holds under delegated
//!    administration (DAP) and under granular relationships (GDAP), since the user's own roles bound it. The
//!    application's own permissions hold under DAP alone: an approved list of roles says nothing of applications.
//!
//! An API that requires assignment is nothing to whoever has no role of it, whatever was consented. A service principal
//! that is switched off, an application that is, or that was deleted, or that is foreign and not multi-tenant any more,
//! is allowed nothing.
//!
//! Source: directory.md part 4; `.default` means all of the answer (1.7).

use super::api_permissions::{self, Api};
use super::rows::{application, consent, principal};
use super::{AccessKind, Application, MemberType, ServicePrincipal};
use crate::people::standing;
use crate::relationships::{Related, related};
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, Problem, Role, TenantId, Timestamp};
use tenantry_db::Connection;
use uuid::Uuid;

/// What an application may do in a tenant at one API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// Its service principal there. `None` if the tenant does not know it (yet: with pre-consent it is made when the
    /// application first comes).
    pub principal: Option<ServicePrincipal>,
    /// The scopes it may use for the user.
    pub scopes: BTreeSet<String>,
    /// What it may do for itself.
    pub app_permissions: BTreeSet<String>,
    /// Where that comes from.
    pub by: BTreeSet<ConsentedBy>,
}

/// Where consent comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsentedBy {
    /// An admin of the tenant, for everybody or for the application itself.
    Admin,
    /// The user.
    User,
    /// The application is the tenant's own and the API is open to these.
    Home,
    /// The application is managed by a partner of the tenant.
    PartnerManaged(TenantId),
}

/// Looks up what the application may do in the tenant at the API, for the user (if one) and for itself.
///
/// # Errors
/// Those of the database.
pub(crate) async fn consent_of(
    on: &mut impl Connection,
    tenant: TenantId,
    app: AppId,
    user: Option<ObjectId>,
    api: AppId,
    now: Timestamp,
) -> Result<Consent, Problem> {
    let mut answer = Consent::default();
    let application = application::by_app(on, app).await?;
    let Some(application) = application.filter(|found| found.deleted_at.is_none() && !found.disabled) else {
        return Ok(answer);
    };
    let at_home = application.tenant == tenant;
    if !at_home && !application.multi_tenant {
        return Ok(answer);
    }
    answer.principal = principal::find(on, tenant, ObjectId::new(app.guid())).await?;
    if answer.principal.as_ref().is_some_and(|principal| !principal.enabled) {
        return Ok(answer);
    }
    let Some(published) = published(on, tenant, api).await? else { return Ok(answer) };
    if published.assignment_required {
        let client = answer.principal.as_ref().map(|principal| principal.id);
        let Some(asker) = user.or(client) else { return Ok(answer) };
        if !is_assigned(on, tenant, asker, api).await? {
            return Ok(answer);
        }
    }
    if let Some(client) = answer.principal.as_ref().map(|principal| principal.id) {
        granted(on, &mut answer, (tenant, client), user, &published).await?;
    }
    if at_home && published.open_at_home {
        answer.add(ConsentedBy::Home, published.scopes(), BTreeSet::new());
    }
    if !at_home {
        match partner_managed(on, &application, tenant, now).await? {
            Managed::No => {}
            Managed::ForUsers => {
                answer.add(ConsentedBy::PartnerManaged(application.tenant), published.wanted(&application, SCOPE), NO);
            }
            Managed::Fully => {
                let (scopes, roles) = (published.wanted(&application, SCOPE), published.wanted(&application, ROLE));
                answer.add(ConsentedBy::PartnerManaged(application.tenant), scopes, roles);
            }
        }
    }
    Ok(answer)
}

const SCOPE: AccessKind = AccessKind::Scope;
const ROLE: AccessKind = AccessKind::Role;
const NO: BTreeSet<String> = BTreeSet::new();

impl Consent {
    fn add(&mut self, by: ConsentedBy, scopes: BTreeSet<String>, permissions: BTreeSet<String>) {
        if scopes.is_empty() && permissions.is_empty() {
            return;
        }
        self.by.insert(by);
        self.scopes.extend(scopes);
        self.app_permissions.extend(permissions);
    }

    /// Whether the tenant switched the application off.
    pub(crate) fn is_switched_off(&self) -> bool {
        self.principal.as_ref().is_some_and(|principal| !principal.enabled)
    }

    /// Whether the application is there or could be: known to the tenant, or pre-consented.
    pub(crate) fn is_known(&self) -> bool {
        self.principal.is_some() || self.by.iter().any(|by| matches!(by, ConsentedBy::PartnerManaged(_)))
    }
}

/// Whether the principal has any role of the API, itself or by a group.
async fn is_assigned(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
    api: AppId,
) -> Result<bool, Problem> {
    let groups = standing(on, tenant, principal).await?.groups;
    let assigned = consent::assignments_to(on, tenant, api).await?;
    Ok(assigned.iter().any(|found| found.principal == principal || groups.contains(&found.principal)))
}

/// Grants and assignments of the tenant. What the API does not publish any more is left out.
async fn granted(
    on: &mut impl Connection,
    answer: &mut Consent,
    (tenant, client): (TenantId, ObjectId),
    user: Option<ObjectId>,
    published: &PublishedApi,
) -> Result<(), Problem> {
    let known = published.scopes();
    for grant in consent::grants_for(on, client, published.app, user).await? {
        let by = if grant.given_to.user().is_some() { ConsentedBy::User } else { ConsentedBy::Admin };
        answer.add(by, grant.scopes.intersection(&known).cloned().collect(), NO);
    }
    let assigned = consent::assignments_of(on, tenant, client).await?;
    let assigned = assigned.into_iter().filter(|assignment| assignment.api == published.app);
    let names = assigned.filter_map(|assignment| published.name(assignment.role, ROLE)).collect();
    answer.add(ConsentedBy::Admin, NO, names);
    Ok(())
}

/// Whether an application is managed by a partner of the tenant, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Managed {
    No,
    /// For users, whose own roles bound it.
    ForUsers,
    /// For itself too.
    Fully,
}

async fn partner_managed(
    on: &mut impl Connection,
    application: &Application,
    customer: TenantId,
    now: Timestamp,
) -> Result<Managed, Problem> {
    if !is_partner_managed(on, application).await? {
        return Ok(Managed::No);
    }
    Ok(match related(on, application.tenant, customer, now).await? {
        Related::No => Managed::No,
        Related::Until(_) => Managed::ForUsers,
        Related::Yes => Managed::Fully,
    })
}

/// Whether the customers of the application's tenant need not be asked for it at present.
async fn is_partner_managed(on: &mut impl Connection, application: &Application) -> Result<bool, Problem> {
    if !application.multi_tenant || application.disabled || application.deleted_at.is_some() {
        return Ok(false);
    }
    let home = principal::standing(on, application.tenant, application.app).await?;
    if home.is_none_or(|home| home.disabled) {
        return Ok(false);
    }
    may_be_partner_managed(on, application).await
}

/// Whether they need not be asked once it is switched on, for many tenants, and a member of its own. For guards: who may
/// turn these switches must not get around a guard by turning them off, and on again afterwards.
pub(crate) async fn may_be_partner_managed(
    on: &mut impl Connection,
    application: &Application,
) -> Result<bool, Problem> {
    if application.silent_consent_for_partner_managed_app {
        return Ok(true);
    }
    let Some(home) = principal::standing(on, application.tenant, application.app).await? else { return Ok(false) };
    Ok(standing(on, application.tenant, home.id).await?.roles.contains(&Role::AdminAgent))
}

/// What an API publishes.
#[derive(Debug, Clone)]
pub(crate) struct PublishedApi {
    /// Its client id.
    pub(crate) app: AppId,
    /// Whether the tenant's own applications need no consent for its scopes.
    pub(crate) open_at_home: bool,
    /// Whether it is only for those who have a role of it.
    pub(crate) assignment_required: bool,
    /// Its permissions that are switched on.
    pub(crate) permissions: Vec<PublishedPermission>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedPermission {
    pub(crate) id: Uuid,
    pub(crate) kind: AccessKind,
    pub(crate) name: String,
    /// Whether a user may consent alone.
    pub(crate) users_may: bool,
    /// What people are told it allows.
    pub(crate) purpose: String,
    /// Whether applications can have it; for roles.
    pub(crate) for_applications: bool,
    /// Whether users and groups can have it; for roles.
    pub(crate) for_users: bool,
}

impl PublishedApi {
    /// What the API of a service principal publishes.
    pub(crate) fn of(principal: &ServicePrincipal) -> Self {
        api_permissions::find(principal.app).map_or_else(|| Self::from(principal), Self::from)
    }

    /// The names of its scopes.
    pub(crate) fn scopes(&self) -> BTreeSet<String> {
        self.of_kind(SCOPE).map(|permission| permission.name.clone()).collect()
    }

    /// Its scopes, or its roles.
    pub(crate) fn of_kind(&self, kind: AccessKind) -> impl Iterator<Item = &PublishedPermission> {
        self.permissions.iter().filter(move |permission| permission.kind == kind)
    }

    fn name(&self, id: Uuid, kind: AccessKind) -> Option<String> {
        let found = self.of_kind(kind).find(|permission| permission.id == id)?;
        (kind == SCOPE || found.for_applications).then(|| found.name.clone())
    }

    /// What the application is configured with at this API.
    pub(crate) fn wanted(&self, application: &Application, kind: AccessKind) -> BTreeSet<String> {
        let here = application.required_access.iter().filter(|required| required.api == self.app);
        let of_kind = here.flat_map(|required| &required.access).filter(|(_, asked)| *asked == kind);
        of_kind.filter_map(|(id, _)| self.name(*id, kind)).collect()
    }
}

impl From<&Api> for PublishedApi {
    fn from(api: &Api) -> Self {
        let permission = |permission: api_permissions::Permission| PublishedPermission {
            id: permission.id,
            kind: permission.kind,
            name: permission.name.to_owned(),
            users_may: permission.consent == super::ConsentKind::User,
            purpose: permission.purpose.to_owned(),
            for_applications: permission.kind == ROLE,
            for_users: false,
        };
        let permissions = api.permissions().map(permission).collect();
        Self { app: api.app, open_at_home: api.open_at_home, assignment_required: false, permissions }
    }
}

impl From<&ServicePrincipal> for PublishedApi {
    fn from(api: &ServicePrincipal) -> Self {
        let scopes = api.scopes.iter().filter(|scope| scope.is_enabled).map(|scope| PublishedPermission {
            id: scope.id,
            kind: SCOPE,
            name: scope.value.clone(),
            users_may: scope.kind == super::ConsentKind::User,
            purpose: scope.user_consent_description.clone().unwrap_or_else(|| scope.value.clone()),
            for_applications: false,
            for_users: false,
        });
        let roles = api.app_roles.iter().filter(|role| role.is_enabled).filter_map(|role| {
            Some(PublishedPermission {
                id: role.id,
                kind: ROLE,
                name: role.value.clone()?,
                users_may: false,
                purpose: role.description.clone(),
                for_applications: role.allowed_member_types.contains(&MemberType::Application),
                for_users: role.allowed_member_types.contains(&MemberType::User),
            })
        });
        let permissions = scopes.chain(roles).collect();
        Self { app: api.app, open_at_home: false, assignment_required: api.assignment_required, permissions }
    }
}

/// The API in the tenant: one of the field's own, or an application that is a member there and switched on.
pub(crate) async fn published(
    on: &mut impl Connection,
    tenant: TenantId,
    api: AppId,
) -> Result<Option<PublishedApi>, Problem> {
    if let Some(api) = api_permissions::find(api) {
        return Ok(Some(PublishedApi::from(api)));
    }
    let found = principal::find(on, tenant, ObjectId::new(api.guid())).await?;
    Ok(found.filter(|found| found.enabled).map(|found| PublishedApi::from(&found)))
}
