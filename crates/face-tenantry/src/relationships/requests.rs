//! `/api/v1/relationship-requests`: a partner's invitation, and a customer's yes to it.
//!
//! The field has a link that the customer's administrator opens (partner-center-v1.md 3.1, RelationshipRequest). The id
//! in it names the partner and gives nobody anything; only the customer's own Global Administrator can accept.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_commerce::{
    Limits, Partner, ResellerRequest, partner_get, relationship_request_accept, relationship_request_create,
    relationship_request_find,
};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestView {
    #[schemars(with = "schema::Id")]
    id: Uuid,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    partner_name: String,
    partner_domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct AcceptBody {
    delegated_admin: bool,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AcceptedView {
    /// The customer, now of this partner too.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    customer: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    company_name: String,
    domain: String,
    /// Whether the partner's agents administer the tenant.
    delegated_admin: bool,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
}

/// The partner's invitation, made when it is asked for the first time.
pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let partner = asked::partner(&call).await?;
    let request = relationship_request_create(&call.ctx, call.world.db(), partner).await?;
    let ResellerRequest { id, partner, created_at } = request;
    let partner = partner_get(&call.ctx, call.world.db(), partner).await?;
    Answer::created(&view(id, partner, Some(created_at)))
}

/// Who invites.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let id = id(&call)?;
    let tenant = asked::tenant(&call).await?;
    let partner = relationship_request_find(&call.ctx, call.world.db(), tenant, id).await?;
    Answer::ok(&view(id, partner, None))
}

/// The customer says yes. Whether the partner may administer the tenant as well is asked for, never assumed.
pub(crate) async fn accept(call: Call) -> Result<Answer, Problem> {
    let id = id(&call)?;
    let body: AcceptBody = if call.body.is_empty() { AcceptBody::default() } else { call.json()? };
    let tenant = asked::tenant(&call).await?;
    let db = call.world.db();
    let customer = relationship_request_accept(&call.ctx, db, &Limits::NONE, tenant, id, body.delegated_admin).await?;
    Answer::created(&AcceptedView {
        customer: customer.id,
        partner: customer.partner,
        company_name: customer.company_name,
        domain: customer.domain,
        delegated_admin: body.delegated_admin,
        created_at: customer.created_at,
    })
}

/// The id of the path. What is no id is an invitation that nobody made.
fn id(call: &Call) -> Result<Uuid, Problem> {
    let text = call.param("id")?;
    Uuid::try_parse(text).map_err(|_| {
        let seen: String = text.chars().take(80).collect();
        let message = format!("there is no invitation `{seen}`; ask the partner for its link");
        Problem::new(Reason::RelationshipNotFound, message)
    })
}

fn view(id: Uuid, partner: Partner, created_at: Option<Timestamp>) -> RequestView {
    RequestView {
        id,
        partner: partner.tenant,
        partner_name: partner.company_name,
        partner_domain: partner.domain,
        created_at: created_at.map(|at| at.to_string()),
    }
}
