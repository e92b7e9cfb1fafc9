//! The SQL of contracts.

use crate::Tenant;
use crate::relationships::Contract;
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn contract(row: &Row) -> Result<Contract, Problem> {
    Ok(Contract {
        id: row.parsed("id", Uuid::try_parse)?,
        partner: row.parsed("partner", TenantId::parse)?,
        customer: row.parsed("customer", TenantId::parse)?,
        display_name: row.text("display_name")?,
        default_domain: row.text("default_domain")?,
        delegated_admin: row.flag("delegated_admin")?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) async fn begin(
    tx: &mut Tx,
    id: Uuid,
    partner: TenantId,
    customer: &Tenant,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO contract (id, partner, customer, display_name, default_domain, delegated_admin, created_at) \
         VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (partner, customer) DO UPDATE SET delegated_admin = 1")
    .bind(id)
    .bind(partner)
    .bind(customer.id)
    .bind(&customer.name)
    .bind(&customer.default_domain)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// `false` if there is no such contract.
pub(crate) async fn delegated_admin_remove(
    tx: &mut Tx,
    partner: TenantId,
    customer: TenantId,
) -> Result<bool, Problem> {
    let changed = sql("UPDATE contract SET delegated_admin = 0 WHERE partner = $1 AND customer = $2")
        .bind(partner)
        .bind(customer)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// Takes a contract away, if there is one.
pub(crate) async fn delete(tx: &mut Tx, partner: TenantId, customer: TenantId) -> Result<(), Problem> {
    let gone = sql("DELETE FROM contract WHERE partner = $1 AND customer = $2").bind(partner).bind(customer);
    gone.run(tx).await?;
    Ok(())
}

/// Those of one partner, or of one customer, in the order of their ids.
pub(crate) async fn all(
    on: &mut impl Connection,
    partner: Option<TenantId>,
    customer: Option<TenantId>,
) -> Result<Vec<Contract>, Problem> {
    let rows = sql("SELECT id, partner, customer, display_name, default_domain, delegated_admin, created_at \
         FROM contract WHERE partner = COALESCE($1, partner) AND customer = COALESCE($2, customer) ORDER BY id")
    .bind(partner)
    .bind(customer)
    .all(on)
    .await?;
    rows.iter().map(contract).collect()
}

/// Whether the customer is the partner's.
pub(crate) async fn is_there(on: &mut impl Connection, partner: TenantId, customer: TenantId) -> Result<bool, Problem> {
    let found = sql("SELECT id FROM contract WHERE partner = $1 AND customer = $2").bind(partner).bind(customer);
    Ok(found.maybe(on).await?.is_some())
}

/// Whether the partner administers the customer's tenant by its agent groups.
pub(crate) async fn delegated_admin(
    on: &mut impl Connection,
    partner: TenantId,
    customer: TenantId,
) -> Result<bool, Problem> {
    let row = sql("SELECT delegated_admin FROM contract WHERE partner = $1 AND customer = $2")
        .bind(partner)
        .bind(customer)
        .maybe(on)
        .await?;
    row.map_or(Ok(false), |row| row.flag("delegated_admin"))
}
