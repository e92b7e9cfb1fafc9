//! Deleting a customer of a sandbox, so that integrators can clean up what their tests made.
//!
//! Gone is the customer, what it had of the partner, and its tenant: its people and applications do not sign in any more,
//! and its domain is free. What was used is on the books of the sandbox all the same, as documents never change.
//!
//! Source: partner-center-v1.md 2.1 row 4, 4.1 "Delete", section 7.

use crate::customer_end::{let_go, removable, unused};
use crate::subscription::Subscription;
use crate::{rows, subscription_keep};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};
use tenantry_directory::tenant_close;

/// Deletes a customer. `sandbox` says whether the world is one.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `Unsupported` in a live world; `StatusChangeRefused` while a subscription is active;
/// `InvalidField` on `customer` if the tenant is the customer of another partner too, to whom it belongs as much.
pub async fn customer_delete(ctx: &OpContext, db: &Db, customer: TenantId, sandbox: bool) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "customer-delete", &customer.to_string()).await?;
    let outcome = delete(ctx, db, customer, sandbox).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, customer: TenantId, sandbox: bool) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let customer = removable(ctx, &mut tx, customer, sandbox).await?;
    if !sandbox {
        let message = "customers are deleted in sandboxes only; here, end the relationship with the customer instead";
        return Err(Problem::new(Reason::Unsupported, message));
    }
    let left = unused(&mut tx, &customer).await?;
    if rows::customer::others(&mut tx, &customer).await? {
        let message = "the tenant buys from another partner too; end your own relationship with it instead";
        return Err(Problem::invalid("customer", message));
    }
    for subscription in left {
        let state = subscription.state.delete(ctx.now())?;
        let deleted = Subscription { state, version: subscription.version + 1, ..subscription };
        subscription_keep::keep(ctx, &mut tx, &deleted).await?;
    }
    let customer = let_go(ctx, &mut tx, customer).await?;
    tenant_close(ctx, &mut tx, customer.id).await?;
    tx.commit().await
}
