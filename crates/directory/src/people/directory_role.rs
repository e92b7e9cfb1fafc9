//! The directory roles of a tenant. All tenants have all of them; the field shows a role as an object only once it
//! was activated, and so do we. The role of global administrator is activated from the first day.
//!
//! Source: directory.md 2.2 and 3.2 (`/directoryRoles`, `/directoryRoleTemplates`).

use crate::people::guard::may;
use crate::people::rows;
use sha2::{Digest, Sha256};
use tenantry_access::{DirectoryRead, DirectoryRoleManage};
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Connection, Db, audit};
use uuid::{Builder, Uuid};

/// A directory role as an object of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivatedRole {
    /// Its object id: another one in every tenant, and always the same there.
    pub id: ObjectId,
    /// The tenant.
    pub tenant: TenantId,
    /// The role; its template id is [`DirectoryRole::template`].
    pub role: DirectoryRole,
    /// Since when it is an object.
    pub activated_at: Timestamp,
}

impl ActivatedRole {
    pub(crate) fn of(tenant: TenantId, role: DirectoryRole, activated_at: Timestamp) -> Self {
        Self { id: object_id(tenant, role), tenant, role, activated_at }
    }
}

/// The object id follows from tenant and template, so that no table has to keep it.
fn object_id(tenant: TenantId, role: DirectoryRole) -> ObjectId {
    let mut hash = Sha256::new();
    hash.update("directory role");
    hash.update(tenant.guid());
    hash.update(role.template());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    ObjectId::new(Builder::from_random_bytes(bytes).into_uuid())
}

/// The activated roles of the tenant, in the order of the role list.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn directory_role_list(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<ActivatedRole>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    all(&mut db.reader().await?, tenant).await
}

pub(crate) async fn all(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<ActivatedRole>, Problem> {
    let activated = rows::role::activated(on, tenant).await?;
    Ok(activated.into_iter().map(|(role, at)| ActivatedRole::of(tenant, role, at)).collect())
}

/// An activated role by its object id or template id.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn directory_role_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<ActivatedRole, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    let found = Uuid::try_parse(id).ok();
    let named = |role: &ActivatedRole| Some(role.id.guid()) == found || Some(role.role.template()) == found;
    let roles = all(&mut db.reader().await?, tenant).await?;
    roles.into_iter().find(named).ok_or_else(|| {
        let id = crate::people::text::shown(id);
        let message = format!("there is no activated directory role {id} in this tenant; activate its template first");
        Problem::new(Reason::ObjectNotFound, message)
    })
}

/// Makes a role an object of the tenant, by its template id.
///
/// # Errors
/// `ObjectNotFound` for a template nobody knows; `AlreadyExists` if it was activated before.
pub async fn directory_role_activate(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    template: Uuid,
) -> Result<ActivatedRole, Problem> {
    let line = audit::open(ctx, db, "directory-role-activate", &template.to_string()).await?;
    let outcome = activate(ctx, db, tenant, template).await;
    line.close(ctx, db, outcome).await
}

async fn activate(ctx: &OpContext, db: &Db, tenant: TenantId, template: Uuid) -> Result<ActivatedRole, Problem> {
    may::<DirectoryRoleManage>(ctx, tenant)?;
    let role = DirectoryRole::from_template(template).ok_or_else(|| {
        Problem::new(Reason::ObjectNotFound, format!("there is no role template {template}; list the templates"))
    })?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    if !rows::role::activate(&mut tx, tenant, role, ctx.now()).await? {
        return Err(Problem::new(
            Reason::AlreadyExists,
            format!("the role {role} is activated in this tenant already"),
        ));
    }
    tx.commit().await?;
    Ok(ActivatedRole::of(tenant, role, ctx.now()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_role_of_every_tenant_has_its_own_id() {
        let tenants = [1, 2].map(|number| TenantId::new(Uuid::from_u128(number)));
        let ids: BTreeSet<_> =
            tenants.iter().flat_map(|tenant| DirectoryRole::ALL.map(|role| object_id(*tenant, role))).collect();
        assert_eq!(ids.len(), 2 * DirectoryRole::ALL.len());
        assert_eq!(
            object_id(tenants[0], DirectoryRole::GlobalAdmin),
            object_id(tenants[0], DirectoryRole::GlobalAdmin)
        );
    }
}
