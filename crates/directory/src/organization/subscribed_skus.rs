//! The licence products a tenant has.

use super::licence::{SubscribedSku, no_sku};
use super::licence_rows;
use super::product_sku::ProductSku;
use std::collections::BTreeMap;
use tenantry_access::{OrganizationRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};
use uuid::Uuid;

/// The products a tenant has subscriptions of, by part number.
pub async fn subscribed_skus(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<SubscribedSku>, Problem> {
    let tenant = allow::<OrganizationRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    owned(&mut db.reader().await?, tenant).await
}

/// What the tenant has. What the caller may do with it is asked by who called this.
pub(super) async fn owned(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<SubscribedSku>, Problem> {
    let mut parts: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
    for part in licence_rows::units(on, tenant, None).await? {
        parts.entry(part.1.sku).or_default().push(part);
    }
    let mut owned = Vec::with_capacity(parts.len());
    for (sku, parts) in parts {
        let consumed = licence_rows::consumed(on, tenant, sku).await?;
        owned.push(SubscribedSku::of(tenant, product(sku)?, &parts, consumed));
    }
    owned.sort_by_key(|owned| owned.product.part_number);
    Ok(owned)
}

/// What the tenant has of one product.
pub(super) async fn one(on: &mut impl Connection, tenant: TenantId, sku: Uuid) -> Result<SubscribedSku, Problem> {
    let parts = licence_rows::units(on, tenant, Some(sku)).await?;
    if parts.is_empty() {
        return Err(no_sku(sku));
    }
    let consumed = licence_rows::consumed(on, tenant, sku).await?;
    Ok(SubscribedSku::of(tenant, product(sku)?, &parts, consumed))
}

fn product(sku: Uuid) -> Result<&'static ProductSku, Problem> {
    ProductSku::find(sku).ok_or_else(|| Problem::corrupt(format!("licence product {sku} is in no table")))
}
