//! `subscribedSkus`, `assignLicense` and `licenseDetails`.

use super::views::{group, licence as view};
use super::{users, wire};
use crate::bodies::{self, Licensing};
use crate::input::Members;
use crate::odata::Entity;
use crate::{directory, who};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_directory::{
    SubscribedSku, group_find, group_licences_assign, licences_assign, licences_of, organization_find, subscribed_skus,
};
use tenantry_http::{Answer, Call, StatusCode};
use uuid::Uuid;

const SET: &str = "subscribedSkus";

/// The tenant's products, and the tenant's name.
async fn owned(call: &Call) -> Result<(Vec<SubscribedSku>, String), Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(call)?);
    let skus = subscribed_skus(&call.ctx, db, tenant).await?;
    Ok((skus, organization_find(&call.ctx, db, tenant).await?.tenant.name))
}

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let (skus, account) = owned(&call).await?;
    let show = |sku| wire::selected(&call, view::subscribed(sku, &account), &[]);
    wire::all(&call, SET, &skus.iter().map(show).collect::<Result<Vec<Entity>, Problem>>()?)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let (skus, account) = owned(&call).await?;
    let named = call.param("sku")?;
    let wanted = sku_of(named, who::tenant(&call)?);
    let found = skus.iter().find(|sku| Some(sku.product.id) == wanted);
    let missing = || {
        let shown: String = named.chars().take(80).collect();
        Problem::new(Reason::ObjectNotFound, format!("`{shown}` names no licences of the tenant; see {SET}"))
    };
    let entity = view::subscribed(found.ok_or_else(missing)?, &account);
    wire::entity(&call, SET, wire::selected(&call, entity, &[])?)
}

/// The product of `{tenant}_{sku}`.
fn sku_of(named: &str, tenant: TenantId) -> Option<Uuid> {
    let (before, sku) = named.split_once('_')?;
    let own = TenantId::parse(before) == Ok(tenant);
    own.then(|| Uuid::try_parse(sku).ok()).flatten()
}

pub(super) async fn assign(call: Call) -> Result<Answer, Problem> {
    let Licensing { add, remove } = bodies::licensing(&Members::of(&call)?)?;
    let user = directory::user(&call).await?;
    let user = licences_assign(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, add, remove).await?;
    let entity = users::whole(&call, &user).await?;
    wire::entity(&call, users::SET, entity)
}

/// The original does this later and says 202; here it is done when it is answered.
pub(super) async fn assign_to_group(call: Call) -> Result<Answer, Problem> {
    let Licensing { add, remove } = bodies::licensing(&Members::of(&call)?)?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, directory::group_id(&call)?);
    group_licences_assign(&call.ctx, db, tenant, id, add, remove).await?;
    let entity = group::group(&group_find(&call.ctx, db, tenant, id).await?);
    let answer = wire::entity(&call, "groups", entity)?;
    Ok(Answer { status: StatusCode::ACCEPTED, ..answer })
}

pub(super) async fn details(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let held = licences_of(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    let shown: Vec<Entity> = held.iter().map(view::detail).collect();
    wire::all(&call, &format!("users('{}')/licenseDetails", user.id), &shown)
}
