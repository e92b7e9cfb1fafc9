//! What customers agreed to.

use super::{from_json, json};
use crate::agreement::{Agreement, AgreementTemplate};
use crate::reach::Reach;
use tenantry_core::{ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// Writes a confirmation; `false` if the same contact was confirmed before. Ask while holding the customer's row.
pub(crate) async fn insert(tx: &mut Tx, new: &Agreement) -> Result<bool, Problem> {
    let written = sql("INSERT INTO customer_agreement (customer, partner, number, template, contact, contact_key, \
         agreed_at, confirmed_by, confirmed_at) \
         SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6, $7, $8 FROM customer_agreement \
         WHERE customer = $1 AND partner = $2 \
         ON CONFLICT (customer, partner, template, contact_key) DO NOTHING")
    .bind(new.customer)
    .bind(new.partner)
    .bind(new.template.id)
    .bind(json(&new.contact)?)
    .bind(new.contact.key())
    .bind(new.agreed_at)
    .bind(new.confirmed_by)
    .bind(new.confirmed_at)
    .run(tx)
    .await?;
    Ok(written == 1)
}

/// A customer's confirmations within reach.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    reach: Reach,
    customer: TenantId,
) -> Result<Vec<Agreement>, Problem> {
    let rows = sql(concat!(
        "SELECT customer, partner, template, contact, agreed_at, confirmed_by, confirmed_at FROM customer_agreement \
         WHERE customer = $1 AND ",
        within!("partner", "$2"),
        " AND customer = COALESCE($3, customer) ORDER BY confirmed_at, partner, number"
    ))
    .bind(customer)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// The customer signed itself. Ask while the row is there.
pub(crate) async fn sign(tx: &mut Tx, customer: TenantId, partner: TenantId, at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE customer SET agreement_signed_at = $3 WHERE tenant = $1 AND partner = $2")
        .bind(customer)
        .bind(partner)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Whether the customer signed itself.
pub(crate) async fn signed(on: &mut impl Connection, customer: TenantId, partner: TenantId) -> Result<bool, Problem> {
    let found =
        sql("SELECT number FROM customer WHERE tenant = $1 AND partner = $2 AND agreement_signed_at IS NOT NULL")
            .bind(customer)
            .bind(partner);
    Ok(found.maybe(on).await?.is_some())
}

/// Whether the customer signed, or the partner confirmed that it agreed.
pub(crate) async fn agreed(on: &mut impl Connection, customer: TenantId, partner: TenantId) -> Result<bool, Problem> {
    if signed(on, customer, partner).await? {
        return Ok(true);
    }
    let found = sql("SELECT number FROM customer_agreement WHERE customer = $1 AND partner = $2 LIMIT 1")
        .bind(customer)
        .bind(partner);
    Ok(found.maybe(on).await?.is_some())
}

fn read(row: &Row) -> Result<Agreement, Problem> {
    let template = row.parsed("template", Uuid::parse_str)?;
    Ok(Agreement {
        customer: row.parsed("customer", TenantId::parse)?,
        partner: row.parsed("partner", TenantId::parse)?,
        template: AgreementTemplate::find(template)
            .ok_or_else(|| Problem::corrupt(format!("agreement template {template} is not known")))?,
        contact: from_json(row, "contact")?,
        agreed_at: row.time("agreed_at")?,
        confirmed_by: row.parsed("confirmed_by", ObjectId::parse)?,
        confirmed_at: row.time("confirmed_at")?,
    })
}
