//! `GET /v1/profiles/mpn`: whose number in the partner network that is. Without a number, the partner's own.
//!
//! A partner finds itself and, if it is an indirect provider, its resellers. Who else is in the network is not told.

use crate::params;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{PartnerKind, partner_get, reseller_list};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MpnProfile {
    partner_name: String,
    mpn_id: String,
    profile_type: &'static str,
    links: Links,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (db, own) = (call.world.db(), params::partner(&call)?);
    let partner = partner_get(&call.ctx, db, own).await?;
    let found = match call.query("mpnId").map(str::trim).filter(|id| !id.is_empty()) {
        None => partner,
        Some(id) if id == partner.mpn_id => partner,
        Some(id) => {
            let resellers = match partner.kind {
                PartnerKind::IndirectProvider => reseller_list(&call.ctx, db, own).await?,
                PartnerKind::Direct | PartnerKind::Reseller { .. } => Vec::new(),
            };
            resellers.into_iter().find(|reseller| reseller.mpn_id == id).ok_or_else(|| unknown(id))?
        }
    };
    Answer::ok(&MpnProfile {
        partner_name: found.company_name,
        mpn_id: found.mpn_id,
        profile_type: "MpnProfile",
        links: Links::to_self("/profiles/mpn"),
        attributes: Attributes::of("MpnProfile"),
    })
}

fn unknown(id: &str) -> Problem {
    let seen: String = id.chars().take(40).collect();
    Problem::new(
        Reason::TenantNotFound,
        format!("mpnId: `{seen}` is neither your number nor that of a reseller of yours"),
    )
    .at("mpnId")
}
