//! A tenant's Azure roles, assignments and locks, loaded for the engine, and the memory of them.
//!
//! A partner's group counts only while the partner has a relationship with the tenant: delegated administration or an
//! active granular relationship. Its assignments are left out of the map otherwise, though their rows stay
//! (arm.md 11.7).

use crate::azure::asking::{Asking, Known};
use crate::azure::{assignment_rows, lock_rows, role_rows, subscription_rows};
use crate::relationships::{Related, related};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tenantry_access::azure::{
    AccessMap, ArmScope, Assignment, AzureDecision, AzurePath, BUILT_IN, PrincipalKind, RoleDefinition,
};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Db};

/// What was loaded of a tenant.
pub(crate) struct Loaded {
    pub(crate) map: Arc<AccessMap>,
    /// The subscriptions that live in the tenant.
    pub(crate) subscriptions: BTreeSet<SubscriptionId>,
    /// The assignments that count.
    pub(crate) assignments: Vec<Assignment>,
    /// Those of partners who have no relationship with the tenant now.
    pub(crate) resting: Vec<Assignment>,
    /// The roles the tenant made itself.
    pub(crate) custom: Vec<RoleDefinition>,
    /// When a partner's relationship ends by its time, the earliest; the map no longer holds then.
    pub(crate) until: Option<Timestamp>,
}

/// Loads all that decides about Azure in a tenant.
pub(crate) async fn load(on: &mut impl Connection, tenant: TenantId, now: Timestamp) -> Result<Loaded, Problem> {
    let (mut assignments, mut resting, mut until) = (Vec::new(), Vec::new(), None);
    let mut known: BTreeMap<TenantId, Related> = BTreeMap::new();
    for kept in assignment_rows::all(on, tenant).await? {
        let assignment = kept.assignment;
        if assignment.kind == PrincipalKind::ForeignGroup {
            let Some(home) = assignment.home else { continue };
            let how = match known.get(&home) {
                Some(how) => *how,
                None => {
                    let how = related(on, home, tenant, now).await?;
                    known.insert(home, how);
                    how
                }
            };
            match how {
                Related::No => {
                    resting.push(assignment);
                    continue;
                }
                Related::Yes => {}
                Related::Until(end) => until = Some(until.map_or(end, |known: Timestamp| known.min(end))),
            }
        }
        assignments.push(assignment);
    }
    let custom: Vec<_> = role_rows::all(on, tenant).await?.into_iter().map(|role| role.definition).collect();
    let locks = lock_rows::all(on, tenant).await?.into_iter().map(|kept| kept.lock);
    let map = AccessMap::build(roles(&custom), assignments.iter().cloned(), locks);
    let subscriptions = subscription_rows::of_tenant(on, tenant).await?.into_iter().map(|known| known.id).collect();
    Ok(Loaded { map: Arc::new(map), subscriptions, assignments, resting, custom, until })
}

fn roles(custom: &[RoleDefinition]) -> impl Iterator<Item = RoleDefinition> {
    BUILT_IN.iter().chain(custom).cloned()
}

impl Loaded {
    /// By what an action would be allowed if the partners whose groups count for nothing had a relationship with the
    /// tenant.
    pub(crate) fn resting_paths(&self, asking: &Asking, action: &str, scope: &ArmScope) -> Vec<AzurePath> {
        if self.resting.is_empty() {
            return Vec::new();
        }
        let map = AccessMap::build(roles(&self.custom), self.resting.iter().cloned(), []);
        asking.decide(&map, action, scope).paths
    }
}

/// The scope must lie in the tenant: a role at the tenant's root reaches its own subscriptions and no others.
pub(crate) fn within(subscriptions: &BTreeSet<SubscriptionId>, scope: &ArmScope) -> Result<(), Problem> {
    match scope.subscription_id() {
        Some(id) if !subscriptions.contains(&id) => Err(unknown_subscription(id)),
        _ => Ok(()),
    }
}

pub(crate) fn unknown_subscription(id: SubscriptionId) -> Problem {
    Problem::new(Reason::SubscriptionNotFound, format!("there is no subscription {id}; check the subscription id"))
}

/// What a tenant's Azure access is now, loaded anew. For questions that come with every request, see [`AccessMaps`].
///
/// # Errors
/// Those of the database.
pub async fn access_map(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Arc<AccessMap>, Problem> {
    Ok(load(&mut db.reader().await?, tenant, ctx.now()).await?.map)
}

/// How many tenants are remembered at most. A map of 10,000 assignments takes some megabytes.
const REMEMBERED: usize = 256;

/// The memory of one world: the access maps of the tenants that were asked about. It lives beside the database handle;
/// each committed change of access makes it forget (`Db::access_epoch`).
#[derive(Default)]
pub struct AccessMaps {
    kept: Mutex<HashMap<TenantId, Arc<Remembered>>>,
}

/// A tenant's access as it was at an epoch.
struct Remembered {
    map: Arc<AccessMap>,
    subscriptions: BTreeSet<SubscriptionId>,
    epoch: u64,
    until: Option<Timestamp>,
}

impl AccessMaps {
    /// The tenant's map, from memory if it still holds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn get(&self, ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Arc<AccessMap>, Problem> {
        Ok(Arc::clone(&self.remembered(ctx, db, tenant).await?.map))
    }

    /// What Azure's roles and locks say about an action of the caller at a scope of the tenant: as [`azure_decide`],
    /// from memory, for questions that come with every request.
    ///
    /// # Errors
    /// As [`azure_decide`].
    ///
    /// [`azure_decide`]: crate::azure_decide
    pub async fn decide(
        &self,
        ctx: &OpContext,
        db: &Db,
        tenant: TenantId,
        action: &str,
        scope: &ArmScope,
    ) -> Result<AzureDecision, Problem> {
        let asking = match Asking::at_once(ctx, tenant)? {
            Known::Asking(asking) => asking,
            Known::Agent(_) => Asking::of(ctx, &mut db.reader().await?, tenant).await?,
        };
        let remembered = self.remembered(ctx, db, tenant).await?;
        within(&remembered.subscriptions, scope)?;
        Ok(asking.decide(&remembered.map, action, scope))
    }

    async fn remembered(&self, ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Arc<Remembered>, Problem> {
        // Read before the rows are: a change in between makes the next question look again.
        let (epoch, now) = (db.access_epoch(), ctx.now());
        let holds = |kept: &&Arc<Remembered>| kept.epoch == epoch && kept.until.is_none_or(|until| now < until);
        if let Some(kept) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).filter(holds) {
            return Ok(Arc::clone(kept));
        }
        let Loaded { map, subscriptions, until, .. } = load(&mut db.reader().await?, tenant, now).await?;
        let remembered = Arc::new(Remembered { map, subscriptions, epoch, until });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMEMBERED && !kept.contains_key(&tenant) {
            kept.clear();
        }
        kept.insert(tenant, Arc::clone(&remembered));
        Ok(remembered)
    }
}

impl std::fmt::Debug for AccessMaps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessMaps")
    }
}
