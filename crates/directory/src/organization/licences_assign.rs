//! Giving a user licences and taking them away, all or nothing.

use super::group_licences_follow::{group_licences_fill, group_licences_follow};
use super::licence::{LicencePath, SubscribedSku, checked_plans, exhausted};
use super::{licence_rows, subscribed_skus};
use crate::people::{User, no_user, people_lock, user_by_id};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::{LicenceAssign, TenantScope, allow};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// Gives a user licences of products, each without some of its plans, and takes others away. What goes away frees its
/// unit first. A product the user has already gets the new plans and takes no other unit.
///
/// Source: directory.md 2.2 (assignLicense), partner-center-v1.md 4.8.
///
/// # Errors
/// `UserNotFound`; `UsageLocationMissing`; `SkuNotFound` for a product the tenant does not have; `LicencesExhausted`;
/// `InvalidField` for a plan the product does not have, a product to be both given and taken, and one to be taken that
/// the user does not have by itself (what comes by a group goes with the group).
pub async fn licences_assign(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    user: ObjectId,
    add: Vec<(Uuid, BTreeSet<Uuid>)>,
    remove: Vec<Uuid>,
) -> Result<User, Problem> {
    let line = audit::open(ctx, db, "licences-assign", &format!("{tenant} {user}")).await?;
    let outcome = assign(ctx, db, tenant, user, (add, remove)).await;
    line.close(ctx, db, outcome).await
}

async fn assign(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    user: ObjectId,
    (add, remove): (Vec<(Uuid, BTreeSet<Uuid>)>, Vec<Uuid>),
) -> Result<User, Problem> {
    let tenant = allow::<LicenceAssign, _>(ctx, TenantScope(tenant))?.into_target().0;
    let (add, remove) = disjoint(add, remove)?;
    let mut tx = db.begin().await?;
    // Whoever counts licences at the same moment waits here until this one is through.
    people_lock(&mut tx, tenant).await?;
    let found = user_by_id(&mut tx, tenant, user).await?.filter(|user| user.deleted_at.is_none());
    let found = found.ok_or_else(|| no_user(&user.to_string()))?;
    for sku in &remove {
        if !licence_rows::take(&mut tx, (tenant, user, *sku), LicencePath::Direct).await? {
            return Err(not_held(&found, *sku));
        }
    }
    if !add.is_empty() && found.profile.usage_location.is_none() {
        return Err(no_location(&found));
    }
    for (sku, disabled) in &add {
        let owned = subscribed_skus::one(&mut tx, tenant, *sku).await?;
        checked_plans(owned.product, disabled)?;
        let has = !licence_rows::held(&mut tx, tenant, Some(user), Some(*sku)).await?.is_empty();
        if !has && !has_free_unit(&owned) {
            return Err(exhausted(&owned));
        }
        licence_rows::give(&mut tx, (tenant, user, *sku), LicencePath::Direct, disabled, ctx.now()).await?;
    }
    // Who has a product needs no other unit to have it by a group as well; and what came free is for who waits.
    group_licences_follow(ctx, &mut tx, tenant, &[user]).await?;
    group_licences_fill(ctx, &mut tx, tenant, &remove).await?;
    tx.commit().await?;
    Ok(found)
}

/// Whether one more user can have the product.
const fn has_free_unit(owned: &SubscribedSku) -> bool {
    owned.consumed < owned.enabled
}

/// What is to be given and what is to be taken, each product once.
pub(super) type Changes = (BTreeMap<Uuid, BTreeSet<Uuid>>, BTreeSet<Uuid>);

pub(super) fn disjoint(add: Vec<(Uuid, BTreeSet<Uuid>)>, remove: Vec<Uuid>) -> Result<Changes, Problem> {
    let (given, remove): (_, BTreeSet<_>) = (add.len(), remove.into_iter().collect());
    let add: BTreeMap<_, _> = add.into_iter().collect();
    if add.len() < given {
        return Err(Problem::invalid("addLicenses", "names a product twice; name each once, with all its plans"));
    }
    if let Some(both) = add.keys().find(|sku| remove.contains(sku)) {
        let message = format!("names {both}, which addLicenses gives; leave it out of one of the two");
        return Err(Problem::invalid("removeLicenses", message));
    }
    Ok((add, remove))
}

fn not_held(user: &User, sku: Uuid) -> Problem {
    let message = format!(
        "{} has no licence of {sku} of its own; what a group gives goes when the user leaves the group",
        user.name
    );
    Problem::invalid("removeLicenses", message)
}

pub(super) fn no_location(user: &User) -> Problem {
    let message = format!(
        "{} has no usage location, and services differ by country; set usageLocation to a country such as DE first",
        user.name
    );
    Problem::new(Reason::UsageLocationMissing, message).at("usageLocation")
}

/// Frees all licences of a user who is deleted; members of groups who wait for one get them. A user that is restored
/// comes back without.
pub(crate) async fn licences_release(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    user: ObjectId,
) -> Result<(), Problem> {
    let held = licence_rows::held(tx, tenant, Some(user), None).await?;
    licence_rows::take_all_of_user(tx, tenant, user).await?;
    group_licences_fill(ctx, tx, tenant, &held.into_iter().map(|held| held.sku).collect()).await
}
