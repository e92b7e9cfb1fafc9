//! `/api/v1/access/locks`: what keeps things from being deleted or changed, whoever asks. A lock is named by its scope
//! and its name there. Members are called as in Azure's API (arm.md 10), without the envelope.

use super::{deleted, flag, scope, scope_of, scope_required, word};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::azure::LockLevel;
use tenantry_core::{Problem, Timestamp};
use tenantry_directory::{AzureLock, NewLock, lock_delete, lock_list, lock_put};
use tenantry_http::{Answer, Call, StatusCode};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LockBody {
    #[schemars(required)]
    scope: Option<String>,
    #[schemars(required, extend("enum" = ["CanNotDelete", "ReadOnly"]))]
    level: Option<String>,
    notes: Option<String>,
    owners: Option<Vec<String>>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<LockView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LockView {
    name: String,
    scope: String,
    level: &'static str,
    notes: String,
    owners: Vec<String>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    created_at: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    changed_at: Timestamp,
}

/// The locks at a scope, above it and below it.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let at_scope = asked::parsed(&call, "atScope", flag)?.unwrap_or(false);
    let (tenant, scope) = (asked::tenant(&call).await?, scope(&call)?);
    let found = lock_list(&call.ctx, call.world.db(), tenant, &scope, at_scope).await?;
    Answer::ok(&ListView { items: found.into_iter().map(view).collect() })
}

/// Locks a scope: 201 if the lock is new, 200 if it was changed.
pub(crate) async fn put(call: Call) -> Result<Answer, Problem> {
    let body: LockBody = call.json()?;
    let level = body.level.ok_or_else(|| Problem::missing("level"))?;
    let new = NewLock {
        scope: scope_of(body.scope)?,
        name: call.param("name")?.to_owned(),
        level: word("level", &level, LockLevel::from_name(&level), "CanNotDelete, ReadOnly")?,
        notes: body.notes.unwrap_or_default(),
        owners: body.owners.unwrap_or_default(),
    };
    let tenant = asked::tenant(&call).await?;
    let (lock, new) = lock_put(&call.ctx, call.world.db(), tenant, new).await?;
    Answer::json(if new { StatusCode::CREATED } else { StatusCode::OK }, &view(lock))
}

/// Takes a lock off.
pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let scope = scope_required(&call)?;
    let tenant = asked::tenant(&call).await?;
    deleted(lock_delete(&call.ctx, call.world.db(), tenant, &scope, call.param("name")?).await?, view)
}

fn view(kept: AzureLock) -> LockView {
    let AzureLock { lock, notes, owners, created_at, changed_at } = kept;
    let (scope, level) = (lock.scope.to_string(), lock.level.name());
    LockView { name: lock.name, scope, level, notes, owners, created_at, changed_at }
}
