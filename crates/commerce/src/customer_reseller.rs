//! The reseller an indirect provider acts for, as clients name it: `associatedPartnerId`.
//!
//! The field's documentation calls it the tenant of the reseller (partner-center-v1.md 3.1); people know resellers by their
//! number in the partner network, so that is taken as well.

use crate::partner::PartnerKind;
use crate::{partner_get, reseller_list, text};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

const FIELD: &str = "associatedPartnerId";

/// The partner that is to sell: the caller's reseller of that tenant id or number, or the partner itself if it names itself.
///
/// # Errors
/// `Unsupported` on `associatedPartnerId` for a partner without resellers; `InvalidField` for what is none of its
/// resellers, and for a number that several of them have; `Forbidden`.
pub async fn customer_reseller(ctx: &OpContext, db: &Db, own: TenantId, named: &str) -> Result<TenantId, Problem> {
    let (named, seen) = (named.trim(), text::shown(named));
    let partner = partner_get(ctx, db, own).await?;
    let wanted = TenantId::parse(named).ok();
    if wanted == Some(own) || partner.mpn_id == named {
        return Ok(own);
    }
    if partner.kind != PartnerKind::IndirectProvider {
        let message = format!(
            "{FIELD}: only an indirect provider sells through others, and {} has no resellers, so `{seen}` is none; leave \
             it out",
            partner.company_name
        );
        return Err(Problem::new(Reason::Unsupported, message).at(FIELD));
    }
    let mut resellers = reseller_list(ctx, db, own).await?;
    resellers.retain(|reseller| Some(reseller.tenant) == wanted || reseller.mpn_id == named);
    match resellers.len() {
        1 => Ok(resellers[0].tenant),
        0 => Err(Problem::invalid(FIELD, format!("`{seen}` is none of your resellers; list your relationships"))),
        several => {
            let message =
                format!("`{seen}` is the number of {several} of your resellers; name the tenant of the one meant");
            Err(Problem::invalid(FIELD, message))
        }
    }
}
