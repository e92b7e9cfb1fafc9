//! The SQL of payments. Private; every read names the buyer or the seller.

use crate::payment::Payment;
use tenantry_core::{Currency, Day, Money, Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

pub(crate) async fn insert(tx: &mut Tx, payment: &Payment) -> Result<(), Problem> {
    sql(
        "INSERT INTO payment (seller, reference, buyer, currency, minor, paid_on, recorded_at, after_chain, sequence, \
         documents, reverses, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(payment.seller)
    .bind(&payment.reference)
    .bind(payment.buyer)
    .bind(payment.amount.currency().code())
    .bind(payment.amount.minor().to_string())
    .bind(payment.paid_on.to_string())
    .bind(payment.recorded_at)
    .bind(payment.order.0)
    .bind(payment.order.1)
    .bind(serde_json::to_string(&payment.documents).map_err(Problem::internal)?)
    .bind(payment.reverses.clone())
    .bind(&payment.reason)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn by_reference(
    on: &mut impl Connection,
    seller: TenantId,
    reference: &str,
) -> Result<Option<Payment>, Problem> {
    let row = sql("SELECT * FROM payment WHERE seller = $1 AND reference = $2")
        .bind(seller)
        .bind(reference)
        .maybe(on)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The row that takes a payment back, if there is one.
pub(crate) async fn reversal_of(
    on: &mut impl Connection,
    seller: TenantId,
    reference: &str,
) -> Result<Option<Payment>, Problem> {
    let row =
        sql("SELECT * FROM payment WHERE seller = $1 AND reverses = $2").bind(seller).bind(reference).maybe(on).await?;
    row.as_ref().map(read).transpose()
}

/// Payments and reversals of a buyer, in the order they were written down.
pub(crate) async fn of_buyer(on: &mut impl Connection, buyer: TenantId) -> Result<Vec<Payment>, Problem> {
    let rows = sql("SELECT * FROM payment WHERE buyer = $1 ORDER BY seller, sequence").bind(buyer).all(on).await?;
    rows.iter().map(read).collect()
}

/// All of the world, for `tenantry check`.
pub(crate) async fn everything(on: &mut impl Connection) -> Result<Vec<Payment>, Problem> {
    sql("SELECT * FROM payment ORDER BY seller, sequence").all(on).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Payment, Problem> {
    let currency = row.parsed("currency", Currency::parse)?;
    Ok(Payment {
        seller: row.parsed("seller", TenantId::parse)?,
        buyer: row.parsed("buyer", TenantId::parse)?,
        reference: row.text("reference")?,
        amount: Money::from_minor(row.parsed("minor", str::parse::<i128>)?, currency),
        paid_on: row.parsed("paid_on", |text| Day::parse(text).map_err(|error| error.to_string()))?,
        recorded_at: row.time("recorded_at")?,
        documents: row.parsed("documents", |text| serde_json::from_str(text))?,
        reverses: row.maybe_text("reverses")?,
        reason: row.text("reason")?,
        order: (row.integer("after_chain")?, row.integer("sequence")?),
    })
}
