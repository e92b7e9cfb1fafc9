//! Subscriptions registered for reservations.

use tenantry_core::{Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Tx, sql};

/// Keeps the first registration; a later one changes nothing.
pub(crate) async fn insert(
    tx: &mut Tx,
    (customer, subscription): (TenantId, SubscriptionId),
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO subscription_registration (subscription, customer, registered_at) VALUES ($1, $2, $3) \
         ON CONFLICT (subscription) DO NOTHING")
    .bind(subscription)
    .bind(customer)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// When a customer's subscription was registered.
pub(crate) async fn at(
    on: &mut impl Connection,
    (customer, subscription): (TenantId, SubscriptionId),
) -> Result<Option<Timestamp>, Problem> {
    let found = sql("SELECT registered_at FROM subscription_registration WHERE subscription = $1 AND customer = $2")
        .bind(subscription)
        .bind(customer)
        .maybe(on)
        .await?;
    found.map(|row| row.time("registered_at")).transpose()
}
