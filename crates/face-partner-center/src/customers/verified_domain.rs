//! `POST /v1/customers/{customer}/verifieddomain`: bringing in a domain together with its proof.
//!
//! Registrars of the field do that, whose word is proof enough there. Here no partner's word is: in a sandbox asking is
//! enough for everybody, in a live world the provider confirms (`tenantry_directory::domain_add_verified`). It is done in the
//! customer's directory, so by a person with delegated administration. Every domain keeps its own passwords: federation is
//! not offered. Source: partner-center-v1.md 2.1 row 20, 3.1 (VerifiedDomain, Domain).

use crate::users;
use crate::wire::Attributes;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_core::{Problem, Reason};
use tenantry_directory::domain_add_verified;
use tenantry_http::{Answer, Call};

/// Whether somebody else keeps the passwords of a domain.
const AUTHENTICATION: Words<bool> = Words(&[("managed", false), ("federated", true)]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Domain {
    authentication_type: &'static str,
    capability: &'static str,
    is_default: bool,
    is_initial: bool,
    name: String,
    status: &'static str,
    verification_method: &'static str,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    let body = Body::of(&call)?;
    let name = name(&body.fields()?)?;
    let sandbox = call.world.settings().sandbox;
    let domain = domain_add_verified(&there.ctx, call.world.db(), there.tenant, &name, sandbox)
        .await
        .map_err(|problem| if problem.field() == Some("name") { problem.at("verifiedDomainName") } else { problem })?;
    Answer::created(&Domain {
        authentication_type: "managed",
        // Nothing is switched on for one domain and off for another.
        capability: "all",
        is_default: domain.default,
        is_initial: domain.initial,
        name: domain.name,
        status: "verified",
        verification_method: "dns_record",
        attributes: Attributes::of("Domain"),
    })
}

/// The name, which is written twice and must be the same.
fn name(fields: &Fields<'_>) -> Result<String, Problem> {
    const NAME: &str = "verifiedDomainName";
    let name = fields.text(NAME)?.ok_or_else(|| Problem::missing(NAME))?;
    let domain = fields.object_or_empty("domain")?;
    let again = domain.text("name")?;
    if again.is_some_and(|again| !again.trim().eq_ignore_ascii_case(name.trim())) {
        return Err(Problem::invalid("domain.name", "it is not the name of `verifiedDomainName`; send one name"));
    }
    let federated = domain.word("authenticationType", &AUTHENTICATION)?.unwrap_or(false);
    if federated || fields.has("domainFederationSettings") {
        let message = "domain.authenticationType: federated domains are not offered; bring it in as managed";
        return Err(Problem::new(Reason::Unsupported, message).at("domain.authenticationType"));
    }
    Ok(name)
}
