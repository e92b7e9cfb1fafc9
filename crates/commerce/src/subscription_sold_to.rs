//! A subscription by its id alone, and who has it: for what is told by subscription (alerts), whoever the customer is.

use crate::subscription::{Subscription, no_subscription};
use crate::{customers, rows, subscriptions};
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId};
use tenantry_db::Db;

/// A subscription and what its seller calls the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldTo {
    /// The subscription.
    pub subscription: Subscription,
    /// The company that has it, by the name its seller gave it.
    pub customer_name: String,
}

/// A subscription within the caller's reach.
///
/// # Errors
/// `SubscriptionNotFound` for one that is not there or another partner's; `Forbidden`.
pub async fn subscription_sold_to(ctx: &OpContext, db: &Db, id: SubscriptionId) -> Result<SoldTo, Problem> {
    let mut reader = db.reader().await?;
    // Read without a reach, and used for nothing but to look within it.
    let owner = rows::subscription::owner(&mut reader, id, false).await?.ok_or_else(|| no_subscription(id))?;
    let found = subscriptions::visible(ctx, &mut reader, owner.customer, id).await;
    let found = found.map_err(|problem| match problem.reason() {
        Reason::CustomerNotFound => no_subscription(id),
        _ => problem,
    })?;
    let subscription = allow::<SubscriptionRead, _>(ctx, found)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut reader, subscription.partner, subscription.customer).await?;
    Ok(SoldTo { subscription, customer_name: customer.company_name })
}
