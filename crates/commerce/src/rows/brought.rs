//! Subscriptions that were bought elsewhere.

use crate::subscription_bring::BroughtSubscription;
use tenantry_core::{Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

/// Keeps it, or changes what it is called.
pub(crate) async fn keep(tx: &mut Tx, brought: &BroughtSubscription) -> Result<(), Problem> {
    sql("INSERT INTO brought_subscription (id, tenant, friendly_name, bought_by, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET friendly_name = $3, bought_by = $4")
    .bind(brought.id)
    .bind(brought.tenant)
    .bind(&brought.friendly_name)
    .bind(&brought.bought_by)
    .bind(brought.created_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Those of a tenant, oldest first.
pub(crate) async fn of_tenant(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<BroughtSubscription>, Problem> {
    let rows = sql("SELECT id, tenant, friendly_name, bought_by, created_at FROM brought_subscription \
         WHERE tenant = $1 ORDER BY created_at, id")
    .bind(tenant)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// The tenant one lives in.
pub(crate) async fn tenant_of(on: &mut impl Connection, id: SubscriptionId) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT tenant FROM brought_subscription WHERE id = $1").bind(id).maybe(on).await?;
    row.map(|row| row.parsed("tenant", TenantId::parse)).transpose()
}

fn read(row: &Row) -> Result<BroughtSubscription, Problem> {
    Ok(BroughtSubscription {
        id: row.parsed("id", SubscriptionId::parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        friendly_name: row.text("friendly_name")?,
        bought_by: row.text("bought_by")?,
        created_at: row.time("created_at")?,
    })
}
