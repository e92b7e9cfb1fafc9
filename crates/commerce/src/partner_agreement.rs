//! Whether a partner signed the agreement to sell. Signing up is signing: the provider makes no partner of who has not, and
//! an indirect provider no reseller. So a partner that is here has signed, since the day it signed up, and the answer is
//! either that or why nobody can be asked about.
//!
//! Source: partner-center-v1.md 2.1 row 25.

use crate::partner_known::{NamedBy, partner_known};
use crate::reach::Reach;
use crate::{rows, text};
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Db;

/// Since when a partner has signed: `own`, or a reseller of it.
///
/// # Errors
/// `TenantNotFound` on `mpnId` or `tenantId` for who is neither; `Unsupported` on `tenantId` for a tenant that is a
/// customer of the caller and no partner; `Forbidden`.
pub async fn partner_agreement_signed_at(
    ctx: &OpContext,
    db: &Db,
    own: TenantId,
    named: NamedBy<'_>,
) -> Result<Timestamp, Problem> {
    if let Some(partner) = partner_known(ctx, db, own, named).await? {
        return Ok(partner.signed_up_at);
    }
    Err(match named {
        NamedBy::Mpn(id) => {
            let seen = text::shown(id);
            let message = format!("mpnId: {seen} is neither your number nor that of a reseller of yours");
            Problem::new(Reason::TenantNotFound, message).at("mpnId")
        }
        NamedBy::Tenant(id)
            if !rows::customer::by_id(&mut db.reader().await?, Reach::of(ctx)?, id).await?.is_empty() =>
        {
            let message = format!("tenantId: {id} is a customer, and customers sign no agreement to sell");
            Problem::new(Reason::Unsupported, message).at("tenantId")
        }
        NamedBy::Tenant(id) => {
            let message = format!("tenantId: {id} is neither your tenant nor that of a reseller of yours");
            Problem::new(Reason::TenantNotFound, message).at("tenantId")
        }
    })
}
