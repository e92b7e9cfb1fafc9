//! The provider: who operates the platform, and the seller on the first invoice of every channel.

use crate::reach::Reach;
use crate::{Address, rows};
use tenantry_access::{CatalogueRead, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// The provider as it stands on documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its legal name.
    pub company_name: String,
    /// Its address.
    pub address: Address,
    /// Where questions about its documents go.
    pub email: String,
}

/// The world's provider. What is here stands on every invoice, so whoever may read the catalogue may read it.
pub async fn provider_get(ctx: &OpContext, db: &Db) -> Result<Provider, Problem> {
    Reach::of(ctx)?;
    allow::<CatalogueRead, _>(ctx, WorldScope { sandbox: false })?;
    rows::provider::get(&mut db.reader().await?)
        .await?
        .ok_or_else(|| Problem::new(Reason::TenantNotFound, "this world has no provider yet; create it first"))
}
