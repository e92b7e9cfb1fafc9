//! Reading partners and the edges they buy on.

use crate::partner::missing;
use crate::reach::Reach;
use crate::{Edge, Partner, rows};
use tenantry_access::{PartnerProfileRead, PriceRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A partner's profile.
pub async fn partner_get(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Partner, Problem> {
    let reach = Reach::of(ctx)?;
    let found = rows::partner::by_id(&mut db.reader().await?, reach, tenant).await?;
    let partner = found.ok_or_else(|| missing(ctx, tenant))?;
    Ok(allow::<PartnerProfileRead, _>(ctx, partner)?.into_target())
}

/// The edge a partner buys on, with its price list and history.
pub async fn edge_of(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Edge, Problem> {
    let reach = Reach::of(ctx)?;
    let found = rows::edge::of_buyer(&mut db.reader().await?, reach, buyer).await?;
    let edge = found.ok_or_else(|| missing(ctx, buyer))?;
    Ok(allow::<PriceRead, _>(ctx, edge)?.into_target())
}
