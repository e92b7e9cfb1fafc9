//! `GET /api/v1/access/subscriptions`: which subscriptions of a tenant the caller sees, why, and whether it may do more
//! than look. Two partners of one tenant ask here and never hear of each other's.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_commerce::{Bought, TenantSubscription, customer_get, tenant_subscriptions};
use tenantry_core::{Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<SubscriptionView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubscriptionView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    tenant: TenantId,
    friendly_name: String,
    status: &'static str,
    /// Whether it was bought elsewhere, which no partner manages.
    elsewhere: bool,
    /// How it was bought, if elsewhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    bought_by: String,
    /// Who sold it, if the caller may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_id: Option<&'static str>,
    manageable: bool,
    why: Vec<String>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
}

/// What the caller sees.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let tenant = asked::tenant(&call).await?;
    let seen = tenant_subscriptions(&call.ctx, call.world.db(), tenant).await?;
    if seen.is_empty() {
        known(&call, tenant).await?;
    }
    Answer::ok(&ListView { items: seen.into_iter().map(view).collect() })
}

/// Who has nothing to do with a tenant does not hear that it has nothing, but that there is no such tenant.
async fn known(call: &Call, tenant: TenantId) -> Result<(), Problem> {
    if call.ctx.confined_to().is_none_or(|own| own == tenant) {
        return Ok(());
    }
    match customer_get(&call.ctx, call.world.db(), tenant).await {
        Err(problem) if problem.reason() == Reason::CustomerNotFound => {
            // In the words of the question: its domain must not tell the id.
            Err(asked::no_tenant(asked::optional(call, "tenant").unwrap_or_default()))
        }
        found => found.map(|_| ()),
    }
}

fn view(seen: TenantSubscription) -> SubscriptionView {
    let (elsewhere, bought_by, partner) = match seen.bought {
        Bought::Elsewhere(by) => (true, by, None),
        Bought::FromPartner(partner) => (false, String::new(), partner.map(|partner| partner.to_string())),
    };
    SubscriptionView {
        id: seen.id,
        tenant: seen.tenant,
        friendly_name: seen.friendly_name,
        status: seen.status.name(),
        elsewhere,
        bought_by,
        partner,
        offer_id: seen.offer.map(|offer| offer.id),
        manageable: seen.manageable,
        why: seen.why,
        created_at: seen.created_at,
    }
}
