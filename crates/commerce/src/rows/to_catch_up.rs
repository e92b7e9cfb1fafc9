//! Customers that still lack what a customer of today has in the directory.

use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Tx, sql};

/// A customer and its partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) customer: TenantId,
    pub(crate) partner: TenantId,
}

/// All of them, in the order of partner and customer.
pub(crate) async fn all(on: &mut impl Connection) -> Result<Vec<Pair>, Problem> {
    let rows = sql("SELECT tenant, partner FROM customer_to_catch_up ORDER BY partner, tenant").all(on).await?;
    let pair = |row: &tenantry_db::Row| {
        Ok(Pair { customer: row.parsed("tenant", TenantId::parse)?, partner: row.parsed("partner", TenantId::parse)? })
    };
    rows.iter().map(pair).collect()
}

/// Takes one off the list.
pub(crate) async fn done(tx: &mut Tx, pair: Pair) -> Result<(), Problem> {
    sql("DELETE FROM customer_to_catch_up WHERE tenant = $1 AND partner = $2")
        .bind(pair.customer)
        .bind(pair.partner)
        .run(tx)
        .await?;
    Ok(())
}
