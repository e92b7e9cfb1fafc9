//! Giving Azure roles and taking them away.
//!
//! Source: arm.md 11.2 and 11.7. The engine itself guards this: who may write assignments at the scope. So Contributor
//! cannot remove the partner, and Owner can; that is what giving Owner to a customer's principal warns of.

use crate::azure::asking::principal_find;
use crate::azure::guard::{Guard, writer};
use crate::azure::role_definition::{WRITE as DEFINE, unknown_role};
use crate::azure::{AssignmentNotes, AzureAssignment, Stamp, assignment_rows, role_rows};
use tenantry_access::azure::{ArmScope, Assignment, BUILT_IN, PrincipalKind, RoleDefinition};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

const WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";

/// A role for a principal at a scope.
#[derive(Debug, Clone)]
pub struct NewAssignment {
    /// Its id, which the client makes up.
    pub id: Uuid,
    /// Where.
    pub scope: ArmScope,
    /// The role's id.
    pub role: Uuid,
    /// To whom.
    pub principal: ObjectId,
    /// What the principal is. Absent: it must be in the tenant's directory. A partner's group needs `ForeignGroup`.
    pub kind: Option<PrincipalKind>,
    /// What the client says about it.
    pub notes: AssignmentNotes,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The assignment.
    pub assignment: AzureAssignment,
    /// Sentences for whoever assigned it.
    pub warnings: Vec<String>,
    /// Whether it is new; `false` if the very same was there.
    pub created: bool,
}

/// Gives a principal a role at a scope of the tenant.
///
/// # Errors
/// `SubscriptionNotFound`; `Forbidden` without `roleAssignments/write` at the scope; `ScopeLocked`;
/// `RoleDefinitionNotFound` if there is no such role, or none that can be assigned there; `ObjectNotFound` if no kind
/// was given and the tenant has no such principal, and for a person or an application of another tenant; `InvalidField` on `principalType` if it has one of another kind;
/// `AssignmentExists` if the principal has the role at the scope by another id, or the id is of another assignment.
pub async fn role_assignment_put(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewAssignment,
) -> Result<Assigned, Problem> {
    let target = format!("{} {} {}", new.scope.as_str(), new.role, new.principal);
    let line = audit::open(ctx, db, "role-assignment-put", &target).await?;
    let outcome = put(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn put(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewAssignment) -> Result<Assigned, Problem> {
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    guard.require(ctx, &mut tx, WRITE, &new.scope).await?;
    let role = role(&mut tx, tenant, new.role, &new.scope).await?;
    let (kind, home) = resolved(&mut tx, tenant, new.principal, new.kind).await?;
    let NewAssignment { id, scope, role: role_id, principal, notes, .. } = new;
    let assignment = Assignment { id, scope, role: role_id, principal, kind, home };
    let warnings = warnings(&guard, &assignment, &role);
    let (at, by) = (ctx.now(), writer(ctx));
    let stamp = Stamp { created_at: at, created_by: by, changed_at: at, changed_by: by };
    let wanted = AzureAssignment { assignment, notes, stamp };
    if let Some(known) = assignment_rows::by_id(&mut tx, tenant, id).await? {
        if (&known.assignment, &known.notes) == (&wanted.assignment, &wanted.notes) {
            return Ok(Assigned { assignment: known, warnings, created: false });
        }
        return Err(exists(&format!("assignment {id} is another one already; use a new id")));
    }
    if !assignment_rows::insert(&mut tx, tenant, &wanted).await? {
        return Err(exists("the principal has this role at this scope already"));
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(Assigned { assignment: wanted, warnings, created: true })
}

fn exists(what: &str) -> Problem {
    Problem::new(Reason::AssignmentExists, what)
}

async fn role(
    on: &mut impl Connection,
    tenant: TenantId,
    id: Uuid,
    scope: &ArmScope,
) -> Result<RoleDefinition, Problem> {
    let found = match BUILT_IN.iter().find(|role| role.id == id) {
        Some(role) => Some(role.clone()),
        None => role_rows::by_id(on, tenant, id).await?.map(|role| role.definition),
    };
    found.filter(|role| role.assignable_at(scope)).ok_or_else(|| unknown_role(id))
}

/// What the principal is, and of a foreign group: whose. A group that is found in another directory is a foreign one,
/// whatever the client calls it: it must not count when the relationship is over. Nobody else of another tenant gets a
/// role, because nothing would end it.
async fn resolved(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
    given: Option<PrincipalKind>,
) -> Result<(PrincipalKind, Option<TenantId>), Problem> {
    let found = principal_find(on, principal, tenant).await?;
    let message = match (found, given) {
        (Some((home, kind)), given) if home == tenant => {
            return match given {
                Some(given) if kind != given => {
                    let message = format!("{principal} is a {}, not a {}", kind.name(), given.name());
                    Err(Problem::invalid("principalType", message))
                }
                _ => Ok((kind, None)),
            };
        }
        (Some((home, PrincipalKind::Group)), Some(_)) => return Ok((PrincipalKind::ForeignGroup, Some(home))),
        // It may have been made a moment ago, and not be in the directory that was asked.
        (None, Some(given)) => return Ok((given, None)),
        (Some(_), Some(_)) => {
            format!("principalId: {principal} is not of this tenant; of another only a partner's group can have a role")
        }
        (_, None) => {
            format!(
                "principalId: there is no principal {principal} in the tenant; check the id, or say its principalType"
            )
        }
    };
    Err(Problem::new(Reason::ObjectNotFound, message).at("principalId"))
}

/// What whoever gives the role should know: with it one can take away access that others have, at once or in two steps.
fn warnings(guard: &Guard, new: &Assignment, role: &RoleDefinition) -> Vec<String> {
    // Who may give roles gives itself one that removes; who may change a role that it holds widens it to that.
    let detour = [(WRITE, "by giving itself a role that may"), (DEFINE, "by widening a custom role that it holds")];
    let way = match detour.into_iter().find(|(action, _)| role.allows(action)) {
        _ if role.allows(DELETE) => None,
        Some((_, way)) => Some(way),
        None => return Vec::new(),
    };
    if new.kind == PrincipalKind::ForeignGroup {
        return Vec::new();
    }
    let partners = guard.loaded.assignments.iter().filter(|known| known.kind == PrincipalKind::ForeignGroup);
    let reached = partners.filter(|known| new.scope.contains(&known.scope)).count();
    let can = if reached > 0 {
        "remove the partner's access to this subscription; billing stays with the partner"
    } else {
        "give others access to this scope and take it away"
    };
    let way = way.map(|way| format!(", {way}")).unwrap_or_default();
    vec![format!("{} lets the customer {can}{way}", role.name)]
}

/// Takes an assignment at a scope away; gives it back as it was, or `None` if there was none. The partner's own is an
/// assignment like the others.
///
/// # Errors
/// `SubscriptionNotFound`; `Forbidden` without `roleAssignments/delete` at the scope; `ScopeLocked`.
pub async fn role_assignment_delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<Option<AzureAssignment>, Problem> {
    let line = audit::open(ctx, db, "role-assignment-delete", &format!("{} {id}", scope.as_str())).await?;
    let outcome = delete(ctx, db, tenant, scope, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<Option<AzureAssignment>, Problem> {
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    guard.require(ctx, &mut tx, DELETE, scope).await?;
    let known = assignment_rows::by_id(&mut tx, tenant, id).await?;
    let Some(known) = known.filter(|known| known.assignment.scope == *scope) else { return Ok(None) };
    assignment_rows::delete(&mut tx, tenant, id).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(Some(known))
}
