//! Changing a registration: what waits to be told goes to the new address.

use crate::registration::none;
use crate::rows;
use crate::{NewRegistration, Registration};
use tenantry_access::{PartnerScope, WebhookManage, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// Replaces what a partner registered.
///
/// Source: partner-center-v1.md 2.21 (row 218).
///
/// # Errors
/// `ObjectNotFound` if it has no registration; else as [`registration_create`](crate::registration_create).
pub async fn registration_change(
    ctx: &OpContext,
    db: &Db,
    sandbox: bool,
    partner: TenantId,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    let line = audit::open(ctx, db, "webhook-change", &partner.to_string()).await?;
    let outcome = change(ctx, db, sandbox, partner, new).await;
    line.close(ctx, db, outcome).await
}

async fn change(
    ctx: &OpContext,
    db: &Db,
    sandbox: bool,
    partner: TenantId,
    new: NewRegistration,
) -> Result<Registration, Problem> {
    allow::<WebhookManage, _>(ctx, PartnerScope(partner))?;
    let mut tx = db.begin().await?;
    let known = rows::find(&mut tx, partner).await?.ok_or_else(|| none(partner))?;
    let NewRegistration { url, topics, own_header } = new.checked(sandbox)?;
    let changed = Registration { url, topics, own_header, changed_at: ctx.now(), ..known };
    rows::update(&mut tx, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}
