//! `/api/v1/access`: who may do what, and why; and where Azure roles, their assignments and locks are written.
//!
//! Roles lie in a customer's tenant. A call names it with `?tenant=`; somebody of the customer need not, because the
//! tenant acted in is its own. Scopes are those of Azure: `/`, `/subscriptions/{id}`, and everything below. They are
//! query parameters and members of bodies, never parts of a path: a scope has slashes.

mod document;
pub(crate) mod explain;
pub(crate) mod locks;
pub(crate) mod role_assignments;
pub(crate) mod role_definitions;
pub(crate) mod subscriptions;

pub(crate) use document::DETAILS;

use crate::asked;
use serde::Serialize;
use tenantry_access::azure::ArmScope;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, Route, StatusCode};
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    let (roles, assignments, locks) =
        ("/api/v1/access/role-definitions/{id}", "/api/v1/access/role-assignments/{id}", "/api/v1/access/locks/{name}");
    vec![
        Route::get(
            "/api/v1/access/explain",
            "access.explain",
            "Whether somebody may do something, and why",
            explain::get,
        ),
        Route::get(
            "/api/v1/access/subscriptions",
            "access.subscriptions",
            "What you see in a tenant, and why",
            subscriptions::list,
        ),
        Route::get(
            "/api/v1/access/role-definitions",
            "role-definitions.list",
            "Azure roles, built-in and custom",
            role_definitions::list,
        ),
        Route::put(roles, "role-definitions.put", "Create or change a custom role", role_definitions::put),
        Route::delete(roles, "role-definitions.delete", "Delete a custom role", role_definitions::delete),
        Route::get(
            "/api/v1/access/role-assignments",
            "role-assignments.list",
            "Who has which role where",
            role_assignments::list,
        ),
        Route::put(assignments, "role-assignments.put", "Give somebody a role at a scope", role_assignments::put)
            .answers(StatusCode::CREATED),
        Route::delete(assignments, "role-assignments.delete", "Take a role away", role_assignments::delete),
        Route::get(
            "/api/v1/access/locks",
            "locks.list",
            "What keeps things from being changed or deleted",
            locks::list,
        ),
        Route::put(locks, "locks.put", "Lock a scope, or change its lock", locks::put),
        Route::delete(locks, "locks.delete", "Take a lock off", locks::delete),
    ]
}

/// The scope of the query; the root of the tenant by default.
fn scope(call: &Call) -> Result<ArmScope, Problem> {
    asked::optional(call, "scope").map_or_else(|| Ok(ArmScope::root()), ArmScope::parse)
}

/// The scope of the query, for what acts on one place.
fn scope_required(call: &Call) -> Result<ArmScope, Problem> {
    ArmScope::parse(asked::optional(call, "scope").ok_or_else(|| Problem::missing("scope"))?)
}

/// The scope of a body.
fn scope_of(text: Option<String>) -> Result<ArmScope, Problem> {
    ArmScope::parse(&text.ok_or_else(|| Problem::missing("scope"))?)
}

/// The id of the path.
fn id(call: &Call) -> Result<Uuid, Problem> {
    guid("id", call.param("id")?)
}

/// A GUID; clients make those of roles and assignments up.
fn guid(field: &'static str, text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        let seen: String = text.chars().take(80).collect();
        Problem::invalid(field, format!("`{seen}` is not a GUID"))
    })
}

/// A role: its GUID, or as Azure's own API writes it, with the path before it.
fn role(field: &'static str, text: &str) -> Result<Uuid, Problem> {
    guid(field, text.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
}

/// A switch of the query.
fn flag(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(format!("`{}` is neither true nor false", other.chars().take(40).collect::<String>())),
    }
}

/// What was taken away, as it was; 204 if there was nothing, as Azure answers (arm.md 11.2).
fn deleted<T, V: Serialize>(was: Option<T>, view: impl FnOnce(T) -> V) -> Result<Answer, Problem> {
    was.map_or_else(|| Ok(Answer::empty(StatusCode::NO_CONTENT)), |was| Answer::ok(&view(was)))
}

/// One of a few words, in any letter case.
fn word<T>(field: &'static str, text: &str, found: Option<T>, known: &str) -> Result<T, Problem> {
    found.ok_or_else(|| {
        let seen: String = text.chars().take(40).collect();
        Problem::invalid(field, format!("`{seen}` is none of {known}"))
    })
}
