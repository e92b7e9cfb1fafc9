//! Subscriptions that were migrated into the modern catalogue: reading them.

use crate::offer::BillingCycle;
use crate::reach::Reach;
use crate::{customers, rows};
use tenantry_access::{PartnerScope, SubscriptionRead, WorldScope, allow};
use tenantry_core::{Day, OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Db};
use uuid::Uuid;

/// A subscription that went on in the modern catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommerceMigration {
    /// Names it.
    pub id: Uuid,
    /// Whose.
    pub customer: TenantId,
    /// The one of the old catalogue.
    pub source: SubscriptionId,
    /// The one that goes on from it.
    pub target: SubscriptionId,
    /// What that is of.
    pub target_offer: OfferId,
    /// The order that bought it.
    pub order: OrderId,
    /// Seats that were bought.
    pub quantity: i64,
    /// How often it is billed.
    pub billing_cycle: BillingCycle,
    /// How long one commits to it, `P1Y`.
    pub term: Option<String>,
    /// When the term ends that runs.
    pub ends_on: Option<Day>,
    /// Whether a whole term began with it.
    pub full_term: bool,
    /// The partner's own name of it.
    pub external_reference: Option<String>,
    /// When.
    pub made_at: Timestamp,
}

/// Which migrations, or schedules of them, a list is of, and where it goes on. `None` leaves a side open.
#[derive(Debug, Clone, Default)]
pub struct NewCommerceQuery {
    /// Of this customer.
    pub customer: Option<TenantId>,
    /// Of this subscription of the old catalogue.
    pub subscription: Option<SubscriptionId>,
    /// With this name.
    pub external_reference: Option<String>,
    /// Behind this one: its time and its id.
    pub after: Option<(Timestamp, Uuid)>,
    /// So many, at most.
    pub limit: i64,
}

impl NewCommerceQuery {
    /// Refuses callers who may read no subscriptions of whom it asks about; what else they may not see is not found.
    pub(crate) async fn check(&self, ctx: &OpContext, on: &mut impl Connection) -> Result<(), Problem> {
        match (self.customer, ctx.confined_to()) {
            (Some(customer), _) => {
                let customer = customers::visible(ctx, on, customer).await?;
                allow::<SubscriptionRead, _>(ctx, customer).map(drop)
            }
            (None, Some(own)) => allow::<SubscriptionRead, _>(ctx, PartnerScope(own)).map(drop),
            (None, None) => allow::<SubscriptionRead, _>(ctx, WorldScope { sandbox: false }).map(drop),
        }
    }
}

/// Migrations within the caller's reach, oldest first.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn new_commerce_migration_list(
    ctx: &OpContext,
    db: &Db,
    query: &NewCommerceQuery,
) -> Result<Vec<NewCommerceMigration>, Problem> {
    let mut reader = db.reader().await?;
    query.check(ctx, &mut reader).await?;
    rows::new_commerce_migration::list(&mut reader, Reach::of(ctx)?, query).await
}

/// One migration of a customer.
///
/// # Errors
/// `ObjectNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn new_commerce_migration_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: Uuid,
) -> Result<NewCommerceMigration, Problem> {
    let mut reader = db.reader().await?;
    let seen = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, seen)?.into_target().id;
    let made = rows::new_commerce_migration::get(&mut reader, Reach::of(ctx)?, id).await?;
    made.filter(|made| made.customer == customer).ok_or_else(|| {
        let message = format!("the customer has no migration `{id}`; take its id from the list of migrations");
        Problem::new(Reason::ObjectNotFound, message)
    })
}
