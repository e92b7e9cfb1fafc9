//! Creating the provider: the root of the world and of every price.

use crate::{country, text};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem, TenantKind};
use tenantry_db::{Db, audit};
use tenantry_directory::{NewTenant, Tenant, domain_check, tenant_create};

/// What is needed to create it.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// Its name.
    pub name: String,
    /// Its whole domain.
    pub domain: String,
    /// ISO 3166, two letters.
    pub country: String,
}

/// Creates the provider's tenant. A world has one; a second is refused with `AlreadyExists`.
pub async fn provider_create(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    new: NewProvider,
) -> Result<Tenant, Problem> {
    let line = audit::open(ctx, db, "provider-create", &new.domain).await?;
    let outcome = create(ctx, db, domain_suffix, &new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, domain_suffix: &str, new: &NewProvider) -> Result<Tenant, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let name = text::required("name", &new.name, 200)?;
    let country = country::check("country", &new.country)?;
    let domain = domain_check(domain_suffix, &new.domain)?;
    let mut tx = db.begin().await?;
    let wanted = NewTenant { kind: TenantKind::Provider, name: &name, domain: &domain, country: &country };
    let tenant = tenant_create(ctx, &mut tx, wanted).await?;
    tx.commit().await?;
    Ok(tenant)
}
