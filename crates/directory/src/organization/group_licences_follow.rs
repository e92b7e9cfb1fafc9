//! Keeping what groups give in line with who is in them and what there is.
//!
//! Every act that changes members, people or units calls one of these in its transaction. Each looks at what the act
//! touched and writes differences only: the people of a group may be many, and the tenant waits meanwhile. The one
//! thing that reaches further is a unit that comes free: it goes to a member who waits for one.

use super::licence::LicencePath;
use super::licence_rows::{self, GroupRow, Held};
use crate::people::{User, people_in, user_by_id};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Tx;
use uuid::Uuid;

/// Units nobody has, by product: counted once, then kept by what is given.
#[derive(Default)]
struct Free(BTreeMap<Uuid, i64>);

impl Free {
    async fn of(&mut self, tx: &mut Tx, tenant: TenantId, sku: Uuid) -> Result<i64, Problem> {
        if let Some(free) = self.0.get(&sku) {
            return Ok(*free);
        }
        let units = licence_rows::units(tx, tenant, Some(sku)).await?;
        let enabled: i64 = units.iter().filter(|(_, units)| units.active).map(|(_, units)| units.units).sum();
        let free = enabled.saturating_sub(licence_rows::consumed(tx, tenant, sku).await?);
        self.0.insert(sku, free);
        Ok(free)
    }

    /// Takes a unit, if there is one.
    async fn take(&mut self, tx: &mut Tx, tenant: TenantId, sku: Uuid) -> Result<bool, Problem> {
        let free = self.of(tx, tenant, sku).await?;
        if free > 0 {
            self.0.insert(sku, free - 1);
        }
        Ok(free > 0)
    }
}

/// After some principals came into groups, left them, or changed: what groups give them. Of others than people nothing
/// follows, because a group's licences are for its own members.
pub(crate) async fn group_licences_follow(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    principals: &[ObjectId],
) -> Result<(), Problem> {
    let (mut free, mut freed) = (Free::default(), BTreeSet::new());
    for principal in principals {
        freed.extend(follow_one(ctx, tx, (tenant, *principal), &mut free).await?);
    }
    group_licences_fill(ctx, tx, tenant, &freed).await
}

/// Gives back the products of which a unit came free.
async fn follow_one(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, id): (TenantId, ObjectId),
    free: &mut Free,
) -> Result<BTreeSet<Uuid>, Problem> {
    let given = licence_rows::of_member(tx, tenant, id).await?;
    let mut held = licence_rows::held(tx, tenant, Some(id), None).await?;
    let gives = |held: &Held| match held.path {
        LicencePath::Direct => true,
        LicencePath::Group(group) => given.iter().any(|given| given.group == group && given.sku == held.sku),
    };
    let mut left = BTreeSet::new();
    for held in held.extract_if(.., |held| !gives(held)) {
        licence_rows::take(tx, (tenant, id, held.sku), held.path).await?;
        left.insert(held.sku);
    }
    if !given.is_empty()
        && let Some(user) = user_by_id(tx, tenant, id).await?.filter(|user| user.deleted_at.is_none())
    {
        // The unit of what was just taken is still the same person's, if another group gives the product.
        let mut has: BTreeSet<Uuid> = held.iter().map(|held| held.sku).chain(left.iter().copied()).collect();
        for given in &given {
            if give(ctx, tx, (&user, given), &held, (has.contains(&given.sku), free)).await? {
                has.insert(given.sku);
                left.remove(&given.sku);
            }
        }
    }
    left.retain(|sku| held.iter().all(|held| held.sku != *sku));
    Ok(left)
}

/// Gives a member what the group gives, if it needs no unit or one is free. Says whether the member has it by the group
/// now. `held` is what the member has.
async fn give(
    ctx: &OpContext,
    tx: &mut Tx,
    (user, given): (&User, &GroupRow),
    held: &[Held],
    (has, free): (bool, &mut Free),
) -> Result<bool, Problem> {
    let path = LicencePath::Group(given.group);
    match held.iter().find(|held| held.sku == given.sku && held.path == path) {
        Some(held) if held.disabled_plans == given.disabled_plans => return Ok(true),
        Some(_) => {}
        None if user.profile.usage_location.is_none() => return Ok(false),
        None if has => {}
        None if !free.take(tx, user.tenant, given.sku).await? => return Ok(false),
        None => {}
    }
    licence_rows::give(tx, (user.tenant, user.id, given.sku), path, &given.disabled_plans, ctx.now()).await?;
    Ok(true)
}

/// After a group gave a product, or gives it with other plans: its members.
pub(super) async fn follow_group(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    given: &GroupRow,
) -> Result<(), Problem> {
    reach_members(ctx, tx, (tenant, given), &mut Free::default()).await
}

/// After units of products came free, or there are others: members who are short, as far as units go.
pub(crate) async fn group_licences_fill(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    skus: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    let mut free = Free::default();
    for sku in skus {
        for given in licence_rows::groups_giving(tx, tenant, *sku).await? {
            if free.of(tx, tenant, *sku).await? <= 0 {
                break;
            }
            reach_members(ctx, tx, (tenant, &given), &mut free).await?;
        }
    }
    Ok(())
}

async fn reach_members(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, given): (TenantId, &GroupRow),
    free: &mut Free,
) -> Result<(), Problem> {
    let mut holders: BTreeMap<ObjectId, Vec<Held>> = BTreeMap::new();
    for held in licence_rows::held(tx, tenant, None, Some(given.sku)).await? {
        holders.entry(held.user).or_default().push(held);
    }
    for user in people_in(tx, tenant, given.group).await? {
        let held = holders.get(&user.id).map(Vec::as_slice).unwrap_or_default();
        give(ctx, tx, (&user, given), held, (!held.is_empty(), free)).await?;
    }
    Ok(())
}

/// A group goes: what it gave goes with it.
pub(crate) async fn group_licences_release(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    group: ObjectId,
) -> Result<(), Problem> {
    let given = licence_rows::of_group(tx, tenant, group).await?;
    let skus: BTreeSet<Uuid> = given.into_iter().map(|given| given.sku).collect();
    end(ctx, tx, (tenant, group), &skus).await
}

/// Ends what a group gives of some products.
pub(super) async fn end(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, group): (TenantId, ObjectId),
    skus: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    for sku in skus {
        licence_rows::group_take(tx, (tenant, group, *sku)).await?;
        licence_rows::take_path(tx, tenant, *sku, LicencePath::Group(group)).await?;
    }
    group_licences_fill(ctx, tx, tenant, skus).await
}
