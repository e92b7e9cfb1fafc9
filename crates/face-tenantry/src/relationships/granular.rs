//! `/api/v1/granular-relationships`: what partners hold or want in a customer's tenant, role by role (GDAP).
//!
//! Source: directory.md 3.4. The partner writes and locks one through Microsoft Graph; the customer answers here.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{Problem, TenantId, TenantKind, Timestamp};
use tenantry_directory::{
    Relationship, RelationshipAction, RelationshipStatus, relationship_find, relationship_request, relationships_with,
    tenant_find,
};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<RelationshipView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelationshipView {
    id: String,
    display_name: String,
    status: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    partner_name: String,
    /// Absent until a customer approves one that was written for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    unified_roles: Vec<RoleView>,
    /// ISO 8601, as the partner wrote it.
    duration: String,
    auto_extend_duration: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<String>,
}

/// A directory role; the id is that of its template.
#[derive(JsonSchema, Serialize)]
pub(crate) struct RoleView {
    #[serde(rename = "roleDefinitionId")]
    #[schemars(with = "schema::Id")]
    id: Uuid,
    #[serde(rename = "displayName")]
    name: &'static str,
}

/// What partners hold or want in the tenant; `?status=approvalPending` gives those that wait for an answer.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let status = asked::parsed(&call, "status", |text: &str| {
        let names: Vec<_> = RelationshipStatus::ALL.iter().map(|status| status.name()).collect();
        let seen: String = text.chars().take(40).collect();
        RelationshipStatus::from_name(text).ok_or_else(|| format!("`{seen}` is none of {}", names.join(", ")))
    })?;
    let tenant = asked::tenant(&call).await?;
    let all = relationships_with(&call.ctx, call.world.db(), tenant).await?;
    let wanted = all.iter().filter(|relationship| status.is_none_or(|status| relationship.status == status));
    let mut items = Vec::new();
    for relationship in wanted {
        items.push(view(&call, relationship).await?);
    }
    Answer::ok(&ListView { items })
}

/// The customer says yes: the roles count from now on, for as long as it was agreed.
pub(crate) async fn approve(call: Call) -> Result<Answer, Problem> {
    ask(&call, RelationshipAction::Approve).await
}

/// The customer says no.
pub(crate) async fn reject(call: Call) -> Result<Answer, Problem> {
    ask(&call, RelationshipAction::Reject).await
}

/// Either side ends it.
pub(crate) async fn terminate(call: Call) -> Result<Answer, Problem> {
    ask(&call, RelationshipAction::Terminate).await
}

async fn ask(call: &Call, action: RelationshipAction) -> Result<Answer, Problem> {
    let (db, id) = (call.world.db(), call.param("id")?);
    // A partner that ends one stands for itself; a customer's tenant it need not name.
    let tenant = match asked::own(call) {
        Some((tenant, TenantKind::Partner)) => tenant,
        _ => asked::tenant(call).await?,
    };
    relationship_request(&call.ctx, db, tenant, id, action).await?;
    let relationship = relationship_find(&call.ctx, db, tenant, id).await?;
    Answer::ok(&view(call, &relationship).await?)
}

async fn view(call: &Call, relationship: &Relationship) -> Result<RelationshipView, Problem> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let roles = relationship.roles.iter();
    Ok(RelationshipView {
        id: relationship.id.clone(),
        display_name: relationship.display_name.clone(),
        status: relationship.status.name(),
        partner: relationship.partner,
        partner_name: name(call, relationship.partner).await?,
        customer: relationship.customer.as_ref().map(|customer| customer.tenant.to_string()),
        unified_roles: roles.map(|role| RoleView { id: role.template(), name: role.name() }).collect(),
        duration: relationship.duration.as_str().to_owned(),
        auto_extend_duration: relationship.auto_extend.as_str().to_owned(),
        created_at: relationship.created_at,
        activated_at: text(relationship.activated_at),
        ends_at: text(relationship.ends_at),
    })
}

/// What people call a partner: a customer agrees with a name, not with a number.
pub(super) async fn name(call: &Call, tenant: TenantId) -> Result<String, Problem> {
    let found = tenant_find(call.world.db(), &tenant.to_string()).await?;
    Ok(found.map_or_else(|| tenant.to_string(), |found| found.name))
}
