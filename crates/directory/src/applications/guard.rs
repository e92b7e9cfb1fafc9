//! The questions every act of this folder asks first: may the caller do this in the tenant, and does it give the caller
//! more than that?

use super::Application;
use super::api_permissions::{DIRECTORY_GRAPH_APP, MICROSOFT_GRAPH_APP};
use super::consent_of::may_be_partner_managed;
use super::rows::{consent, principal};
use crate::people::holds_roles;
use tenantry_access::{Action, ConsentManage, DirectoryRoleManage, TenantScope, allow};
use tenantry_core::{AppId, OpContext, Problem, TenantId};
use tenantry_db::Connection;

/// Whether the policy lets the caller do this in the tenant.
///
/// # Errors
/// `TenantNotFound` if the tenant is not there for the caller, `Forbidden` if it is.
pub(crate) fn may<A: Action>(ctx: &OpContext, tenant: TenantId) -> Result<(), Problem> {
    allow::<A, _>(ctx, TenantScope(tenant)).map(drop)
}

/// Whether the caller may give applications permissions of their own at the API. At the APIs of the directory these
/// make an application as good as an administrator, so giving them takes the right to make administrators. (A mere
/// application administrator consents to what applications do for users: there the user's own rights are the limit.)
///
/// # Errors
/// `Forbidden`.
pub(crate) fn may_empower(ctx: &OpContext, tenant: TenantId, api: AppId) -> Result<(), Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    if [MICROSOFT_GRAPH_APP, DIRECTORY_GRAPH_APP].contains(&api) {
        may::<DirectoryRoleManage>(ctx, tenant)?;
    }
    Ok(())
}

/// Whoever gives an application a secret can be that application. So it takes the right to give what the application
/// has: roles, here or at customers, permissions, or consent in the tenants of a partner's customers.
///
/// # Errors
/// `Forbidden`.
pub(crate) async fn may_become(
    ctx: &OpContext,
    on: &mut impl Connection,
    application: &Application,
) -> Result<(), Problem> {
    let home = application.tenant;
    if may_be_partner_managed(on, application).await? {
        may::<DirectoryRoleManage>(ctx, home)?;
    }
    let Some(principal) = principal::standing(on, home, application.app).await? else { return Ok(()) };
    if holds_roles(ctx, on, home, principal.id).await? {
        may::<DirectoryRoleManage>(ctx, home)?;
    }
    for assigned in consent::assignments_of(on, home, principal.id).await? {
        may_empower(ctx, home, assigned.api)?;
    }
    Ok(())
}

/// Where an application is partner-managed, what it is configured with is what it gets in the tenants of customers:
/// configuring it is consenting there. Asked of it as it was and as it will be, and switched on or not.
///
/// # Errors
/// `Forbidden`.
pub(crate) async fn may_configure(
    ctx: &OpContext,
    on: &mut impl Connection,
    (before, after): (Option<&Application>, &Application),
) -> Result<(), Problem> {
    let same = before.is_some_and(|before| {
        before.required_access == after.required_access
            && before.multi_tenant == after.multi_tenant
            && before.silent_consent_for_partner_managed_app == after.silent_consent_for_partner_managed_app
    });
    if same {
        return Ok(());
    }
    let was = match before {
        Some(before) => may_be_partner_managed(on, before).await?,
        None => false,
    };
    if !was && !may_be_partner_managed(on, after).await? {
        return Ok(());
    }
    may::<ConsentManage>(ctx, after.tenant)?;
    may::<DirectoryRoleManage>(ctx, after.tenant)
}
