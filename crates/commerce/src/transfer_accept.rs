//! Accepting a transfer: the subscriptions are the other partner's from now on.
//!
//! All of them or none: a rule that refuses one leaves the transfer open and everything as it was.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription_change_reseller::give;
use crate::transfer::{TransferState, actor, obstacle};
use crate::transfer_end::{at_once, end, partner};
use crate::{Subscription, Transfer, customers, rows, transfers};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// Accepts a transfer, as the partner it was offered to: who may order for the customer may take over what costs money.
///
/// # Errors
/// `CustomerNotFound` as long as the tenant is not that partner's customer, `ObjectNotFound`, `Forbidden`;
/// `StatusChangeRefused` if the transfer is over, or a subscription is no longer what was offered; what refuses any change
/// of reseller, as other prices; `Stale` if another request answers it at once.
pub async fn transfer_accept(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Transfer, Problem> {
    let line = audit::open_about(ctx, db, "transfer-accept", &id.to_string(), customer).await?;
    let outcome = accept(ctx, db, customer, id).await;
    line.close(ctx, db, outcome).await
}

async fn accept(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Transfer, Problem> {
    let mut tx = db.begin().await?;
    customers::visible(ctx, &mut tx, customer).await?;
    let seen = transfers::visible(ctx, &mut tx, customer, id).await?;
    let to = partner(&mut tx, seen.target).await?;
    allow::<OrderPlace, _>(ctx, end(&to, customer))?;
    seen.must_be_open(ctx.now())?;
    let done = Transfer { done: TransferState::Completed, changed_at: ctx.now(), changed_by: actor(ctx), ..seen };
    if !rows::transfer::end(&mut tx, &done).await? {
        return Err(at_once());
    }
    for line in &done.lines {
        let offered = as_offered(&mut tx, &done, line.subscription).await?;
        give(ctx, &mut tx, &offered, &to).await?;
    }
    tx.commit().await?;
    Ok(done)
}

/// The subscription, if it is what was offered: still its seller's, and in use.
async fn as_offered(tx: &mut Tx, transfer: &Transfer, id: SubscriptionId) -> Result<Subscription, Problem> {
    let which = Which { id: Some(id), ..Which::default() };
    let found = rows::subscription::of_customer(tx, Reach::ALL, transfer.customer, which).await?.pop();
    let found = found.filter(|found| found.partner == transfer.source);
    let why = found.as_ref().map_or(Some("it is no longer the other partner's"), |found| obstacle(found, false));
    match (found, why) {
        (Some(found), None) => Ok(found),
        (_, why) => {
            let why = why.unwrap_or_default();
            let message =
                format!("subscription {id} cannot be taken over: {why}; reject the transfer and ask for a new one");
            Err(Problem::new(Reason::StatusChangeRefused, message))
        }
    }
}
