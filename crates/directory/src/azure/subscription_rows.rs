//! The SQL of registered subscriptions.

use crate::azure::AzureSubscription;
use tenantry_core::{ObjectId, Problem, Role, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

fn subscription(row: &Row) -> Result<AzureSubscription, Problem> {
    let partner = row.maybe_text("partner")?.map(|text| TenantId::parse(&text)).transpose();
    Ok(AzureSubscription {
        id: row.parsed("id", SubscriptionId::parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        partner: partner.map_err(|error| Problem::corrupt(error.to_string()))?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
    })
}

/// One by its id, in whatever tenant: an id is given out once in a world.
pub(crate) async fn by_id(on: &mut impl Connection, id: SubscriptionId) -> Result<Option<AzureSubscription>, Problem> {
    let row = sql("SELECT id, tenant, partner, name, created_at FROM azure_subscription WHERE id = $1").bind(id);
    row.maybe(on).await?.as_ref().map(subscription).transpose()
}

/// Those of a tenant, in the order of their ids.
pub(crate) async fn of_tenant(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<AzureSubscription>, Problem> {
    let rows =
        sql("SELECT id, tenant, partner, name, created_at FROM azure_subscription WHERE tenant = $1 ORDER BY id")
            .bind(tenant)
            .all(on)
            .await?;
    rows.iter().map(subscription).collect()
}

pub(crate) async fn insert(tx: &mut Tx, new: &AzureSubscription) -> Result<(), Problem> {
    sql("INSERT INTO azure_subscription (id, tenant, partner, name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(new.id)
        .bind(new.tenant)
        .bind(new.partner)
        .bind(&new.name)
        .bind(new.created_at)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn rename(tx: &mut Tx, id: SubscriptionId, name: &str) -> Result<(), Problem> {
    sql("UPDATE azure_subscription SET name = $2 WHERE id = $1").bind(id).bind(name).run(tx).await?;
    Ok(())
}

pub(crate) async fn sold_by(tx: &mut Tx, id: SubscriptionId, partner: TenantId) -> Result<(), Problem> {
    sql("UPDATE azure_subscription SET partner = $2 WHERE id = $1").bind(id).bind(partner).run(tx).await?;
    Ok(())
}

/// The AdminAgents group of a partner.
pub(crate) async fn admin_agents(on: &mut impl Connection, partner: TenantId) -> Result<Option<ObjectId>, Problem> {
    agent_group(on, partner, Role::AdminAgent).await
}

/// The agent group of a partner that stands for a role; `None` if the role is no group or the tenant no partner's.
pub(crate) async fn agent_group(
    on: &mut impl Connection,
    partner: TenantId,
    role: Role,
) -> Result<Option<ObjectId>, Problem> {
    let row = sql("SELECT id FROM directory_group WHERE tenant = $1 AND agents = $2")
        .bind(partner)
        .bind(role.name())
        .maybe(on)
        .await?;
    row.map(|row| row.parsed("id", ObjectId::parse)).transpose()
}
