//! `/api/v1/partner-relationships`: the partners of a customer's tenant, and delegated administration (DAP) taken away.
//! Buying goes on: the contract stays (directory.md part 4).

use super::granular::name;
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{Problem, Reason, TenantId, TenantKind, Timestamp};
use tenantry_directory::{contracts_with, delegated_admin_remove as remove};
use tenantry_http::{Answer, Call, StatusCode};

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<PartnerView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartnerView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    partner_name: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    customer: TenantId,
    /// Whether the partner's agents administer the tenant.
    delegated_admin: bool,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
}

/// The partners of a customer's tenant.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let tenant = asked::tenant(&call).await?;
    let mut items = Vec::new();
    for contract in contracts_with(&call.ctx, call.world.db(), tenant).await? {
        items.push(PartnerView {
            partner: contract.partner,
            partner_name: name(&call, contract.partner).await?,
            customer: contract.customer,
            delegated_admin: contract.delegated_admin,
            created_at: contract.created_at,
        });
    }
    Answer::ok(&ListView { items })
}

/// Takes delegated administration away. A customer does it for its own tenant; a partner gives it up, and says in
/// which tenant.
pub(crate) async fn delegated_admin_remove(call: Call) -> Result<Answer, Problem> {
    let text = call.param("partner")?;
    let partner = match (text, asked::own(&call)) {
        ("me", Some((own, TenantKind::Partner))) => own,
        _ => TenantId::parse(text).map_err(|_| {
            let seen: String = text.chars().take(80).collect();
            let message = format!("there is no partner `{seen}` of this tenant; check the partner's tenant id");
            Problem::new(Reason::RelationshipNotFound, message)
        })?,
    };
    let customer = asked::tenant(&call).await?;
    remove(&call.ctx, call.world.db(), partner, customer).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
