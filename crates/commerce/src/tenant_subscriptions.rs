//! The subscriptions that live in a tenant, as far as the caller may know: what it sold, what it holds a role on, and,
//! for the tenant's own administrators, all of them.
//!
//! Two partners of one tenant meet here and never see each other's: a partner reads its own rows, and of the others
//! only those on which the customer gave it a role.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription::{Status, Subscription};
use crate::{Offer, rows};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::azure::ArmScope;
use tenantry_access::{ActionName, Decision, Grant, decide};
use tenantry_core::{Caller, DirectoryRole, OpContext, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::Db;
use tenantry_directory::{SeenSubscription, azure_allowed_at, visible_subscriptions};

/// A subscription of a tenant, as the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantSubscription {
    /// Names it.
    pub id: SubscriptionId,
    /// The tenant it lives in.
    pub tenant: TenantId,
    /// What people call it.
    pub friendly_name: String,
    /// How it was bought.
    pub bought: Bought,
    /// What was ordered, if the caller may know.
    pub offer: Option<&'static Offer>,
    /// Where it is in its life.
    pub status: Status,
    /// Whether the caller may do more than look: change it as its seller, or make things in it by a role.
    pub manageable: bool,
    /// Why the caller sees it, in sentences; never empty.
    pub why: Vec<String>,
    /// When it was ordered or registered.
    pub created_at: Timestamp,
}

/// How a subscription was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bought {
    /// From a partner here; which one is told to that partner, the tenant's own people and the provider.
    FromPartner(Option<TenantId>),
    /// Elsewhere, in this way.
    Elsewhere(String),
}

/// The action that stands for making things in a subscription.
const MAKE: &str = "Microsoft.Resources/subscriptions/resourceGroups/write";

/// The subscriptions of a tenant that the caller sees, in the order they came. Who has nothing to do with the tenant
/// gets an empty list.
///
/// # Errors
/// `TokenMissing`.
pub async fn tenant_subscriptions(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<Vec<TenantSubscription>, Problem> {
    let seen = visible_subscriptions(ctx, db, tenant).await?;
    let mut all = sold(ctx, db, tenant).await?;
    let brought: BTreeMap<_, _> = rows::brought::of_tenant(&mut db.reader().await?, tenant)
        .await?
        .into_iter()
        .map(|brought| (brought.id, brought.bought_by))
        .collect();
    let makes = made_in(ctx, db, tenant, &seen).await?;
    let statuses = rows::subscription::statuses(&mut db.reader().await?, tenant).await?;
    for SeenSubscription { subscription, why, .. } in seen {
        let makes = makes.contains(&subscription.id);
        if let Some(known) = all.get_mut(&subscription.id) {
            known.manageable |= makes;
            known.why.extend(why);
            continue;
        }
        let bought = match (subscription.partner, brought.get(&subscription.id)) {
            (None, Some(by)) => Bought::Elsewhere(by.clone()),
            (None, None) => Bought::Elsewhere(String::new()),
            (Some(partner), _) => Bought::FromPartner(tells_seller(ctx, tenant, partner).then_some(partner)),
        };
        let found = TenantSubscription {
            id: subscription.id,
            tenant,
            friendly_name: subscription.name,
            bought,
            offer: None,
            status: statuses.get(&subscription.id).copied().unwrap_or(Status::Active),
            manageable: makes,
            why,
            created_at: subscription.created_at,
        };
        all.insert(found.id, found);
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|subscription| (subscription.created_at, subscription.id));
    Ok(all)
}

/// The subscriptions in which the caller may make things by a role, decided with one look at the tenant's roles.
async fn made_in(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    seen: &[SeenSubscription],
) -> Result<BTreeSet<SubscriptionId>, Problem> {
    let held: Vec<SubscriptionId> = seen.iter().filter(|seen| seen.by_role).map(|seen| seen.subscription.id).collect();
    let scopes: Vec<ArmScope> = held.iter().map(|id| ArmScope::subscription(*id)).collect();
    let allowed = azure_allowed_at(ctx, db, tenant, MAKE, &scopes).await?;
    Ok(held.into_iter().zip(allowed).filter_map(|(id, allowed)| allowed.then_some(id)).collect())
}

/// What was sold into the tenant and the caller sees by its place in the channel, or as one of the tenant's own
/// administrators.
async fn sold(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<BTreeMap<SubscriptionId, TenantSubscription>, Problem> {
    let own = own_admin(ctx, tenant);
    let mut reader = db.reader().await?;
    let mut sold = BTreeMap::new();
    for subscription in rows::subscription::of_customer(&mut reader, Reach::of(ctx)?, tenant, Which::default()).await? {
        let mut why: Vec<String> =
            allowing(ctx, ActionName::SubscriptionRead, &subscription).iter().map(Grant::to_string).collect();
        if subscription.offer.is_metered() {
            // Those live in Azure, which says for itself whether the tenant's administrators see them.
        } else if let Some(role) = own {
            why.push(format!("the caller is {role} of the tenant and sees which subscriptions live in it"));
        }
        if why.is_empty() {
            continue;
        }
        let manageable = !allowing(ctx, ActionName::SubscriptionChange, &subscription).is_empty();
        let found = TenantSubscription {
            id: subscription.id,
            tenant,
            friendly_name: subscription.friendly_name,
            bought: Bought::FromPartner(Some(subscription.partner)),
            offer: Some(subscription.offer),
            status: subscription.state.status(),
            manageable,
            why,
            created_at: subscription.created_at,
        };
        sold.insert(found.id, found);
    }
    Ok(sold)
}

/// The paths by which the channel's policy allows the caller something on a subscription.
fn allowing(ctx: &OpContext, action: ActionName, subscription: &Subscription) -> Vec<Grant> {
    match decide(&ctx.caller, action, subscription) {
        Decision::Allowed(grants) => grants,
        Decision::SignInNeeded | Decision::Hidden | Decision::Denied(_) => Vec::new(),
    }
}

/// The directory role by which one of the tenant's own people sees all that lives in it. What a partner holds by
/// delegation does not count: it would show one partner what another sold.
fn own_admin(ctx: &OpContext, tenant: TenantId) -> Option<DirectoryRole> {
    let Caller::SignedIn(identity) = &ctx.caller else { return None };
    if identity.tenant != tenant || identity.home() != tenant {
        return None;
    }
    let seeing = [DirectoryRole::GlobalAdmin, DirectoryRole::GlobalReader, DirectoryRole::BillingAdmin];
    seeing.into_iter().find(|role| identity.holds(*role))
}

/// Whether the caller may know who sold a subscription of the tenant.
fn tells_seller(ctx: &OpContext, tenant: TenantId, seller: TenantId) -> bool {
    match &ctx.caller {
        Caller::System(_) => true,
        Caller::Nobody => false,
        Caller::SignedIn(identity) => {
            let home = identity.home();
            ctx.confined_to().is_none() || home == tenant || home == seller
        }
    }
}
