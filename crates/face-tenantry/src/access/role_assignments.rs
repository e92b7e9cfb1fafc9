//! `/api/v1/access/role-assignments`: who has which role where. Members are called as in Azure's API (arm.md 11.2),
//! without the envelope. What is new in ours: `warnings`, where a role lets a customer take the partner's access away.

use super::{deleted, flag, guid, id, role, scope, scope_of, scope_required, word};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::azure::{BUILT_IN, PrincipalKind};
use tenantry_core::{ObjectId, Problem, Timestamp};
use tenantry_directory::{
    AssignedTo, AssignmentFilter, AssignmentNotes, AzureAssignment, NewAssignment, role_assignment_delete,
    role_assignment_list, role_assignment_put,
};
use tenantry_http::{Answer, Call, StatusCode};
use uuid::Uuid;

const KINDS: &str = "User, Group, ServicePrincipal, ForeignGroup";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AssignmentBody {
    #[schemars(required)]
    scope: Option<String>,
    /// Its GUID, or its id in Azure's API, which ends in it.
    #[schemars(required)]
    role_definition_id: Option<String>,
    #[schemars(with = "schema::Id")]
    principal_id: Option<String>,
    principal_type: Option<String>,
    description: Option<String>,
    condition: Option<String>,
    condition_version: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<AssignmentView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignmentView {
    #[schemars(with = "schema::Id")]
    id: Uuid,
    scope: String,
    #[schemars(with = "schema::Id")]
    role_definition_id: Uuid,
    /// Of a built-in role.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<&'static str>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    principal_id: ObjectId,
    principal_type: &'static str,
    /// Of a partner's group: the partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_tenant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_version: Option<String>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
    /// Absent if it was the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
}

/// What came of giving a role.
#[derive(JsonSchema, Serialize)]
pub(crate) struct AssignedView {
    #[serde(flatten)]
    assignment: AssignmentView,
    /// Sentences for whoever gave it.
    warnings: Vec<String>,
}

/// The assignments at a scope, above it and below it.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let filter =
        AssignmentFilter { at_scope: asked::parsed(&call, "atScope", flag)?.unwrap_or(false), of: assigned_to(&call)? };
    let (tenant, scope) = (asked::tenant(&call).await?, scope(&call)?);
    let found = role_assignment_list(&call.ctx, call.world.db(), tenant, &scope, filter).await?;
    Answer::ok(&ListView { items: found.into_iter().map(view).collect() })
}

/// `principalId` is exactly that one's; `assignedTo` counts its groups too, and `me` is the caller.
fn assigned_to(call: &Call) -> Result<AssignedTo, Problem> {
    let principal = asked::parsed(call, "principalId", ObjectId::parse)?;
    match (principal, asked::optional(call, "assignedTo")) {
        (None, None) => Ok(AssignedTo::Anybody),
        (Some(principal), None) => Ok(AssignedTo::Principal(principal)),
        (None, Some(text)) if text.eq_ignore_ascii_case("me") => Ok(AssignedTo::Caller),
        (None, Some(text)) => {
            let principal = ObjectId::parse(text).map_err(|error| Problem::invalid("assignedTo", error))?;
            Ok(AssignedTo::Reaching(principal))
        }
        (Some(_), Some(_)) => {
            Err(Problem::invalid("assignedTo", "cannot stand beside principalId; send one of the two"))
        }
    }
}

/// Gives a role. 201 if that is new, 200 if the very same was there.
pub(crate) async fn put(call: Call) -> Result<Answer, Problem> {
    let id = id(&call)?;
    let body: AssignmentBody = call.json()?;
    let (role_id, principal) = (body.role_definition_id, body.principal_id);
    let kind = |text: &str| word("principalType", text, PrincipalKind::from_name(text), KINDS);
    let new = NewAssignment {
        id,
        scope: scope_of(body.scope)?,
        role: role("roleDefinitionId", &role_id.ok_or_else(|| Problem::missing("roleDefinitionId"))?)?,
        principal: ObjectId::new(guid("principalId", &principal.ok_or_else(|| Problem::missing("principalId"))?)?),
        kind: body.principal_type.as_deref().map(kind).transpose()?,
        notes: AssignmentNotes {
            description: body.description,
            condition: body.condition,
            condition_version: body.condition_version,
        },
    };
    let tenant = asked::tenant(&call).await?;
    let assigned = role_assignment_put(&call.ctx, call.world.db(), tenant, new).await?;
    let status = if assigned.created { StatusCode::CREATED } else { StatusCode::OK };
    Answer::json(status, &AssignedView { assignment: view(assigned.assignment), warnings: assigned.warnings })
}

/// Takes a role away. The partner's own is an assignment like the others.
pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (id, scope) = (id(&call)?, scope_required(&call)?);
    let tenant = asked::tenant(&call).await?;
    deleted(role_assignment_delete(&call.ctx, call.world.db(), tenant, &scope, id).await?, view)
}

fn view(kept: AzureAssignment) -> AssignmentView {
    let AzureAssignment { assignment, notes, stamp } = kept;
    let built_in = BUILT_IN.iter().find(|role| role.id == assignment.role);
    AssignmentView {
        id: assignment.id,
        scope: assignment.scope.to_string(),
        role_definition_id: assignment.role,
        role_name: built_in.map(|role| &*role.name),
        principal_id: assignment.principal,
        principal_type: assignment.kind.name(),
        principal_tenant: assignment.home.map(|home| home.to_string()),
        description: notes.description,
        condition: notes.condition,
        condition_version: notes.condition_version,
        created_at: stamp.created_at,
        created_by: stamp.created_by.map(|by| by.to_string()),
    }
}
