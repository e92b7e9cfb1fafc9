//! What became of subscriptions that were upgraded: the operations, each with the one that was, the one that took its place,
//! and how the licences of people fared.
//!
//! Source: partner-center-v1.md 2.5 row 74, 3.5 (Transition). An operation is known by the order that bought what came of it.

use crate::offer::BillingCycle;
use crate::reach::Reach;
use crate::{rows, subscriptions};
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::Db;

/// A subscription that took the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The order of the new one.
    pub operation: OrderId,
    /// The one that was.
    pub source: SubscriptionId,
    /// What it was of.
    pub source_offer: OfferId,
    /// The one that took its place.
    pub target: SubscriptionId,
    /// What that is of.
    pub target_offer: OfferId,
    /// Seats that were bought of it.
    pub quantity: i64,
    /// How often it is billed.
    pub billing_cycle: BillingCycle,
    /// How long one commits to it, `P1Y`.
    pub term: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// Whether people's licences were to be moved with it; `None`: nobody asked for that.
    pub licences: Option<LicenceMove>,
}

/// How licences of people were moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenceMove {
    /// Not yet: whoever asked was interrupted. The same request again moves them.
    Waiting,
    /// It was tried with each of them.
    Done {
        /// When the last was.
        at: Timestamp,
        /// Who keeps the old one, and why; empty if nobody does.
        errors: Vec<String>,
    },
}

/// The operations that a subscription came of, or that it was replaced by, oldest first.
///
/// # Errors
/// `SubscriptionNotFound`, `Forbidden`.
pub async fn transition_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Vec<Transition>, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    rows::transition::of_subscription(&mut reader, Reach::of(ctx)?, seen.id).await
}
