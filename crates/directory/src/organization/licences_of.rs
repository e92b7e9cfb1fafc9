//! The licences of users.

use super::licence::{AssignedLicence, Capability};
use super::licence_rows::{self, Held};
use super::{ProductSku, subscribed_skus};
use crate::people::is_self;
use std::collections::BTreeMap;
use tenantry_access::{DirectoryRead, OwnProfileRead, TenantScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};
use uuid::Uuid;

/// A user's licences, by part number. Everybody may see their own. A user that is not there has none.
pub async fn licences_of(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    user: ObjectId,
) -> Result<Vec<AssignedLicence>, Problem> {
    if is_self(ctx, tenant, user) {
        allow::<OwnProfileRead, _>(ctx, TenantScope(tenant))?;
    } else {
        allow::<DirectoryRead, _>(ctx, TenantScope(tenant))?;
    }
    let mut reader = db.reader().await?;
    let held = licence_rows::held(&mut reader, tenant, Some(user), None).await?;
    let mut all = put_together(&mut reader, tenant, held).await?;
    Ok(all.remove(&user).unwrap_or_default())
}

/// The licences of all users of a tenant who have any: for lists of users.
pub async fn licences_of_users(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<BTreeMap<ObjectId, Vec<AssignedLicence>>, Problem> {
    let tenant = allow::<DirectoryRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut reader = db.reader().await?;
    let held = licence_rows::held(&mut reader, tenant, None, None).await?;
    put_together(&mut reader, tenant, held).await
}

async fn put_together(
    on: &mut impl Connection,
    tenant: TenantId,
    held: Vec<Held>,
) -> Result<BTreeMap<ObjectId, Vec<AssignedLicence>>, Problem> {
    if held.is_empty() {
        return Ok(BTreeMap::new());
    }
    let owned: BTreeMap<Uuid, (&'static ProductSku, Capability)> = subscribed_skus::owned(on, tenant)
        .await?
        .into_iter()
        .map(|owned| (owned.product.id, (owned.product, owned.capability)))
        .collect();
    let mut users: BTreeMap<ObjectId, Vec<AssignedLicence>> = BTreeMap::new();
    for one in held {
        let Some((product, capability)) = owned.get(&one.sku).copied() else {
            return Err(Problem::corrupt(format!("user {} has a licence of {}, which is gone", one.user, one.sku)));
        };
        let licences = users.entry(one.user).or_default();
        match licences.iter_mut().find(|licence| licence.product == product) {
            // A plan is off only if every path switches it off.
            Some(licence) => {
                licence.disabled_plans.retain(|plan| one.disabled_plans.contains(plan));
                licence.paths.push(one.path);
            }
            None => licences.push(AssignedLicence {
                product,
                capability,
                disabled_plans: one.disabled_plans,
                paths: vec![one.path],
                assigned_at: one.assigned_at,
            }),
        }
    }
    for licences in users.values_mut() {
        licences.sort_by_key(|licence| licence.product.part_number);
    }
    Ok(users)
}
