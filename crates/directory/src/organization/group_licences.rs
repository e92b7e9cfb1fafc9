//! Licences by group: who is in the group has them, as long as there are any.
//!
//! Only people that are members themselves count, not those of groups inside the group; so it is in the field. When
//! units run out, some members stay without. That is no error of whoever added the member: it shows in
//! [`group_licences_of`], and ends by itself when units come or somebody leaves.

use super::licence::{LicencePath, checked_plans};
use super::licence_rows::{self, GroupRow};
use super::licences_assign::{disjoint, has_free_unit};
use super::product_sku::ProductSku;
use super::subscribed_skus;
use crate::people::{List, User, group_by_id, group_list, no_group, people_lock, user_by_id};
use std::collections::BTreeSet;
use tenantry_access::{DirectoryRead, LicenceAssign, TenantScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};
use uuid::Uuid;

/// A licence that a group gives its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLicence {
    /// The product.
    pub product: &'static ProductSku,
    /// The plans the members are without.
    pub disabled_plans: BTreeSet<Uuid>,
    /// Who has it by this group.
    pub holders: Vec<ObjectId>,
    /// Members that are without, and why.
    pub short: Vec<(ObjectId, Shortage)>,
}

/// Why a member of a group is without its licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// All units are in use, or suspended.
    NoUnits,
    /// The member has no usage location.
    NoUsageLocation,
}

impl Shortage {
    /// The name on the wire: the field's word for the error state of a licence that comes by a group.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoUnits => "CountViolation",
            Self::NoUsageLocation => "ProhibitedInUsageLocationViolation",
        }
    }
}

/// Gives a group licences, each without some plans, and takes others away. Members get them at once, as far as there
/// are units.
///
/// Source: directory.md 3.2 (`/groups/{id}/assignLicense`).
///
/// # Errors
/// `GroupNotFound`; `SkuNotFound`; `InvalidField` for a plan the product does not have, a product both given and taken,
/// and one to be taken that the group does not give.
pub async fn group_licences_assign(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    add: Vec<(Uuid, BTreeSet<Uuid>)>,
    remove: Vec<Uuid>,
) -> Result<Vec<GroupLicence>, Problem> {
    let line = audit::open(ctx, db, "group-licences-assign", &format!("{tenant} {group}")).await?;
    let outcome = assign(ctx, db, tenant, group, (add, remove)).await;
    line.close(ctx, db, outcome).await
}

async fn assign(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    (add, remove): (Vec<(Uuid, BTreeSet<Uuid>)>, Vec<Uuid>),
) -> Result<Vec<GroupLicence>, Problem> {
    let tenant = allow::<LicenceAssign, _>(ctx, TenantScope(tenant))?.into_target().0;
    let (add, remove) = disjoint(add, remove)?;
    let mut tx = db.begin().await?;
    people_lock(&mut tx, tenant).await?;
    exists(&mut tx, tenant, group).await?;
    for sku in &remove {
        if !licence_rows::group_take(&mut tx, (tenant, group, *sku)).await? {
            return Err(Problem::invalid("removeLicenses", format!("the group gives no licence of {sku}")));
        }
    }
    for (sku, disabled) in &add {
        let owned = subscribed_skus::one(&mut tx, tenant, *sku).await?;
        checked_plans(owned.product, disabled)?;
        licence_rows::group_give(&mut tx, (tenant, group, *sku), disabled, ctx.now()).await?;
    }
    follow(ctx, &mut tx, tenant, &remove).await?;
    let licences = read(&mut tx, tenant, group).await?;
    tx.commit().await?;
    Ok(licences)
}

/// The licences a group gives, by product id: who has them, and who is without.
///
/// # Errors
/// `GroupNotFound`.
pub async fn group_licences_of(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<GroupLicence>, Problem> {
    let tenant = allow::<DirectoryRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut reader = db.reader().await?;
    exists(&mut reader, tenant, group).await?;
    read(&mut reader, tenant, group).await
}

async fn exists(on: &mut impl Connection, tenant: TenantId, group: ObjectId) -> Result<(), Problem> {
    let found = group_by_id(on, tenant, group).await?;
    found.map(drop).ok_or_else(|| no_group(&group.to_string()))
}

async fn read(on: &mut impl Connection, tenant: TenantId, group: ObjectId) -> Result<Vec<GroupLicence>, Problem> {
    let mut licences = Vec::new();
    for given in licence_rows::of_groups(on, tenant, Some(group)).await? {
        let product = subscribed_skus::one(on, tenant, given.sku).await?.product;
        let holders = holders(on, tenant, &given).await?;
        let members = members(on, tenant, group).await?;
        let without = members.iter().filter(|user| !holders.contains(&user.id));
        let short = without.map(|user| (user.id, shortage(user))).collect();
        let holders = holders.into_iter().collect();
        licences.push(GroupLicence { product, disabled_plans: given.disabled_plans, holders, short });
    }
    Ok(licences)
}

fn shortage(user: &User) -> Shortage {
    if user.profile.usage_location.is_none() { Shortage::NoUsageLocation } else { Shortage::NoUnits }
}

/// Brings what groups give in line with who is in them and what there is. Called in every transaction that changes
/// members, users or units.
pub(crate) async fn group_licences_follow(ctx: &OpContext, tx: &mut Tx, tenant: TenantId) -> Result<(), Problem> {
    follow(ctx, tx, tenant, &BTreeSet::new()).await
}

/// `also` are products that a group gave until now.
async fn follow(ctx: &OpContext, tx: &mut Tx, tenant: TenantId, also: &BTreeSet<Uuid>) -> Result<(), Problem> {
    let given = licence_rows::of_groups(tx, tenant, None).await?;
    if given.is_empty() && also.is_empty() {
        return Ok(());
    }
    let skus: BTreeSet<Uuid> = given.iter().map(|given| given.sku).chain(also.iter().copied()).collect();
    for sku in &skus {
        take_what_no_group_gives(tx, tenant, *sku, &given).await?;
    }
    for given in &given {
        let holders = holders(tx, tenant, given).await?;
        for user in members(tx, tenant, given.group).await? {
            let has = !licence_rows::held(tx, tenant, Some(user.id), Some(given.sku)).await?.is_empty();
            let gets = holders.contains(&user.id)
                || user.profile.usage_location.is_some()
                    && (has || has_free_unit(&subscribed_skus::one(tx, tenant, given.sku).await?));
            if gets {
                let path = LicencePath::Group(given.group);
                let whose = (tenant, user.id, given.sku);
                licence_rows::give(tx, whose, path, &given.disabled_plans, ctx.now()).await?;
            }
        }
    }
    Ok(())
}

/// Takes the licences of a product that came by a group which gives none any more, or which the user has left. First
/// of all, so that what is freed can be given.
async fn take_what_no_group_gives(tx: &mut Tx, tenant: TenantId, sku: Uuid, given: &[GroupRow]) -> Result<(), Problem> {
    let mut entitled = BTreeSet::new();
    for given in given.iter().filter(|given| given.sku == sku) {
        let members = members(tx, tenant, given.group).await?;
        entitled.extend(members.into_iter().map(|user| (user.id, LicencePath::Group(given.group))));
    }
    for held in licence_rows::held(tx, tenant, None, Some(sku)).await? {
        if held.path != LicencePath::Direct && !entitled.contains(&(held.user, held.path)) {
            licence_rows::take(tx, (tenant, held.user, sku), held.path).await?;
        }
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
    let given = licence_rows::of_groups(tx, tenant, Some(group)).await?;
    let skus: BTreeSet<Uuid> = given.into_iter().map(|given| given.sku).collect();
    for sku in &skus {
        licence_rows::group_take(tx, (tenant, group, *sku)).await?;
    }
    follow(ctx, tx, tenant, &skus).await
}

async fn holders(on: &mut impl Connection, tenant: TenantId, given: &GroupRow) -> Result<BTreeSet<ObjectId>, Problem> {
    let held = licence_rows::held(on, tenant, None, Some(given.sku)).await?;
    let by_group = held.into_iter().filter(|held| held.path == LicencePath::Group(given.group));
    Ok(by_group.map(|held| held.user).collect())
}

/// The people in a group, in the order of their ids.
async fn members(on: &mut impl Connection, tenant: TenantId, group: ObjectId) -> Result<Vec<User>, Problem> {
    let mut members = Vec::new();
    for id in group_list(on, List::Members, tenant, group).await? {
        let user = user_by_id(on, tenant, id).await?;
        members.extend(user.filter(|user| user.deleted_at.is_none()));
    }
    Ok(members)
}
