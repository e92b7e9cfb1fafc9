//! Asking something of a relationship: the partner locks it, the customer approves or rejects it, either ends it.
//!
//! The customer's approval is a request too, so both sides see in one list who wanted what and when. Where the field's
//! customer follows an invitation link, ours approves in its portal or by the same call with its own token.

use crate::relationships::reach::{Side, allowed, of_either, stale};
use crate::relationships::relationship_create::clip;
use crate::relationships::relationship_end::schedule_end;
use crate::relationships::{
    Relationship, RelationshipAction, RelationshipCustomer, RelationshipRequest, RelationshipStatus, RequestStatus,
    relationship_rows,
};
use crate::rows;
use tenantry_access::{RelationshipApprove, RelationshipManage};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};

/// Asks something of a relationship in the name of `tenant`, its partner or its customer. It is done when this returns.
///
/// The partner may lock and terminate, the customer approve, reject and terminate. Source: directory.md 3.4.
///
/// # Errors
/// `RelationshipNotFound` if the tenant is no side of it; `Forbidden` without the role, or if the action is the other
/// side's; `RelationshipStateRefused` if its state does not allow the action.
pub async fn relationship_request(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    action: RelationshipAction,
) -> Result<RelationshipRequest, Problem> {
    let line = audit::open(ctx, db, act_name(action), &clip(id)).await?;
    let outcome = request(ctx, db, tenant, id, action).await.map(|(_, request)| request);
    line.close(ctx, db, outcome).await
}

/// The customer `tenant` approves a relationship, which is active from now on. If it named no customer, it is this one.
///
/// # Errors
/// As [`relationship_request`].
pub async fn relationship_approve(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<Relationship, Problem> {
    let line = audit::open(ctx, db, act_name(RelationshipAction::Approve), &clip(id)).await?;
    let outcome = request(ctx, db, tenant, id, RelationshipAction::Approve).await;
    line.close(ctx, db, outcome.map(|(relationship, _)| relationship)).await
}

const fn act_name(action: RelationshipAction) -> &'static str {
    match action {
        RelationshipAction::LockForApproval => "relationship-lock",
        RelationshipAction::Approve => "relationship-approve",
        RelationshipAction::Reject => "relationship-reject",
        RelationshipAction::Terminate => "relationship-terminate",
    }
}

async fn request(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    action: RelationshipAction,
) -> Result<(Relationship, RelationshipRequest), Problem> {
    let mut tx = db.begin().await?;
    let (mut relationship, side) = of_either(ctx, &mut tx, tenant, id).await?;
    check_side(ctx, tenant, id, side, action)?;
    let Some(last) = relationship.status.path(action).and_then(<[_]>::last) else {
        let (status, action) = (relationship.status.name(), action.name());
        let message = format!("the relationship is `{status}`; `{action}` is not possible in this state");
        return Err(Problem::new(Reason::RelationshipStateRefused, message));
    };
    let at = ctx.now();
    relationship.status = *last;
    relationship.changed_at = at;
    relationship.version += 1;
    if relationship.status == RelationshipStatus::Active {
        activate(ctx, &mut tx, &mut relationship, tenant).await?;
    }
    let request = RelationshipRequest {
        id: ctx.chance.guid(),
        relationship: relationship.id.clone(),
        action,
        status: RequestStatus::Succeeded,
        created_at: at,
        changed_at: at,
    };
    if !relationship_rows::update(&mut tx, &relationship).await? {
        return Err(stale("the relationship"));
    }
    relationship_rows::request_insert(&mut tx, relationship.partner, &request).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok((relationship, request))
}

fn check_side(
    ctx: &OpContext,
    tenant: TenantId,
    id: &str,
    side: Side,
    action: RelationshipAction,
) -> Result<(), Problem> {
    match side {
        Side::Partner => allowed::<RelationshipManage>(ctx, tenant, id)?,
        // By the policy, for the customer's own people only: a partner that administers the tenant does not give itself
        // more.
        Side::Customer => allowed::<RelationshipApprove>(ctx, tenant, id)?,
    }
    let theirs = match action {
        RelationshipAction::LockForApproval => side == Side::Partner,
        RelationshipAction::Approve | RelationshipAction::Reject => side == Side::Customer,
        RelationshipAction::Terminate => true,
    };
    if theirs {
        return Ok(());
    }
    let who = match side {
        Side::Partner => "a Global Administrator of the customer",
        Side::Customer => "the partner",
    };
    Err(Problem::new(Reason::Forbidden, format!("`{}` is for {who} to ask", action.name())))
}

/// From the customer's approval on, time runs.
async fn activate(
    ctx: &OpContext,
    tx: &mut Tx,
    relationship: &mut Relationship,
    customer: TenantId,
) -> Result<(), Problem> {
    let tenant = rows::tenant_by_id(tx, customer).await?;
    let tenant = tenant.ok_or_else(|| Problem::corrupt(format!("tenant {customer} has vanished")))?;
    let end = ctx.now().plus_seconds(relationship.duration.seconds());
    relationship.customer = Some(RelationshipCustomer { tenant: customer, display_name: tenant.name });
    relationship.activated_at = Some(ctx.now());
    relationship.ends_at = Some(end);
    schedule_end(tx, &relationship.id, end).await
}
