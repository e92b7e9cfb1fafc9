//! `GET /v1/profiles/mpn`: whose number in the partner network that is. Without a number, the partner's own.
//!
//! A partner finds itself and, if it is an indirect provider, its resellers. Who else is in the network is not told.

use crate::params;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{NamedBy, partner_get, partner_known};
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
    let found = match call.query("mpnId").map(str::trim).filter(|id| !id.is_empty()) {
        None => partner_get(&call.ctx, db, own).await?,
        Some(id) => partner_known(&call.ctx, db, own, NamedBy::Mpn(id)).await?.ok_or_else(|| unknown(id))?,
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
