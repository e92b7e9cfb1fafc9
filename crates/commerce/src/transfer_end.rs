//! Ending a transfer without a change of hands: the other partner rejects it, or the one that offered withdraws it.

use crate::reach::Reach;
use crate::transfer::{TransferEnd, TransferState, actor};
use crate::{Partner, Transfer, customers, rows, transfers};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// Rejects a transfer, as the partner it was offered to.
///
/// # Errors
/// `CustomerNotFound`, `ObjectNotFound`, `Forbidden`; `StatusChangeRefused` if it is over; `Stale`.
pub async fn transfer_reject(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Transfer, Problem> {
    let line = audit::open_about(ctx, db, "transfer-reject", &id.to_string(), customer).await?;
    let outcome = finish(ctx, db, (customer, id), TransferState::Rejected).await;
    line.close(ctx, db, outcome).await
}

/// Withdraws a transfer, as the partner that offered.
///
/// # Errors
/// As [`transfer_reject`].
pub async fn transfer_withdraw(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Transfer, Problem> {
    let line = audit::open_about(ctx, db, "transfer-withdraw", &id.to_string(), customer).await?;
    let outcome = finish(ctx, db, (customer, id), TransferState::Withdrawn).await;
    line.close(ctx, db, outcome).await
}

async fn finish(
    ctx: &OpContext,
    db: &Db,
    (customer, id): (TenantId, Uuid),
    state: TransferState,
) -> Result<Transfer, Problem> {
    let mut tx = db.begin().await?;
    customers::visible(ctx, &mut tx, customer).await?;
    let seen = transfers::visible(ctx, &mut tx, customer, id).await?;
    let who = if state == TransferState::Withdrawn { seen.source } else { seen.target };
    let who = partner(&mut tx, who).await?;
    allow::<SubscriptionChange, _>(ctx, end(&who, customer))?;
    seen.must_be_open(ctx.now())?;
    let done = Transfer { done: state, changed_at: ctx.now(), changed_by: actor(ctx), ..seen };
    if !rows::transfer::end(&mut tx, &done).await? {
        return Err(at_once());
    }
    tx.commit().await?;
    Ok(done)
}

/// A partner at an end of a transfer. It was one when the transfer was made, and partners stay.
pub(crate) async fn partner(tx: &mut Tx, tenant: TenantId) -> Result<Partner, Problem> {
    let found = rows::partner::by_id(tx, Reach::ALL, tenant).await?;
    found.ok_or_else(|| Problem::corrupt(format!("{tenant} stands at an end of a transfer and is no partner")))
}

/// What the policy is asked about.
pub(crate) const fn end(partner: &Partner, customer: TenantId) -> TransferEnd {
    TransferEnd { partner: partner.tenant, indirect_provider: partner.kind.indirect_provider(), customer }
}

pub(crate) fn at_once() -> Problem {
    Problem::new(Reason::Stale, "another request answers the transfer at this moment; read it again")
}
