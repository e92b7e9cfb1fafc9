//! The SQL of people, groups and directory roles. Private to the folder.

pub(crate) mod group;
pub(crate) mod role;
pub(crate) mod second_factor;
pub(crate) mod user;

use tenantry_core::{Problem, Reason, TenantId};
use tenantry_db::{Connection, Tx, sql};

/// Keeps others from changing the tenant's people, groups and roles until this transaction ends. "The last
/// administrator" and "no circle" are said of many rows at once; two acts that each leave one good must not meet.
pub(crate) async fn lock(tx: &mut Tx, tenant: TenantId) -> Result<(), Problem> {
    sql("UPDATE tenant SET kind = kind WHERE id = $1")
        .bind(tenant)
        .run_one(tx, || {
            Problem::new(Reason::TenantNotFound, format!("there is no tenant {tenant}; check the tenant id"))
        })
        .await
}

/// Whether user names may end in the domain: the tenant has it, verified.
pub(crate) async fn has_verified_domain(
    on: &mut impl Connection,
    tenant: TenantId,
    domain: &str,
) -> Result<bool, Problem> {
    let found = sql("SELECT domain FROM tenant_domain WHERE tenant = $1 AND domain = $2").bind(tenant).bind(domain);
    Ok(found.maybe(on).await?.is_some())
}
