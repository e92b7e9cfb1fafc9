//! The facts a world keeps about itself.

use tenantry_core::Problem;
use tenantry_db::{Connection, Tx, sql};

/// `live` or `sandbox`.
pub(crate) const KIND: &str = "kind";
/// The time a sandbox shows, as ISO 8601.
pub(crate) const CLOCK: &str = "clock";
/// What tenant domains end in.
pub(crate) const DOMAIN_SUFFIX: &str = "domain_suffix";

pub(crate) async fn get(on: &mut impl Connection, name: &str) -> Result<Option<String>, Problem> {
    let row = sql("SELECT value FROM world_fact WHERE name = $1").bind(name).maybe(on).await?;
    row.map(|row| row.text("value")).transpose()
}

pub(crate) async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), Problem> {
    sql("INSERT INTO world_fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .run(tx)
        .await?;
    Ok(())
}
