//! What a subscription can be upgraded to, and what stands in the way.
//!
//! Source: partner-center-v1.md 3.5 (UpgradeErrorCode), 4.9. All offers that lead somewhere name their targets in the
//! catalogue; a target that is not for this subscription now is listed with its reasons, so that a partner can do
//! something about them.

use crate::customer::Customer;
use crate::offer::Offer;
use crate::order_place::held_of_seller;
use crate::subscription::{Status, Subscription};
use crate::subscription_licences::mover;
use crate::{Limits, catalogue, customers, subscription_add_ons, subscriptions};
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{Caller, OfferId, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db};
use tenantry_directory::contracts_with;

/// A target, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// The offer it would be of.
    pub target: &'static Offer,
    /// All seats move together.
    pub quantity: i64,
    /// What stands in the way; nothing if it can be done now.
    pub obstacles: Vec<UpgradeObstacle>,
    /// What stands in the way of moving people's licences with it, besides.
    pub licence_obstacle: Option<UpgradeObstacle>,
}

/// A thing in the way of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeObstacle {
    /// Which.
    pub kind: UpgradeObstacleKind,
    /// In words for the caller, with the way out.
    pub message: String,
}

/// The things that can be in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpgradeObstacleKind {
    /// The seats or the sandbox's limits do not fit the target.
    Other,
    /// The customer delegated no administration to the partner.
    NotAdministered,
    /// The subscription is not active.
    NotActive,
    /// The customer has the target already.
    OwnedAlready,
    /// Licences are moved by a signed-in person with rights in the customer's tenant.
    PersonRequired,
    /// The subscription has add-ons, which go with its offer.
    AddOnsPresent,
    /// The offer leads nowhere.
    NoTargets,
    /// The offer does not lead there.
    NotATarget,
    /// The target is not billed in the subscription's cycle.
    CycleNotOffered,
}

impl UpgradeObstacle {
    pub(crate) fn new(kind: UpgradeObstacleKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Licences are not this caller's to move.
    pub(crate) fn person_required(problem: &Problem) -> Self {
        Self::new(UpgradeObstacleKind::PersonRequired, problem.message())
    }
}

/// The targets of a subscription that are sold in the customer's country, in the catalogue's order.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn upgrade_list(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Vec<Upgrade>, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut reader, seen.partner, seen.customer).await?;
    drop(reader);
    let administered = is_administered(ctx, db, &customer).await?;
    let licence_obstacle = match mover(ctx, db, customer.id).await {
        Ok(_) => None,
        Err(problem) if problem.reason() == Reason::Forbidden => Some(UpgradeObstacle::person_required(&problem)),
        Err(problem) => return Err(problem),
    };
    let mut reader = db.reader().await?;
    let mut upgrades = Vec::new();
    for target in targets(&seen, customer.country()) {
        let obstacles = obstacles(ctx, &mut reader, limits, (&customer, administered), (&seen, target)).await?;
        let licence_obstacle = licence_obstacle.clone();
        upgrades.push(Upgrade { target, quantity: seen.quantity, obstacles, licence_obstacle });
    }
    Ok(upgrades)
}

/// The offers a subscription's leads to that are sold in a country.
pub(crate) fn targets<'a>(seen: &Subscription, country: &'a str) -> impl Iterator<Item = &'static Offer> + use<'a> {
    let found = seen.offer.upgrade_targets.iter().filter_map(|id| catalogue::find(&OfferId::new(id)));
    found.filter(move |target| target.sold_in(country))
}

/// Whether the customer lets the partner that sells to it administer its tenant. Who may do something with a subscription
/// need not have the right to read contracts in the directory.
pub(crate) async fn is_administered(ctx: &OpContext, db: &Db, customer: &Customer) -> Result<bool, Problem> {
    let platform = OpContext { caller: Caller::System("is_administered"), ..ctx.clone() };
    let contracts = contracts_with(&platform, db, customer.id).await?;
    Ok(contracts.iter().any(|contract| contract.partner == customer.partner && contract.delegated_admin))
}

/// What stands in the way of one target.
pub(crate) async fn obstacles(
    ctx: &OpContext,
    on: &mut impl Connection,
    limits: &Limits,
    (customer, administered): (&Customer, bool),
    (seen, target): (&Subscription, &'static Offer),
) -> Result<Vec<UpgradeObstacle>, Problem> {
    use UpgradeObstacleKind as Kind;
    let held = held_of_seller(ctx, on, customer).await?;
    let alive = |held: &Subscription| held.state.status() != Status::Deleted;
    let mut found = Vec::new();
    let mut add = |kind, message: String| found.push(UpgradeObstacle::new(kind, message));
    if seen.state.status() != Status::Active {
        let status = seen.state.status().name();
        add(Kind::NotActive, format!("the subscription is {status}; only an active one is upgraded"));
    }
    if !administered {
        let message = "the customer delegated no administration to the partner; ask it for that first";
        add(Kind::NotAdministered, message.to_owned());
    }
    if held.iter().any(|held| alive(held) && held.offer.id == target.id) {
        let message = format!("the customer has {} already; add seats to that and suspend this one", target.name);
        add(Kind::OwnedAlready, message);
    }
    if let Some(add_on) = subscription_add_ons::alive(on, seen).await?.first() {
        let message = format!("{} goes with it and would not go with {}", add_on.friendly_name, target.name);
        add(Kind::AddOnsPresent, message);
    }
    if !seen.offer.trial
        && let Err(problem) = target.check_billing_cycle(Some(seen.billing_cycle))
    {
        add(Kind::CycleNotOffered, problem.message().to_owned());
    }
    let seats = target.check_quantity("quantity", seen.quantity).and_then(|()| limits.check_seats(seen.quantity));
    let count = held.iter().filter(|held| alive(held)).count() + 1;
    let seats = seats.and_then(|()| limits.check_subscriptions(i64::try_from(count).unwrap_or(i64::MAX)));
    if let Err(problem) = seats {
        add(Kind::Other, problem.message().to_owned());
    }
    Ok(found)
}
