//! What a partner registered. The address may hold a secret, so only who may change it sees it.

use crate::registration::none;
use crate::rows;
use crate::{Registration, Topic};
use tenantry_access::{PartnerProfileRead, PartnerScope, WebhookManage, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The registration of a partner.
///
/// # Errors
/// `ObjectNotFound` if it has none.
pub async fn registration_find(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Registration, Problem> {
    allow::<WebhookManage, _>(ctx, PartnerScope(partner))?;
    rows::find(&mut db.reader().await?, partner).await?.ok_or_else(|| none(partner))
}

/// What a partner can be told of.
///
/// # Errors
/// `Forbidden` for who may not even see the partner.
pub fn topic_list(ctx: &OpContext, partner: TenantId) -> Result<[Topic; Topic::ALL.len()], Problem> {
    allow::<PartnerProfileRead, _>(ctx, PartnerScope(partner))?;
    Ok(Topic::ALL)
}
