//! A partner that another names: itself, or one of its resellers. Who else sells here is not told.

use crate::partner::{PartnerKind, missing};
use crate::reach::Reach;
use crate::{Partner, rows};
use tenantry_access::{PartnerProfileRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// By what it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy<'a> {
    /// Its number in the partner network.
    Mpn(&'a str),
    /// Its tenant.
    Tenant(TenantId),
}

impl NamedBy<'_> {
    fn names(self, partner: &Partner) -> bool {
        match self {
            Self::Mpn(id) => partner.mpn_id == id,
            Self::Tenant(id) => partner.tenant == id,
        }
    }
}

/// The partner that is named: `own` or, of an indirect provider, a reseller. `None` if it is neither.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`, as for `own`.
pub async fn partner_known(
    ctx: &OpContext,
    db: &Db,
    own: TenantId,
    named: NamedBy<'_>,
) -> Result<Option<Partner>, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, own).await?;
    let own = allow::<PartnerProfileRead, _>(ctx, found.ok_or_else(|| missing(ctx, own))?)?.into_target();
    if named.names(&own) {
        return Ok(Some(own));
    }
    let resellers = match own.kind {
        PartnerKind::IndirectProvider => rows::partner::resellers(&mut reader, own.tenant).await?,
        PartnerKind::Direct | PartnerKind::Reseller { .. } => Vec::new(),
    };
    Ok(resellers.into_iter().find(|reseller| named.names(reseller)))
}
