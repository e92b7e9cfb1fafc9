//! Registering: from now on the partner is told of what it asks for. What happened before is not told.

use crate::rows;
use crate::{NewRegistration, Registration};
use tenantry_access::{PartnerScope, WebhookManage, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit, outbox};

/// Registers where a partner is told, and of what.
///
/// Source: partner-center-v1.md 2.21 (row 217), 3.23.
///
/// # Errors
/// `AlreadyExists` if it has a registration; `InvalidField` for an address that is not called (see the README);
/// `MissingField` without address or topics; `Forbidden` for whoever may not say where facts of customers go.
pub async fn registration_create(
    ctx: &OpContext,
    db: &Db,
    sandbox: bool,
    partner: TenantId,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    let line = audit::open(ctx, db, "webhook-register", &partner.to_string()).await?;
    let outcome = create(ctx, db, sandbox, partner, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    sandbox: bool,
    partner: TenantId,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    allow::<WebhookManage, _>(ctx, PartnerScope(partner))?;
    let NewRegistration { url, topics, own_header } = new.checked(sandbox)?;
    let registration = Registration { id: ctx.chance.guid(), partner, url, topics, own_header, changed_at: ctx.now() };
    let mut tx = db.begin().await?;
    let after = outbox::last(&mut tx).await?;
    if !rows::insert(&mut tx, &registration, after).await? {
        let told = "this partner has registered a webhook already; change it with PUT";
        return Err(Problem::new(Reason::AlreadyExists, told));
    }
    tx.commit().await?;
    Ok(registration)
}
