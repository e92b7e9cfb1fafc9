//! Delegated consent: `oauth2PermissionGrants`.

use super::views::service_principal as view;
use super::wire;
use crate::input::Members;
use crate::odata::{Page, Shape};
use crate::{grants, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{
    permission_grant_change, permission_grant_create, permission_grant_delete, permission_grant_find,
    permission_grant_list,
};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

const SET: &str = "oauth2PermissionGrants";
const SHAPE: Shape = Shape::of("oAuth2PermissionGrant", view::GRANT_FILTERS);
const SETTABLE: [&str; 7] =
    ["clientId", "consentType", "principalId", "resourceId", "scope", "startTime", "expiryTime"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let client = options.filter.as_ref().and_then(|filter| filter.pins("clientId"));
    let client = client.and_then(|id| ObjectId::parse(id).ok());
    let source = |after: Option<String>, limit| async move {
        let after = after.and_then(|key| Uuid::try_parse(&key).ok());
        let listed = permission_grant_list(ctx, db, tenant, client, after, limit).await?;
        Ok(listed.iter().map(|grant| (grant.id.to_string(), view::grant(grant))).collect())
    };
    let page = Page::walk(&options, source).await?;
    wire::page(&call, SET, &page)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let grant = permission_grant_find(&call.ctx, call.world.db(), who::tenant(&call)?, grants::id(&call)?).await?;
    wire::entity(&call, SET, wire::selected(&call, view::grant(&grant), &[])?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let new = grants::read(&body)?;
    let grant = permission_grant_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    wire::created(&call, SET, &format!("{SET}/{}", grant.id), view::grant(&grant))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["scope", "startTime", "expiryTime"])?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, grants::id(&call)?);
    match body.text("scope")? {
        Some(scope) => permission_grant_change(&call.ctx, db, tenant, id, grants::scopes(&scope)).await?,
        None => permission_grant_find(&call.ctx, db, tenant, id).await?,
    };
    wire::done()
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    permission_grant_delete(&call.ctx, call.world.db(), who::tenant(&call)?, grants::id(&call)?).await?;
    wire::done()
}
