//! The SQL of this slice. Private; every read names the buyer or the seller.

use crate::invoice::Invoice;
use tenantry_core::{EdgeId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// A stored document and its place in the seller's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) invoice: Invoice,
    pub(crate) text: String,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
}

pub(crate) struct NewInvoice<'a> {
    pub(crate) invoice: &'a Invoice,
    pub(crate) text: &'a str,
    pub(crate) issued_at: Timestamp,
    pub(crate) chain_no: i64,
    pub(crate) previous_hash: &'a str,
    pub(crate) hash: &'a str,
}

pub(crate) async fn insert(tx: &mut Tx, new: &NewInvoice<'_>) -> Result<(), Problem> {
    let invoice = new.invoice;
    sql("INSERT INTO invoice (seller, number, buyer, edge, close_no, month, issued_at, currency, total, chain_no, \
         previous_hash, hash, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(invoice.seller.tenant)
    .bind(&invoice.number)
    .bind(invoice.buyer.tenant)
    .bind(invoice.edge)
    .bind(i64::from(invoice.close))
    .bind(&invoice.month)
    .bind(new.issued_at)
    .bind(&invoice.currency)
    .bind(&invoice.total)
    .bind(new.chain_no)
    .bind(new.previous_hash)
    .bind(new.hash)
    .bind(new.text)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn of_close(on: &mut impl Connection, edge: EdgeId, close: u32) -> Result<Option<Stored>, Problem> {
    let row = sql("SELECT document, previous_hash, hash FROM invoice WHERE edge = $1 AND close_no = $2")
        .bind(edge)
        .bind(i64::from(close))
        .maybe(on)
        .await?;
    row.as_ref().map(stored).transpose()
}

/// The hash at the end of a seller's chain and its place; `None` before the first document.
pub(crate) async fn end_of_chain(on: &mut impl Connection, seller: TenantId) -> Result<Option<(i64, String)>, Problem> {
    let row = sql("SELECT chain_no, hash FROM invoice WHERE seller = $1 ORDER BY chain_no DESC LIMIT 1")
        .bind(seller)
        .maybe(on)
        .await?;
    row.map(|row| Ok((row.integer("chain_no")?, row.text("hash")?))).transpose()
}

pub(crate) async fn of_buyer(on: &mut impl Connection, buyer: TenantId) -> Result<Vec<Stored>, Problem> {
    let rows = sql("SELECT document, previous_hash, hash FROM invoice WHERE buyer = $1 ORDER BY issued_at, number")
        .bind(buyer)
        .all(on)
        .await?;
    rows.iter().map(stored).collect()
}

/// By number in any letter case, within what a tenant buys or sells.
pub(crate) async fn numbered(
    on: &mut impl Connection,
    party: Option<TenantId>,
    number: &str,
) -> Result<Option<Stored>, Problem> {
    let row = sql("SELECT document, previous_hash, hash FROM invoice WHERE number = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR buyer = $2 OR seller = $2) ORDER BY seller LIMIT 1")
    .bind(number.to_ascii_uppercase())
    .bind(party)
    .maybe(on)
    .await?;
    row.as_ref().map(stored).transpose()
}

/// Every document of the world, in chain order of each seller, for `tenantry check`. One that cannot be read, or
/// whose columns say something else, is a finding with its number, not the end of the search.
pub(crate) async fn everything(on: &mut impl Connection) -> Result<(Vec<Stored>, Vec<String>), Problem> {
    let rows = sql("SELECT seller, number, buyer, month, currency, total, document, previous_hash, hash FROM invoice \
         ORDER BY seller, chain_no")
    .all(on)
    .await?;
    let (mut readable, mut findings) = (Vec::new(), Vec::new());
    for row in &rows {
        let (seller, number) = (row.text("seller")?, row.text("number")?);
        let Ok(found) = stored(row) else {
            findings.push(format!("invoice {number} of {seller} cannot be read"));
            continue;
        };
        let invoice = &found.invoice;
        let says = [&invoice.number, &invoice.month, &invoice.currency, &invoice.total];
        let columns = [number.clone(), row.text("month")?, row.text("currency")?, row.text("total")?];
        let parties = (invoice.seller.tenant.to_string(), invoice.buyer.tenant.to_string());
        if says != columns.each_ref() || parties != (seller, row.text("buyer")?) {
            findings.push(format!("invoice {number}: its columns do not say what its document says"));
        }
        readable.push(found);
    }
    Ok((readable, findings))
}

fn stored(row: &Row) -> Result<Stored, Problem> {
    let text = row.text("document")?;
    let invoice = serde_json::from_str(&text)
        .map_err(|error| Problem::corrupt(format!("an issued document cannot be read: {error}")))?;
    Ok(Stored { invoice, text, previous_hash: row.text("previous_hash")?, hash: row.text("hash")? })
}
