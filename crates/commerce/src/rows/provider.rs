//! The provider.

use super::{from_json, json};
use crate::provider::Provider;
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Tx, sql};

pub(crate) async fn insert(tx: &mut Tx, provider: &Provider) -> Result<(), Problem> {
    sql("INSERT INTO provider (tenant, company_name, address, email) VALUES ($1, $2, $3, $4)")
        .bind(provider.tenant)
        .bind(&provider.company_name)
        .bind(json(&provider.address)?)
        .bind(&provider.email)
        .run(tx)
        .await?;
    Ok(())
}

/// There is one at most: directory refuses a second.
pub(crate) async fn get(on: &mut impl Connection) -> Result<Option<Provider>, Problem> {
    let row = sql("SELECT tenant, company_name, address, email FROM provider").maybe(on).await?;
    row.map(|row| {
        Ok(Provider {
            tenant: row.parsed("tenant", TenantId::parse)?,
            company_name: row.text("company_name")?,
            address: from_json(&row, "address")?,
            email: row.text("email")?,
        })
    })
    .transpose()
}

/// Makes everybody who numbers partners wait for the end of the transaction.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), Problem> {
    sql("UPDATE provider SET tenant = tenant").run(tx).await?;
    Ok(())
}
