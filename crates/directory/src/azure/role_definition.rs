//! Custom roles of a tenant, and reading roles of either kind.
//!
//! Source: arm.md 11.1. Who writes a role may do so at every scope it can be assigned at, those it had before among
//! them.

use crate::azure::guard::{Guard, writer};
use crate::azure::{AzureRole, Stamp, assignment_rows, role_rows};
use tenantry_access::azure::{ArmScope, BUILT_IN, PermissionSet, RoleDefinition, RoleKind, ScopeKind};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

const READ: &str = "Microsoft.Authorization/roleDefinitions/read";
pub(super) const WRITE: &str = "Microsoft.Authorization/roleDefinitions/write";
const DELETE: &str = "Microsoft.Authorization/roleDefinitions/delete";

/// A custom role as a client writes it.
#[derive(Debug, Clone)]
pub struct NewAzureRole {
    /// Its id: the client makes it up, or names the role that is to change.
    pub id: Uuid,
    /// Its name, unique in the tenant, in any letter case.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub permissions: Vec<PermissionSet>,
    /// Where it may be assigned: subscriptions, resource groups and below.
    pub assignable_scopes: Vec<ArmScope>,
}

/// Creates a custom role of the tenant, or changes the one with its id.
///
/// # Errors
/// `InvalidField` and `MissingField` as the wire spells them; `SubscriptionNotFound` for a scope the caller does not
/// see; `Forbidden` without `roleDefinitions/write` at each assignable scope, and for a built-in role; `ScopeLocked`;
/// `RoleNameTaken`.
pub async fn role_definition_put(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewAzureRole,
) -> Result<AzureRole, Problem> {
    let line = audit::open(ctx, db, "role-definition-put", &new.id.to_string()).await?;
    let outcome = put(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn put(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewAzureRole) -> Result<AzureRole, Problem> {
    let NewAzureRole { id, name, description, permissions, assignable_scopes } = new;
    let name = name.trim().to_owned();
    let definition = RoleDefinition { id, name, description, kind: RoleKind::Custom, permissions, assignable_scopes };
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    definition.check()?;
    let known = role_rows::by_id(&mut tx, tenant, id).await?;
    let before = known.iter().flat_map(|known| &known.definition.assignable_scopes);
    for scope in definition.assignable_scopes.iter().chain(before) {
        guard.require(ctx, &mut tx, WRITE, scope).await?;
    }
    check_not_built_in(id, "changed")?;
    let built_in = BUILT_IN.iter().any(|role| role.name.to_lowercase() == definition.name.to_lowercase());
    let (at, by) = (ctx.now(), writer(ctx));
    let first = known.and_then(|known| known.stamp);
    let stamp = Stamp {
        created_at: first.map_or(at, |first| first.created_at),
        created_by: first.map_or(by, |first| first.created_by),
        changed_at: at,
        changed_by: by,
    };
    if built_in || !role_rows::put(&mut tx, tenant, &definition, &stamp).await? {
        let message =
            format!("roleName: another role of this tenant is called `{}`; choose another name", definition.name);
        return Err(Problem::new(Reason::RoleNameTaken, message).at("roleName"));
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(AzureRole { definition, stamp: Some(stamp) })
}

/// Deletes a custom role of the tenant; gives it back as it was, or `None` if there was none. `scope` is where the
/// caller looks for it.
///
/// # Errors
/// `SubscriptionNotFound`; `Forbidden` without `roleDefinitions/delete` at the scope and at each assignable scope, and
/// for a built-in role; `ScopeLocked`; `RoleDefinitionInUse` while it is assigned.
pub async fn role_definition_delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<Option<AzureRole>, Problem> {
    let line = audit::open(ctx, db, "role-definition-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, scope, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<Option<AzureRole>, Problem> {
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    guard.visible(ctx, &mut tx, scope).await?;
    let known = role_rows::by_id(&mut tx, tenant, id).await?;
    let known = known.filter(|known| shows_at(&known.definition, scope));
    let Some(known) = known else {
        check_not_built_in(id, "deleted")?;
        guard.require(ctx, &mut tx, DELETE, scope).await?;
        return Ok(None);
    };
    for scope in &known.definition.assignable_scopes {
        guard.require(ctx, &mut tx, DELETE, scope).await?;
    }
    if assignment_rows::role_used(&mut tx, tenant, id).await? {
        let message =
            format!("the role `{}` is assigned somewhere; delete its assignments first", known.definition.name);
        return Err(Problem::new(Reason::RoleDefinitionInUse, message));
    }
    role_rows::delete(&mut tx, tenant, id).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(Some(known))
}

/// The roles that can be assigned at a scope: the built-in ones, then the tenant's, by name. `below` adds those that
/// can be assigned only further down (arm.md 11.1, `atScopeAndBelow()`).
///
/// # Errors
/// `SubscriptionNotFound`, `TenantNotFound`; `Forbidden` without `roleDefinitions/read` at the scope. The root asks
/// for no role: the built-in roles are no secret, and custom ones show only to who may read them.
pub async fn role_definition_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    below: bool,
) -> Result<Vec<AzureRole>, Problem> {
    let mut reader = db.reader().await?;
    let guard = Guard::of(ctx, &mut reader, tenant).await?;
    readable(ctx, &mut reader, &guard, scope).await?;
    let mut built_in: Vec<_> =
        BUILT_IN.iter().cloned().map(|definition| AzureRole { definition, stamp: None }).collect();
    built_in.sort_by(|a, b| a.definition.name.cmp(&b.definition.name));
    let custom = role_rows::all(&mut reader, tenant).await?;
    let shows = |role: &AzureRole| {
        let scopes = &role.definition.assignable_scopes;
        role.definition.assignable_at(scope)
            || (below || scope.kind() == ScopeKind::Root)
                && scopes
                    .iter()
                    .any(|known| scope.contains(known) && guard.asking.decide(&guard.loaded.map, READ, known).allowed())
    };
    Ok(built_in.into_iter().chain(custom.into_iter().filter(shows)).collect())
}

/// One role, built-in or the tenant's, as seen from a scope.
///
/// # Errors
/// `RoleDefinitionNotFound`; otherwise as [`role_definition_list`].
pub async fn role_definition_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<AzureRole, Problem> {
    let all = role_definition_list(ctx, db, tenant, scope, true).await?;
    all.into_iter().find(|role| role.definition.id == id).ok_or_else(|| unknown_role(id))
}

async fn readable(ctx: &OpContext, on: &mut impl Connection, guard: &Guard, scope: &ArmScope) -> Result<(), Problem> {
    match scope.kind() {
        ScopeKind::Root => guard.visible(ctx, on, scope).await,
        _ => guard.require(ctx, on, READ, scope).await,
    }
}

/// Whether a role is found at a scope: it can be assigned there, or somewhere below.
fn shows_at(role: &RoleDefinition, scope: &ArmScope) -> bool {
    role.assignable_at(scope) || role.assignable_scopes.iter().any(|known| scope.contains(known))
}

fn check_not_built_in(id: Uuid, done: &str) -> Result<(), Problem> {
    match BUILT_IN.iter().find(|role| role.id == id) {
        None => Ok(()),
        Some(role) => {
            let message = format!("`{}` is a built-in role; it cannot be {done}", role.name);
            Err(Problem::new(Reason::Forbidden, message))
        }
    }
}

pub(crate) fn unknown_role(id: Uuid) -> Problem {
    Problem::new(
        Reason::RoleDefinitionNotFound,
        format!("there is no role definition {id} at this scope; check the id"),
    )
}
