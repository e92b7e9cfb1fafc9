//! `/api/v1/access/role-definitions`: the built-in roles with the GUIDs they have everywhere, and a tenant's own.
//! Members are called as in Azure's API (arm.md 11.1), without the envelope.

use super::{deleted, flag, id, scope, scope_required};
use crate::{asked, schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::azure::{ArmScope, PermissionSet};
use tenantry_core::Problem;
use tenantry_directory::{AzureRole, NewAzureRole, role_definition_delete, role_definition_list, role_definition_put};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// A custom role as it is sent. What is absent is named by the act.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RoleBody {
    #[schemars(required)]
    role_name: Option<String>,
    description: Option<String>,
    permissions: Option<Vec<PermissionsBody>>,
    #[schemars(required)]
    assignable_scopes: Option<Vec<String>>,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct PermissionsBody {
    actions: Vec<String>,
    not_actions: Vec<String>,
    data_actions: Vec<String>,
    not_data_actions: Vec<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<RoleView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleView {
    #[schemars(with = "schema::Id")]
    id: Uuid,
    role_name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    permissions: Vec<PermissionsBody>,
    assignable_scopes: Vec<String>,
    /// Of a custom role.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<String>,
}

/// The roles that can be assigned at a scope, or below it.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let below = asked::parsed(&call, "below", flag)?.unwrap_or(false);
    let (tenant, scope) = (asked::tenant(&call).await?, scope(&call)?);
    let roles = role_definition_list(&call.ctx, call.world.db(), tenant, &scope, below).await?;
    Answer::ok(&ListView { items: roles.into_iter().map(view).collect() })
}

/// Creates a custom role, or changes the one with this id.
pub(crate) async fn put(call: Call) -> Result<Answer, Problem> {
    let id = id(&call)?;
    let body: RoleBody = call.json()?;
    let scopes = body.assignable_scopes.unwrap_or_default();
    let new = NewAzureRole {
        id,
        name: body.role_name.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
        permissions: body.permissions.unwrap_or_default().into_iter().map(PermissionSet::from).collect(),
        assignable_scopes: scopes.iter().map(|text| assignable(text)).collect::<Result<_, _>>()?,
    };
    let tenant = asked::tenant(&call).await?;
    Answer::ok(&view(role_definition_put(&call.ctx, call.world.db(), tenant, new).await?))
}

fn assignable(text: &str) -> Result<ArmScope, Problem> {
    ArmScope::parse(text).map_err(|problem| {
        let message = problem.message();
        Problem::invalid("assignableScopes", message.strip_prefix("scope: ").unwrap_or(message))
    })
}

/// Deletes a custom role.
pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (id, scope) = (id(&call)?, scope_required(&call)?);
    let tenant = asked::tenant(&call).await?;
    deleted(role_definition_delete(&call.ctx, call.world.db(), tenant, &scope, id).await?, view)
}

impl From<PermissionsBody> for PermissionSet {
    fn from(sent: PermissionsBody) -> Self {
        let PermissionsBody { actions, not_actions, data_actions, not_data_actions } = sent;
        Self { actions, not_actions, data_actions, not_data_actions }
    }
}

impl From<PermissionSet> for PermissionsBody {
    fn from(kept: PermissionSet) -> Self {
        let PermissionSet { actions, not_actions, data_actions, not_data_actions } = kept;
        Self { actions, not_actions, data_actions, not_data_actions }
    }
}

fn view(role: AzureRole) -> RoleView {
    let AzureRole { definition, stamp } = role;
    RoleView {
        id: definition.id,
        role_name: definition.name,
        kind: definition.kind.name(),
        description: definition.description,
        permissions: definition.permissions.into_iter().map(PermissionsBody::from).collect(),
        assignable_scopes: definition.assignable_scopes.iter().map(ArmScope::to_string).collect(),
        created_at: stamp.map(|stamp| stamp.created_at.to_string()),
        changed_at: stamp.map(|stamp| stamp.changed_at.to_string()),
    }
}
