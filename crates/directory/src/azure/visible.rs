//! Which subscriptions of a tenant a caller sees, and why.
//!
//! Security ends at the subscription: a role in one of them, be it on a single resource, makes that one visible and no
//! other. Beside that, the tenant's own administrators see which subscriptions live in their tenant, and who
//! administers it by delegation sees those that were bought elsewhere. Seeing one so gives no right on it.

use crate::azure::access_map::{Loaded, load};
use crate::azure::asking::Asking;
use crate::azure::{AzureSubscription, subscription_rows};
use crate::relationships::has_relationship;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::azure::{ArmScope, BUILT_IN, VisibleSubscriptions};
use tenantry_access::{DELEGATED_SEE_BOUGHT_ELSEWHERE, OWN_SEE_SUBSCRIPTIONS};
use tenantry_core::context::{HeldBy, HeldRole, Identity};
use tenantry_core::{Caller, DirectoryRole, ObjectId, OpContext, Problem, Role, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db};

/// A subscription a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenSubscription {
    /// The subscription.
    pub subscription: AzureSubscription,
    /// Whether a role on it or in it is held. Without one nothing can be done there.
    pub by_role: bool,
    /// Why it is seen, in sentences; never empty.
    pub why: Vec<String>,
}

/// The subscriptions of a tenant that the caller sees, in the order of their ids.
///
/// # Errors
/// `TokenMissing`; those of the database. A caller who sees none gets an empty list.
pub async fn visible_subscriptions(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<Vec<SeenSubscription>, Problem> {
    let mut reader = db.reader().await?;
    let asking = Asking::of(ctx, &mut reader, tenant).await?;
    let loaded = load(&mut reader, tenant, ctx.now()).await?;
    let sight = Sight::of(ctx, &mut reader, tenant, &asking, &loaded).await?;
    let all = subscription_rows::of_tenant(&mut reader, tenant).await?;
    let reasons = Reasons::of(&asking, &loaded);
    let mut seen = Vec::new();
    for subscription in all {
        let (by_role, mut why) = (sight.by_role(&subscription), sight.otherwise(&subscription));
        if by_role {
            why.splice(0..0, reasons.on(subscription.id));
        }
        if !why.is_empty() {
            seen.push(SeenSubscription { subscription, by_role, why });
        }
    }
    Ok(seen)
}

/// How far a caller sees in a tenant.
pub(crate) struct Sight {
    roles: VisibleSubscriptions,
    /// The directory role by which all subscriptions of the tenant are seen.
    own_admin: Option<DirectoryRole>,
    /// Whether subscriptions bought elsewhere are seen.
    delegated: bool,
}

impl Sight {
    pub(crate) async fn of(
        ctx: &OpContext,
        on: &mut impl Connection,
        tenant: TenantId,
        asking: &Asking,
        loaded: &Loaded,
    ) -> Result<Self, Problem> {
        let roles = match asking {
            Asking::Everything => VisibleSubscriptions::All,
            Asking::As(principals) => loaded.map.visible_subscriptions(principals),
        };
        let Caller::SignedIn(identity) = &ctx.caller else {
            return Ok(Self { roles, own_admin: None, delegated: false });
        };
        let own_admin = own_admin(identity, tenant);
        let delegated = delegated(ctx, on, identity, tenant).await?;
        Ok(Self { roles, own_admin, delegated })
    }

    fn by_role(&self, subscription: &AzureSubscription) -> bool {
        self.roles.contains(subscription.id)
    }

    /// Why it is seen without a role on it.
    fn otherwise(&self, subscription: &AzureSubscription) -> Vec<String> {
        let mut why = Vec::new();
        if let Some(role) = self.own_admin {
            why.push(format!("the caller is {role} of the tenant and sees which subscriptions live in it"));
        }
        if self.delegated && subscription.partner.is_none() {
            why.push("it was bought elsewhere and appears to who administers the tenant by delegation".to_owned());
        }
        why
    }

    /// Whether the subscription is there for the caller at all.
    pub(crate) fn sees(&self, subscription: &AzureSubscription) -> bool {
        self.by_role(subscription) || !self.otherwise(subscription).is_empty()
    }
}

/// The directory role by which one of the tenant's own sees its subscriptions. What a partner holds by delegation does
/// not count: it would show one partner what another sold.
fn own_admin(identity: &Identity, tenant: TenantId) -> Option<DirectoryRole> {
    if identity.tenant != tenant {
        return None;
    }
    let assigned = |role| identity.directory_roles.contains(&HeldRole { role, by: HeldBy::Assignment });
    OWN_SEE_SUBSCRIPTIONS.into_iter().find(|role| assigned(*role))
}

/// Whether the caller is a partner's agent who administers the tenant by delegation, with either of its two tokens.
async fn delegated(
    ctx: &OpContext,
    on: &mut impl Connection,
    identity: &Identity,
    tenant: TenantId,
) -> Result<bool, Problem> {
    let home = identity.home();
    if home == tenant {
        return Ok(false);
    }
    if identity.tenant == tenant {
        return Ok(DELEGATED_SEE_BOUGHT_ELSEWHERE.into_iter().any(|role| identity.holds(role)));
    }
    let agent = identity.tenant == home && identity.roles.contains(&Role::AdminAgent);
    Ok(agent && has_relationship(on, home, tenant, ctx.now()).await?)
}

/// The roles by which subscriptions are seen, found by subscription: a partner's group may be Owner of thousands.
struct Reasons {
    everywhere: Vec<String>,
    inside: BTreeMap<SubscriptionId, Vec<String>>,
}

impl Reasons {
    fn of(asking: &Asking, loaded: &Loaded) -> Self {
        let mut reasons = Self { everywhere: Vec::new(), inside: BTreeMap::new() };
        let Asking::As(principals) = asking else {
            reasons.everywhere.push("the platform and the provider see everything".to_owned());
            return reasons;
        };
        let known: BTreeSet<ObjectId> = principals.iter().copied().collect();
        for assignment in loaded.assignments.iter().filter(|assignment| known.contains(&assignment.principal)) {
            let role = BUILT_IN.iter().find(|role| role.id == assignment.role);
            let role = role.map_or_else(|| format!("the custom role {}", assignment.role), |role| role.name.clone());
            let whose = if principals.first() == Some(&assignment.principal) && assignment.home.is_none() {
                "the caller".to_owned()
            } else {
                format!("group {}", assignment.principal)
            };
            let reason = format!("{whose} has {role} at {}", assignment.scope.as_str());
            match assignment.scope.subscription_id() {
                Some(subscription) => reasons.inside.entry(subscription).or_default().push(reason),
                None if assignment.scope == ArmScope::root() => reasons.everywhere.push(reason),
                None => {}
            }
        }
        reasons
    }

    fn on(&self, subscription: SubscriptionId) -> impl Iterator<Item = String> {
        self.everywhere.iter().chain(self.inside.get(&subscription).into_iter().flatten()).cloned()
    }
}
