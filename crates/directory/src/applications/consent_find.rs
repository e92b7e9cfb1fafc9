//! Looking at what an application may do in a tenant, and why.

use super::Consent;
use super::consent_of::consent_of;
use super::guard::may;
use tenantry_access::ApplicationRead;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// What an application may do in the tenant at an API: for the user, if one is given, and for itself. An application
/// that nobody knows may do nothing.
///
/// # Errors
/// Those of policy and database.
pub async fn consent_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    app: AppId,
    user: Option<ObjectId>,
    api: AppId,
) -> Result<Consent, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    consent_of(&mut db.reader().await?, tenant, app, user, api, ctx.now()).await
}
