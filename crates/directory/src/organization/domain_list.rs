//! Reading a tenant's domains.

use super::domain::{Domain, no_domain};
use super::domain_rows;
use tenantry_access::{OrganizationRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// The tenant's domains: the initial one, the other verified ones by name, then those not verified yet.
pub async fn domain_list(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<Domain>, Problem> {
    let tenant = allow::<OrganizationRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    domain_rows::all(&mut db.reader().await?, tenant).await
}

/// One of the tenant's domains, in any letter case.
///
/// # Errors
/// `DomainNotFound`.
pub async fn domain_find(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<Domain, Problem> {
    let tenant = allow::<OrganizationRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    one(&mut db.reader().await?, tenant, name).await
}

/// One of the tenant's domains. What the caller may do with it is asked by who called this.
pub(super) async fn one(on: &mut impl Connection, tenant: TenantId, name: &str) -> Result<Domain, Problem> {
    let wanted = name.trim().to_ascii_lowercase();
    let found = domain_rows::all(on, tenant).await?.into_iter().find(|domain| domain.name == wanted);
    found.ok_or_else(|| no_domain(name))
}
