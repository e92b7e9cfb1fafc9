//! Validation codes.

use crate::ValidationCode;
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// A partner, and the indirect provider above it.
type Owners = (TenantId, Option<TenantId>);

pub(crate) async fn insert(tx: &mut Tx, code: &ValidationCode) -> Result<(), Problem> {
    sql("INSERT INTO validation_code (id, partner, organization_name, creates_max, creates_left, version, given_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(code.id)
    .bind(code.partner)
    .bind(&code.organization_name)
    .bind(code.creates_max)
    .bind(code.creates_left)
    .bind(code.version)
    .bind(code.given_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Uses up one; `false` if there is none left, or no such code of these. Of two that come at once for the last one, one
/// finds it gone.
pub(crate) async fn take(tx: &mut Tx, (partner, above): Owners, id: Uuid) -> Result<bool, Problem> {
    let taken = sql("UPDATE validation_code SET creates_left = creates_left - 1, version = version + 1 \
         WHERE id = $1 AND (partner = $2 OR partner = $3) AND creates_left > 0")
    .bind(id)
    .bind(partner)
    .bind(above)
    .run(tx)
    .await?;
    Ok(taken == 1)
}

pub(crate) async fn by_id(
    on: &mut impl Connection,
    (partner, above): Owners,
    id: Uuid,
) -> Result<Option<ValidationCode>, Problem> {
    let row = sql("SELECT id, partner, organization_name, creates_max, creates_left, version, given_at \
         FROM validation_code WHERE id = $1 AND (partner = $2 OR partner = $3)")
    .bind(id)
    .bind(partner)
    .bind(above)
    .maybe(on)
    .await?;
    row.map(|row| read(&row)).transpose()
}

pub(crate) async fn of_partner(on: &mut impl Connection, partner: TenantId) -> Result<Vec<ValidationCode>, Problem> {
    let rows = sql("SELECT id, partner, organization_name, creates_max, creates_left, version, given_at \
         FROM validation_code WHERE partner = $1 ORDER BY given_at, id")
    .bind(partner)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// The one that was used for a partner's customer.
pub(crate) async fn used_for(
    on: &mut impl Connection,
    (customer, partner): (TenantId, TenantId),
) -> Result<Option<ValidationCode>, Problem> {
    let row = sql("SELECT code.id, code.partner, code.organization_name, code.creates_max, code.creates_left, \
         code.version, code.given_at FROM customer_qualification AS used \
         JOIN validation_code AS code ON code.id = used.validation_code \
         WHERE used.customer = $1 AND used.partner = $2")
    .bind(customer)
    .bind(partner)
    .maybe(on)
    .await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<ValidationCode, Problem> {
    Ok(ValidationCode {
        id: row.parsed("id", Uuid::parse_str)?,
        partner: row.parsed("partner", TenantId::parse)?,
        organization_name: row.text("organization_name")?,
        creates_max: row.integer("creates_max")?,
        creates_left: row.integer("creates_left")?,
        version: row.integer("version")?,
        given_at: row.time("given_at")?,
    })
}
