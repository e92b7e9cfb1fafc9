//! Whether a user signs in here or somewhere else. Clients ask before they try a password.
//!
//! Source: directory.md 1.1, 1.3. Only the domain is looked at: the answer must not tell who has an account.

use crate::discovery::host;
use crate::wire;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::tenant_find;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct Realm<'a> {
    ver: &'static str,
    account_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain_name: Option<&'a str>,
    cloud_instance_name: &'a str,
    cloud_audience_urn: &'static str,
}

/// `GET /common/userrealm/{user}`, in any letter case.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let domain = call.param("user")?.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| domain.contains('.'));
    let known = match domain {
        Some(domain) => tenant_find(call.world.db(), domain).await?.is_some(),
        None => false,
    };
    let realm = Realm {
        ver: "1.0",
        account_type: if known { "Managed" } else { "Unknown" },
        domain_name: domain.filter(|_| known),
        cloud_instance_name: host(call.world.keys().origin()),
        cloud_audience_urn: "urn:federation:MicrosoftOnline",
    };
    Ok(wire::secret(Answer::ok(&realm)?, call.ctx.request_id))
}
