//! The SQL of credit notes. Private; every read names the buyer or the seller.

use crate::credit_note::CreditNote;
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// A stored credit note and its place in the seller's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredNote {
    pub(crate) note: CreditNote,
    /// What was asked for under its reference; `None` on notes from before there were references.
    pub(crate) asked: Option<String>,
    pub(crate) text: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) chain_no: i64,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
}

/// Writes a note.
pub(crate) async fn insert(tx: &mut Tx, new: &StoredNote) -> Result<(), Problem> {
    sql(
        "INSERT INTO credit_note (seller, number, buyer, invoice, issued_at, currency, total, chain_no, previous_hash, \
         hash, document, reference, asked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(new.note.seller.tenant)
    .bind(&new.note.number)
    .bind(new.note.buyer.tenant)
    .bind(&new.note.invoice)
    .bind(new.issued_at)
    .bind(&new.note.currency)
    .bind(&new.note.total)
    .bind(new.chain_no)
    .bind(&new.previous_hash)
    .bind(&new.hash)
    .bind(&new.text)
    .bind(&new.note.reference)
    .bind(new.asked.as_deref())
    .run(tx)
    .await?;
    Ok(())
}

/// By number in any letter case, within what a tenant buys or sells.
pub(crate) async fn numbered(
    on: &mut impl Connection,
    party: Option<TenantId>,
    number: &str,
) -> Result<Option<StoredNote>, Problem> {
    let row = sql("SELECT * FROM credit_note WHERE number = $1 \
         AND (CAST($2 AS TEXT) IS NULL OR buyer = $2 OR seller = $2) ORDER BY seller LIMIT 1")
    .bind(number.to_ascii_uppercase())
    .bind(party)
    .maybe(on)
    .await?;
    row.as_ref().map(stored).transpose()
}

/// The note of a seller that a reference names.
pub(crate) async fn by_reference(
    on: &mut impl Connection,
    seller: TenantId,
    reference: &str,
) -> Result<Option<StoredNote>, Problem> {
    let row = sql("SELECT * FROM credit_note WHERE seller = $1 AND reference = $2")
        .bind(seller)
        .bind(reference)
        .maybe(on)
        .await?;
    row.as_ref().map(stored).transpose()
}

/// Of one invoice, oldest first.
pub(crate) async fn of_invoice(
    on: &mut impl Connection,
    seller: TenantId,
    invoice: &str,
) -> Result<Vec<StoredNote>, Problem> {
    let rows = sql("SELECT * FROM credit_note WHERE seller = $1 AND invoice = $2 ORDER BY chain_no")
        .bind(seller)
        .bind(invoice)
        .all(on)
        .await?;
    rows.iter().map(stored).collect()
}

/// Of a buyer, oldest first.
pub(crate) async fn of_buyer(on: &mut impl Connection, buyer: TenantId) -> Result<Vec<StoredNote>, Problem> {
    let rows = sql("SELECT * FROM credit_note WHERE buyer = $1 ORDER BY seller, chain_no").bind(buyer).all(on).await?;
    rows.iter().map(stored).collect()
}

/// Every credit note of the world, for `tenantry check`. One that cannot be read, or whose columns say something
/// else, is a finding.
pub(crate) async fn everything(on: &mut impl Connection) -> Result<(Vec<StoredNote>, Vec<String>), Problem> {
    let rows = sql("SELECT * FROM credit_note ORDER BY seller, chain_no").all(on).await?;
    let (mut readable, mut findings) = (Vec::new(), Vec::new());
    for row in &rows {
        let (seller, number) = (row.text("seller")?, row.text("number")?);
        let Ok(found) = stored(row) else {
            findings.push(format!("credit note {number} of {seller} cannot be read"));
            continue;
        };
        let note = &found.note;
        let says = [&note.number, &note.invoice, &note.currency, &note.total, &note.reference];
        let reference = row.maybe_text("reference")?.unwrap_or_default();
        let columns = [number.clone(), row.text("invoice")?, row.text("currency")?, row.text("total")?, reference];
        let parties = (note.seller.tenant.to_string(), note.buyer.tenant.to_string());
        if says != columns.each_ref() || parties != (seller, row.text("buyer")?) {
            findings.push(format!("credit note {number}: its columns do not say what its document says"));
        }
        readable.push(found);
    }
    Ok((readable, findings))
}

fn stored(row: &Row) -> Result<StoredNote, Problem> {
    let text = row.text("document")?;
    let note = serde_json::from_str(&text)
        .map_err(|error| Problem::corrupt(format!("an issued credit note cannot be read: {error}")))?;
    Ok(StoredNote {
        note,
        asked: row.maybe_text("asked")?,
        text,
        issued_at: row.time("issued_at")?,
        chain_no: row.integer("chain_no")?,
        previous_hash: row.text("previous_hash")?,
        hash: row.text("hash")?,
    })
}
