//! Creating the provider: the root of the world and of every price.

use crate::provider::Provider;
use crate::{Address, rows, text};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem, TenantKind};
use tenantry_db::{Db, audit};
use tenantry_directory::{NewTenant, domain_check, tenant_create};

/// What is needed to create it.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// Its name.
    pub name: String,
    /// Its whole domain.
    pub domain: String,
    /// Its address, as it stands on its invoices.
    pub address: Address,
    /// Where questions about its invoices go.
    pub email: String,
}

/// Creates the provider's tenant. A world has one; a second is refused with `AlreadyExists`.
pub async fn provider_create(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    new: NewProvider,
) -> Result<Provider, Problem> {
    let line = audit::open(ctx, db, "provider-create", &text::shown(&new.domain)).await?;
    let outcome = create(ctx, db, domain_suffix, &new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, domain_suffix: &str, new: &NewProvider) -> Result<Provider, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let name = text::required("name", &new.name, 200)?;
    let address = new.address.clone().checked("address")?;
    let email = text::email("email", &new.email)?;
    let domain = domain_check(domain_suffix, &new.domain)?;
    let mut tx = db.begin().await?;
    let wanted = NewTenant { kind: TenantKind::Provider, name: &name, domain: &domain, country: &address.country };
    let tenant = tenant_create(ctx, &mut tx, wanted).await?;
    let provider = Provider { tenant: tenant.id, company_name: name, address, email };
    rows::provider::insert(&mut tx, &provider).await?;
    tx.commit().await?;
    Ok(provider)
}
