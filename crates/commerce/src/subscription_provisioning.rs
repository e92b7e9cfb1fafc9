//! Whether the seats of a subscription have arrived in the customer's tenant.
//!
//! What is told is what the directory has: commerce puts the units there in the transaction that sells or changes them
//! (`into_tenant.rs`), so nothing is ever on its way, and a subscription whose units are missing is told as it is.

use crate::subscription::Subscription;
use crate::subscriptions;
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{Caller, Day, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::Db;
use tenantry_directory::subscribed_skus;
use uuid::Uuid;

/// The licences of a subscription in the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provisioning {
    /// The licence product.
    pub sku: Uuid,
    /// Whether the tenant has its units, in use or suspended.
    pub provisioned: bool,
    /// How many.
    pub quantity: i64,
    /// The day the commitment ends; `None` if there is none.
    pub ends_on: Option<Day>,
}

/// How the seats of a subscription stand in the tenant.
///
/// Source: partner-center-v1.md 2.5 row 76, 4.10.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `Unsupported` for what is billed by usage, which gives no
/// licences.
pub async fn subscription_provisioning(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Provisioning, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    drop(reader);
    // Who sold the seats may know that they are there, with or without a right to read the customer's directory.
    let platform = OpContext { caller: Caller::System("subscription_provisioning"), ..ctx.clone() };
    let owned = subscribed_skus(&platform, db, seen.customer).await?;
    let provisioned = owned.iter().any(|sku| sku.subscriptions.contains(&seen.id));
    of(&seen, provisioned)
}

fn of(seen: &Subscription, provisioned: bool) -> Result<Provisioning, Problem> {
    let Some(product) = seen.offer.product else {
        let message = format!("{} is billed by usage and gives no licences; nothing is provisioned", seen.offer.name);
        return Err(Problem::new(Reason::Unsupported, message));
    };
    Ok(Provisioning {
        sku: Uuid::parse_str(product.id).map_err(Problem::internal)?,
        provisioned,
        quantity: if provisioned { seen.quantity } else { 0 },
        ends_on: seen.commitment_ends_on,
    })
}
