//! The end between a partner and its customer.
//!
//! What was sold must stand still first: nothing may go on being used, and charged, by a customer whose partner has let go
//! of it. Then the partner sees it no more, may order nothing for it and administer nothing there. What it used is billed
//! all the same, and issued documents name it: the row stays. The customer's tenant stays too, with whatever it buys from
//! others; its administrator may accept an invitation of the partner again.
//!
//! Source: partner-center-v1.md 2.1 row 5, 4.1 "Remove relationship".

use crate::customer::Customer;
use crate::reach::Reach;
use crate::subscription::{Status, Subscription};
use crate::subscription_keep::keep;
use crate::{customers, rows};
use tenantry_access::{CustomerRemove, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};
use tenantry_directory::contract_end;

/// Ends the reseller relationship with a customer. `sandbox` says whether the world is one, where admin agents clean up
/// after themselves; elsewhere it is for the partner's global administrators.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `StatusChangeRefused` on `relationshipToPartner` while a subscription is active.
pub async fn customer_end(ctx: &OpContext, db: &Db, customer: TenantId, sandbox: bool) -> Result<Customer, Problem> {
    let line = audit::open(ctx, db, "customer-end", &customer.to_string()).await?;
    let outcome = end(ctx, db, customer, sandbox).await;
    line.close(ctx, db, outcome).await
}

async fn end(ctx: &OpContext, db: &Db, customer: TenantId, sandbox: bool) -> Result<Customer, Problem> {
    let mut tx = db.begin().await?;
    let customer = removable(ctx, &mut tx, customer, sandbox).await?;
    let held = unused(&mut tx, &customer).await?;
    let customer = let_go(ctx, &mut tx, customer).await?;
    hold_down(ctx, &mut tx, held).await?;
    tx.commit().await?;
    Ok(customer)
}

/// The customer, held, if the caller may remove it.
pub(crate) async fn removable(
    ctx: &OpContext,
    tx: &mut Tx,
    customer: TenantId,
    sandbox: bool,
) -> Result<Customer, Problem> {
    let customer = customers::visible_as_one(ctx, tx, customer).await?;
    allow::<CustomerRemove, _>(ctx, customer.scope(sandbox))?;
    rows::customer::lock(tx, &customer).await?;
    Ok(customer)
}

/// What the partner sold to the customer and is not deleted.
///
/// # Errors
/// `StatusChangeRefused` while one of them is in use.
pub(crate) async fn unused(tx: &mut Tx, customer: &Customer) -> Result<Vec<Subscription>, Problem> {
    let all = rows::subscription::Which::default();
    let reach = Reach::ALL.of_partner(customer.partner);
    let mut held = rows::subscription::of_customer(tx, reach, customer.id, all).await?;
    held.retain(|one| one.partner == customer.partner && one.state.status() != Status::Deleted);
    if let Some(active) = held.iter().find(|one| one.state.status() == Status::Active) {
        let message = format!(
            "{} still has `{}` in use ({}); suspend or cancel every subscription first",
            customer.company_name, active.friendly_name, active.id
        );
        return Err(Problem::new(Reason::StatusChangeRefused, message).at("relationshipToPartner"));
    }
    Ok(held)
}

/// What a spending limit stopped would go on by itself when the limit holds it no more, with nobody left who sees it.
async fn hold_down(ctx: &OpContext, tx: &mut Tx, held: Vec<Subscription>) -> Result<(), Problem> {
    for one in held {
        let state = one.state.held_down();
        if state != one.state {
            keep(ctx, tx, &Subscription { state, version: one.version + 1, ..one }).await?;
        }
    }
    Ok(())
}

/// The partner and the customer are nothing to each other any more, in what is sold and in the customer's tenant.
pub(crate) async fn let_go(ctx: &OpContext, tx: &mut Tx, customer: Customer) -> Result<Customer, Problem> {
    if !rows::customer::end(tx, &customer, ctx.now()).await? {
        return Err(crate::customer::no_customer(customer.id));
    }
    // Nobody is left to see them, or to want them if the relationship is taken up again.
    rows::new_commerce_schedule::call_off(tx, (customer.id, customer.partner), ctx.now()).await?;
    contract_end(ctx, tx, customer.partner, customer.id).await?;
    Ok(Customer { ended_at: Some(ctx.now()), ..customer })
}
