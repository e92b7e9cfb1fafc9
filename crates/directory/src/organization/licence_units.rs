//! Units coming, changing and going with the seat subscriptions they belong to.

use super::group_licences_follow::group_licences_fill;
use super::licence::LicenceUnits;
use super::licence_rows;
use super::product_sku::ProductSku;
use crate::people::people_lock;
use std::collections::BTreeSet;
use tenantry_core::{OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::Tx;

/// Says what a subscription puts into a tenant from now on; `None` when it is gone. Commerce calls this in the
/// transaction that orders or changes the subscription; it has asked the policy and writes the audit line.
///
/// Fewer units than are in use take nobody's licence away: the product says `Warning` until the numbers fit. Only a
/// product without any subscription left is gone, with its licences. Licences that groups could not give for want of
/// units are given when new ones come.
///
/// # Errors
/// `InvalidField` for negative units; `Corrupt` for a product that is not in the table.
pub async fn licence_units_set(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    subscription: SubscriptionId,
    units: Option<LicenceUnits>,
) -> Result<(), Problem> {
    if let Some(units) = units {
        if units.units < 0 {
            return Err(Problem::invalid("units", format!("{} licences cannot be; give 0 or more", units.units)));
        }
        if ProductSku::find(units.sku).is_none() {
            return Err(Problem::corrupt(format!("licence product {} is in no table", units.sku)));
        }
    }
    // Who counts licences waits here, as everybody who changes the tenant's people does.
    people_lock(tx, tenant).await?;
    let before = licence_rows::sku_of(tx, tenant, subscription).await?;
    let products: BTreeSet<_> = before.into_iter().chain(units.map(|units| units.sku)).collect();
    match units {
        Some(units) => licence_rows::units_set(tx, tenant, subscription, units).await?,
        None => licence_rows::units_remove(tx, tenant, subscription).await?,
    }
    for sku in &products {
        if licence_rows::units(tx, tenant, Some(*sku)).await?.is_empty() {
            licence_rows::end_product(tx, tenant, *sku).await?;
        }
    }
    group_licences_fill(ctx, tx, tenant, &products).await
}
