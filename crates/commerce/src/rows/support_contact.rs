//! Who helps with a subscription, where its seller named somebody.

use crate::subscription::Subscription;
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Tx, sql};

/// Names somebody instead of whom the seller named before.
pub(crate) async fn put(tx: &mut Tx, of: &Subscription, (contact, name): (TenantId, &str)) -> Result<(), Problem> {
    sql("INSERT INTO support_contact (subscription, partner, customer, contact, name) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (subscription, partner) DO UPDATE SET contact = excluded.contact, name = excluded.name")
    .bind(of.id)
    .bind(of.partner)
    .bind(of.customer)
    .bind(contact)
    .bind(name)
    .run(tx)
    .await?;
    Ok(())
}

/// Whom the seller named, and by what name.
pub(crate) async fn get(on: &mut impl Connection, of: &Subscription) -> Result<Option<(TenantId, String)>, Problem> {
    let found =
        sql("SELECT contact, name FROM support_contact WHERE subscription = $1 AND partner = $2 AND customer = $3")
            .bind(of.id)
            .bind(of.partner)
            .bind(of.customer)
            .maybe(on)
            .await?;
    found.map(|row| Ok((row.parsed("contact", TenantId::parse)?, row.text("name")?))).transpose()
}
