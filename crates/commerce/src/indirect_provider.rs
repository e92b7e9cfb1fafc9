//! Whom a reseller buys from: as much of it as stands on the documents the reseller gets from it.

use crate::partner::missing;
use crate::reach::Reach;
use crate::rows;
use tenantry_access::{PartnerProfileRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// An indirect provider as its resellers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndirectProvider {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its legal name.
    pub company_name: String,
    /// Its number in the partner network.
    pub mpn_id: String,
    /// The country of its address.
    pub country: String,
}

/// The indirect provider a partner buys from; `None` for one that buys from the provider. Whoever may read the partner's
/// own profile may know it.
///
/// # Errors
/// `CustomerNotFound` or `TenantNotFound` for a partner outside the caller's reach; `Forbidden`.
pub async fn indirect_provider_of(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
) -> Result<Option<IndirectProvider>, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, partner).await?;
    let partner = allow::<PartnerProfileRead, _>(ctx, found.ok_or_else(|| missing(ctx, partner))?)?.into_target();
    let Some(above) = partner.kind.indirect_provider() else { return Ok(None) };
    // Beyond the caller's reach in everything else.
    let above = rows::partner::by_id(&mut reader, Reach::ALL, above).await?;
    Ok(above.map(|above| IndirectProvider {
        tenant: above.tenant,
        company_name: above.company_name,
        mpn_id: above.mpn_id,
        country: above.address.country,
    }))
}
