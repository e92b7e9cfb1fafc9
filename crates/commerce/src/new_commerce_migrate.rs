//! Migrating a subscription now.

use crate::asked::asked;
use crate::customer::Customer;
use crate::new_commerce::{NewCommerceTerms, judge};
use crate::new_commerce_migrations::NewCommerceMigration;
use crate::reach::Reach;
use crate::subscription::Subscription;
use crate::{Limits, agreement, customers, rows, subscription_term_end, subscriptions};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{OpContext, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit};

/// Which subscription goes on in the modern catalogue, and how.
#[derive(Debug, Clone)]
pub struct MigrateToNewCommerce {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// How.
    pub terms: NewCommerceTerms,
}

/// Migrates it. The same request again (caller's tenant, request id, content) migrates nothing: it gets what it made.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `OfferNotPurchasable` on `currentSubscriptionId` for what is
/// not in the modern catalogue, and on `customerAgreement`; `SubscriptionSuspended`; `StatusChangeRefused` on
/// `subscriptionEndDate` on the last day of its term; `Unsupported` on `addOnMigrations`; `Stale` on `schedule` if a migration
/// of it is scheduled; `QuantityOutOfRange`, `BillingCycleRefused`, `SandboxLimit`.
pub async fn new_commerce_migrate(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    migrate: MigrateToNewCommerce,
) -> Result<NewCommerceMigration, Problem> {
    let target = migrate.subscription.to_string();
    let line = audit::open_about(ctx, db, ACT, &target, migrate.customer).await?;
    let outcome = apply(ctx, db, limits, migrate).await;
    line.close(ctx, db, outcome).await
}

/// The act in the audit trail.
pub(crate) const ACT: &str = "new-commerce-migrate";

async fn apply(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    migrate: MigrateToNewCommerce,
) -> Result<NewCommerceMigration, Problem> {
    let terms = migrate.terms.checked()?;
    let asked = asked(ctx, &(migrate.subscription, &terms))?;
    let mut tx = db.begin().await?;
    let (customer, seen) = locked(ctx, &mut tx, (migrate.customer, migrate.subscription)).await?;
    if let Some(asked) = &asked
        && let Some(order) = rows::order::by_asked(&mut tx, Reach::of(ctx)?, customer.id, asked).await?
    {
        let made = rows::new_commerce_migration::by_order(&mut tx, Reach::of(ctx)?, order.id).await?;
        return made.ok_or_else(|| Problem::corrupt(format!("order {} migrated nothing", order.id)));
    }
    if let Some(scheduled) = rows::new_commerce_schedule::waiting(&mut tx, seen.id).await? {
        return Err(scheduled.in_the_way());
    }
    let made = migrated(ctx, &mut tx, limits, (&customer, seen), (&terms, asked, ctx.now())).await?;
    tx.commit().await?;
    Ok(made)
}

/// The subscription, to be migrated or to have that scheduled, and whose it is, behind the lock of the customer's row.
pub(crate) async fn locked(
    ctx: &OpContext,
    tx: &mut Tx,
    (customer, id): (TenantId, SubscriptionId),
) -> Result<(Customer, Subscription), Problem> {
    let seen = subscriptions::visible(ctx, tx, customer, id).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, tx, seen.partner, seen.customer).await?;
    rows::customer::lock_served(tx, customer.id, customer.partner).await?;
    // As it is behind the lock.
    let seen = subscriptions::visible(ctx, tx, customer.id, id).await?;
    Ok((customer, seen))
}

/// Migrates within a transaction that holds the customer's row. `at` is the instant whose distance from the term's end counts.
pub(crate) async fn migrated(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    (customer, seen): (&Customer, Subscription),
    (terms, asked, at): (&NewCommerceTerms, Option<String>, Timestamp),
) -> Result<NewCommerceMigration, Problem> {
    agreement::check_sold_to(tx, customer).await?;
    let seen = subscription_term_end::caught_up(ctx, tx, seen).await?;
    let replacement = match judge(ctx, tx, limits, (customer, &seen), (terms, at)).await? {
        Ok(replacement) => replacement,
        Err(obstacles) => {
            let first = obstacles.into_iter().next();
            return Err(first.unwrap_or_else(|| Problem::internal("a migration was refused for no reason")));
        }
    };
    let made = replacement.of(ctx, tx, customer, &seen, asked).await?;
    let migration = NewCommerceMigration {
        id: ctx.chance.guid(),
        customer: customer.id,
        source: seen.id,
        target: made.id,
        target_offer: made.offer.offer_id(),
        order: made.order,
        quantity: made.quantity,
        billing_cycle: made.billing_cycle,
        term: made.offer.term.duration(),
        ends_on: made.commitment_ends_on,
        full_term: terms.full_term,
        external_reference: terms.external_reference.clone(),
        made_at: ctx.now(),
    };
    rows::new_commerce_migration::insert(tx, &migration, customer.partner).await?;
    Ok(migration)
}
