//! `GET /v1/compliance/{program}/agreementstatus`: whether a partner signed the agreement to sell: the one that asks, or
//! one of its resellers. Its refusals have codes of their own (partner-center-v1.md 2.1 row 25).

use crate::params;
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce::{NamedBy, partner_agreement_signed_at};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_http::{Answer, Call};

/// The programmes there are.
const PROGRAMS: Words<()> = Words(&[("csp", ())]);

/// Digits of a number in the partner network, at most.
const MPN_MAX: usize = 20;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AgreementSignatureStatus {
    is_agreement_signed: bool,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let program = call.param("program")?;
    if PROGRAMS.find(program).is_none() {
        let seen: String = program.chars().take(40).collect();
        return Err(Problem::new(Reason::ObjectNotFound, format!("there is no program `{seen}`; ask about `csp`")));
    }
    let given = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
    let named = match (given("mpnId"), given("tenantId")) {
        (Some(id), None) if id.len() <= MPN_MAX && id.bytes().all(|byte| byte.is_ascii_digit()) => NamedBy::Mpn(id),
        (Some(_), None) => return Err(Problem::invalid("mpnId", "it is not a number such as 4847383")),
        (None, Some(id)) => NamedBy::Tenant(TenantId::parse(id).map_err(|error| Problem::invalid("tenantId", error))?),
        (None, None) | (Some(_), Some(_)) => {
            let message = "name the partner by `mpnId` or by `tenantId`, by one of the two";
            return Err(Problem::new(Reason::MissingField, message).at("tenantId"));
        }
    };
    partner_agreement_signed_at(&call.ctx, call.world.db(), params::partner(&call)?, named).await?;
    Answer::ok(&AgreementSignatureStatus { is_agreement_signed: true })
}
