//! Licences by group: who is in the group has them, as long as there are any.
//!
//! Only people that are members themselves count, not those of groups inside the group; so it is in the field. When
//! units run out, some members stay without. That is no error of whoever added the member: it shows in
//! [`group_licences_of`], and ends by itself when units come or somebody leaves.

use super::group_licences_follow::{end, follow_group};
use super::licence::{LicencePath, checked_plans};
use super::licence_rows::{self, GroupRow};
use super::licences_assign::disjoint;
use super::product_sku::ProductSku;
use super::subscribed_skus;
use crate::people::{User, group_by_id, no_group, people_in, people_lock};
use std::collections::BTreeSet;
use tenantry_access::{DirectoryRead, LicenceAssign, TenantScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db, audit};
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
    let given = licence_rows::of_group(&mut tx, tenant, group).await?;
    if let Some(sku) = remove.iter().find(|sku| given.iter().all(|given| given.sku != **sku)) {
        return Err(Problem::invalid("removeLicenses", format!("the group gives no licence of {sku}")));
    }
    end(ctx, &mut tx, (tenant, group), &remove).await?;
    for (sku, disabled_plans) in add {
        let owned = subscribed_skus::one(&mut tx, tenant, sku).await?;
        checked_plans(owned.product, &disabled_plans)?;
        licence_rows::group_give(&mut tx, (tenant, group, sku), &disabled_plans, ctx.now()).await?;
        follow_group(ctx, &mut tx, tenant, &GroupRow { sku, group, disabled_plans }).await?;
    }
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
    let members = people_in(on, tenant, group).await?;
    for given in licence_rows::of_group(on, tenant, group).await? {
        let product = subscribed_skus::one(on, tenant, given.sku).await?.product;
        let holders = holders(on, tenant, &given).await?;
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

async fn holders(on: &mut impl Connection, tenant: TenantId, given: &GroupRow) -> Result<BTreeSet<ObjectId>, Problem> {
    let held = licence_rows::held(on, tenant, None, Some(given.sku)).await?;
    let by_group = held.into_iter().filter(|held| held.path == LicencePath::Group(given.group));
    Ok(by_group.map(|held| held.user).collect())
}
