//! `POST /api/v1/external-subscriptions`: the provider registers a subscription that was bought elsewhere, by an
//! enterprise agreement or by card. It is seen in the tenant it lives in; no partner manages it, and nothing is billed
//! for it here.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_commerce::{BringSubscription, subscription_bring};
use tenantry_core::{Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ExternalBody {
    /// The tenant it lives in: its id or one of its domains.
    #[schemars(with = "schema::IdOrDomain")]
    tenant: Option<String>,
    /// The id it has elsewhere; a new one if absent. Sent again, it renames the subscription.
    #[schemars(with = "Option<schema::Id>")]
    id: Option<String>,
    #[schemars(required)]
    friendly_name: Option<String>,
    bought_by: Option<String>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExternalView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    tenant: TenantId,
    friendly_name: String,
    bought_by: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
}

/// Registers one.
pub(crate) async fn register(call: Call) -> Result<Answer, Problem> {
    // Before a tenant is looked up by what was sent. The act asks again.
    allow::<ChannelManage, _>(&call.ctx, WorldScope { sandbox: false })?;
    let body: ExternalBody = call.json()?;
    let parse = |text: &str| SubscriptionId::parse(text).map_err(|error| Problem::invalid("id", error));
    let bring = BringSubscription {
        tenant: asked::tenant_named(&call, &body.tenant.ok_or_else(|| Problem::missing("tenant"))?).await?,
        id: body.id.as_deref().map(parse).transpose()?,
        friendly_name: body.friendly_name.unwrap_or_default(),
        bought_by: body.bought_by.unwrap_or_default(),
    };
    let brought = subscription_bring(&call.ctx, call.world.db(), bring).await?;
    Answer::created(&ExternalView {
        id: brought.id,
        tenant: brought.tenant,
        friendly_name: brought.friendly_name,
        bought_by: brought.bought_by,
        created_at: brought.created_at,
    })
}
