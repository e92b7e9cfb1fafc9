//! Changing what a partner says of itself.

use crate::partner_profile::{PartnerProfile, Versioned, as_it_is};
use crate::reach::Reach;
use crate::{Partner, rows};
use tenantry_access::{PartnerProfileChange, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Replaces a profile. `seen` is the version the caller saw; `None` overwrites whatever is there.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`; wrong fields, named; `Stale`.
pub async fn partner_profile_change<P: PartnerProfile>(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    profile: P,
    seen: Option<i64>,
) -> Result<(Partner, Versioned<P>), Problem> {
    let line = audit::open(ctx, db, "partner-profile-change", &format!("{tenant} {}", P::KIND)).await?;
    let outcome = replace(ctx, db, tenant, profile, seen).await;
    line.close(ctx, db, outcome).await
}

async fn replace<P: PartnerProfile>(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    profile: P,
    seen: Option<i64>,
) -> Result<(Partner, Versioned<P>), Problem> {
    let mut tx = db.begin().await?;
    rows::partner::lock(&mut tx, tenant).await?;
    let found = rows::partner::by_id(&mut tx, Reach::of(ctx)?, tenant).await?;
    let found = found.ok_or_else(|| crate::partner::missing(ctx, tenant))?;
    let partner = allow::<PartnerProfileChange, _>(ctx, found)?.into_target();
    let now: Versioned<P> = as_it_is(&mut tx, &partner).await?;
    if seen.is_some_and(|seen| seen != now.version) {
        let message = "the profile was changed since it was read; read it again and repeat the change";
        return Err(Problem::new(Reason::Stale, message).at("If-Match"));
    }
    let profile = profile.checked(&partner)?;
    let changed = Versioned { profile, version: now.version + 1 };
    rows::partner_profile::put(&mut tx, tenant, (P::KIND, &changed.profile), changed.version, ctx.now()).await?;
    let partner = changed.profile.applied(partner);
    rows::partner::describe(&mut tx, &partner).await?;
    tx.commit().await?;
    Ok((partner, changed))
}
