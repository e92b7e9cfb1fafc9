//! Making a domain the tenant's default: the one that new users get unless somebody says otherwise.

use super::domain::{Domain, shown};
use super::{domain_list, domain_rows};
use tenantry_access::{DomainManage, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Makes a verified domain the default (`is_default`), in place of the one that was. A default domain that is to be none
/// any more (`false`) is refused: another one takes its place, by being made the default.
///
/// # Errors
/// `DomainNotFound`; `DomainNotVerified`; `InvalidField` for `false` on the default domain.
pub async fn domain_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    name: &str,
    is_default: bool,
) -> Result<Domain, Problem> {
    let line = audit::open(ctx, db, "domain-change", &format!("{tenant} {}", shown(name))).await?;
    let outcome = change(ctx, db, tenant, name, is_default).await;
    line.close(ctx, db, outcome).await
}

async fn change(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str, is_default: bool) -> Result<Domain, Problem> {
    let tenant = allow::<DomainManage, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut tx = db.begin().await?;
    domain_rows::lock(&mut tx, tenant).await?;
    let domain = domain_list::one(&mut tx, tenant, name).await?;
    if domain.default == is_default {
        return Ok(domain);
    }
    if !is_default {
        let message = format!("{} is the default domain; make another one the default instead", domain.name);
        return Err(Problem::invalid("isDefault", message));
    }
    if !domain.is_verified() {
        let message = format!("{} is not verified, so it cannot be the default; verify it first", domain.name);
        return Err(Problem::new(Reason::DomainNotVerified, message).at("isDefault"));
    }
    domain_rows::default_set(&mut tx, tenant, &domain.name).await?;
    tx.commit().await?;
    Ok(Domain { default: true, ..domain })
}
