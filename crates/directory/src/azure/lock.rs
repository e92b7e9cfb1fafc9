//! Locks: putting them on a scope, taking them off, reading them. Source: arm.md 10.

use crate::azure::guard::Guard;
use crate::azure::{AzureLock, lock_rows};
use tenantry_access::azure::{ArmScope, Lock, LockLevel};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

const READ: &str = "Microsoft.Authorization/locks/read";
const WRITE: &str = "Microsoft.Authorization/locks/write";
const DELETE: &str = "Microsoft.Authorization/locks/delete";

const NAME_MAX: usize = 260;
const NOTES_MAX: usize = 512;

/// A lock as a client writes it.
#[derive(Debug, Clone)]
pub struct NewLock {
    /// Where.
    pub scope: ArmScope,
    /// Its name at the scope, in any letter case.
    pub name: String,
    /// What it forbids.
    pub level: LockLevel,
    /// For people; at most 512 characters.
    pub notes: String,
    /// Application ids.
    pub owners: Vec<String>,
}

/// Puts a lock on a scope of the tenant, or changes the one of its name there. Gives it and whether it is new.
///
/// # Errors
/// `MissingField` or `InvalidField` on `name` or `notes`; `SubscriptionNotFound`; `Forbidden` without `locks/write` at
/// the scope.
pub async fn lock_put(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewLock) -> Result<(AzureLock, bool), Problem> {
    let line = audit::open(ctx, db, "lock-put", &target(&new.scope, &new.name)).await?;
    let outcome = put(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn put(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewLock) -> Result<(AzureLock, bool), Problem> {
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    guard.require(ctx, &mut tx, WRITE, &new.scope).await?;
    check(&new)?;
    let known = lock_rows::find(&mut tx, tenant, &new.scope, &new.name).await?;
    let NewLock { scope, name, level, notes, owners } = new;
    let at = ctx.now();
    let (lock, created_at) = match &known {
        Some(known) => (Lock { level, ..known.lock.clone() }, known.created_at),
        None => (Lock { scope, name, level }, at),
    };
    let lock = AzureLock { lock, notes, owners, created_at, changed_at: at };
    lock_rows::put(&mut tx, tenant, &lock).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok((lock, known.is_none()))
}

fn check(new: &NewLock) -> Result<(), Problem> {
    if new.name.trim().is_empty() {
        return Err(Problem::missing("name"));
    }
    if new.name.chars().count() > NAME_MAX || new.name.contains(|c: char| c.is_control() || r"<>%&:\?/".contains(c)) {
        let message = format!("a lock's name has at most {NAME_MAX} characters, none of them <>%&:\\?/");
        return Err(Problem::invalid("name", message));
    }
    match new.notes.chars().count() {
        0..=NOTES_MAX => Ok(()),
        length => Err(Problem::invalid("notes", format!("they have {length} characters; at most {NOTES_MAX} fit"))),
    }
}

/// Takes a lock off a scope; gives it back as it was, or `None` if there was none.
///
/// # Errors
/// `SubscriptionNotFound`; `Forbidden` without `locks/delete` at the scope.
pub async fn lock_delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    name: &str,
) -> Result<Option<AzureLock>, Problem> {
    let line = audit::open(ctx, db, "lock-delete", &target(scope, name)).await?;
    let outcome = delete(ctx, db, tenant, scope, name).await;
    line.close(ctx, db, outcome).await
}

async fn delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    name: &str,
) -> Result<Option<AzureLock>, Problem> {
    let mut tx = db.begin().await?;
    let guard = Guard::of(ctx, &mut tx, tenant).await?;
    guard.require(ctx, &mut tx, DELETE, scope).await?;
    let Some(known) = lock_rows::find(&mut tx, tenant, scope, name).await? else { return Ok(None) };
    lock_rows::delete(&mut tx, tenant, scope, name).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(Some(known))
}

/// The locks at a scope and above it, and below it unless `at_scope`, in the order of their scopes and names.
///
/// # Errors
/// `SubscriptionNotFound`, `TenantNotFound`; `Forbidden` without `locks/read` at the scope.
pub async fn lock_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    at_scope: bool,
) -> Result<Vec<AzureLock>, Problem> {
    let mut reader = db.reader().await?;
    Guard::of(ctx, &mut reader, tenant).await?.require(ctx, &mut reader, READ, scope).await?;
    let shows = |kept: &AzureLock| kept.lock.scope.contains(scope) || !at_scope && scope.contains(&kept.lock.scope);
    Ok(lock_rows::all(&mut reader, tenant).await?.into_iter().filter(shows).collect())
}

/// One lock at exactly this scope.
///
/// # Errors
/// `AssignmentNotFound`; otherwise as [`lock_list`].
pub async fn lock_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    name: &str,
) -> Result<AzureLock, Problem> {
    let mut reader = db.reader().await?;
    Guard::of(ctx, &mut reader, tenant).await?.require(ctx, &mut reader, READ, scope).await?;
    lock_rows::find(&mut reader, tenant, scope, name).await?.ok_or_else(|| {
        let seen: String = name.chars().take(80).collect();
        Problem::new(Reason::AssignmentNotFound, format!("there is no lock `{seen}` at this scope; check its name"))
    })
}

fn target(scope: &ArmScope, name: &str) -> String {
    format!("{} {}", scope.as_str(), name.chars().take(80).collect::<String>())
}
