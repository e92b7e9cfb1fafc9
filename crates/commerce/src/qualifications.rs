//! Reading what customers are.

use crate::qualification::{CustomerQualification, Vetting};
use crate::{customers, rows};
use tenantry_access::{ChannelManage, CustomerRead, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db};
use uuid::Uuid;

/// What a customer is, as its partner says, oldest first; of all states of review.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn qualification_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<Vec<CustomerQualification>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    rows::qualification::of_customer(&mut reader, (customer.id, customer.partner), ctx.now()).await
}

/// What waits for the provider, oldest first, at most a thousand. What a sandbox will approve by itself is among it until
/// then.
///
/// # Errors
/// `Forbidden` for all but the provider.
pub async fn qualification_review_list(ctx: &OpContext, db: &Db) -> Result<Vec<CustomerQualification>, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let mut open = rows::qualification::in_review(&mut db.reader().await?, ctx.now()).await?;
    open.retain(|of| matches!(of.vetting, Vetting::InReview { .. }));
    Ok(open)
}

/// One that the provider is to decide about.
///
/// # Errors
/// `ObjectNotFound`, also for one of a customer that the caller does not see; `Forbidden` for all but the provider.
pub async fn qualification_review_get(ctx: &OpContext, db: &Db, id: Uuid) -> Result<CustomerQualification, Problem> {
    to_decide(ctx, &mut db.reader().await?, id).await
}

/// Whom it is not there for must not learn from a refusal that it is.
pub(crate) async fn to_decide(
    ctx: &OpContext,
    on: &mut impl Connection,
    id: Uuid,
) -> Result<CustomerQualification, Problem> {
    let missing =
        || Problem::new(Reason::ObjectNotFound, format!("there is no qualification {id}; list those in review"));
    let found = rows::qualification::by_id(on, id, ctx.now()).await?.ok_or_else(missing)?;
    let seen = customers::visible_of_partner(ctx, on, found.partner, found.customer).await;
    seen.map_err(|problem| if problem.reason() == Reason::CustomerNotFound { missing() } else { problem })?;
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    Ok(found)
}
