//! The SQL of this slice. Private; every read names the buyer or the seller.

use crate::invoice::Invoice;
use crate::stored_text::{StoredText, unpack};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Currency, Day, EdgeId, Money, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, counter, sql};

/// A stored document and its place in the seller's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) invoice: Invoice,
    pub(crate) text: String,
    pub(crate) chain_no: i64,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
}

/// What accounts need of a document, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentSummary {
    pub(crate) number: String,
    pub(crate) seller: TenantId,
    pub(crate) issued_at: Timestamp,
    pub(crate) due_on: Day,
    pub(crate) total: Money,
    pub(crate) chain_no: i64,
}

/// Days until an invoice is due: net 60, as the field has it (partner-center-v1.md 4.7).
pub(crate) const DUE_DAYS: i32 = 60;

/// The day a document of an instant is due.
pub(crate) fn due_on(issued_at: Timestamp) -> Day {
    Day::from_number(issued_at.day().number().saturating_add(DUE_DAYS))
}

pub(crate) struct NewInvoice<'a> {
    pub(crate) invoice: &'a Invoice,
    pub(crate) text: StoredText,
    pub(crate) issued_at: Timestamp,
    pub(crate) chain_no: i64,
    pub(crate) previous_hash: &'a str,
    pub(crate) hash: &'a str,
}

pub(crate) async fn insert(tx: &mut Tx, new: NewInvoice<'_>) -> Result<(), Problem> {
    let invoice = new.invoice;
    let (plain, packed) = match new.text {
        StoredText::Plain(text) => (text, None),
        StoredText::Packed(bytes) => (String::new(), Some(bytes)),
    };
    sql("INSERT INTO invoice (seller, number, buyer, edge, close_no, month, issued_at, currency, total, chain_no, \
         previous_hash, hash, document, due_on, packed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
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
    .bind(plain)
    .bind(&invoice.due_on)
    .bind(packed)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn of_close(on: &mut impl Connection, edge: EdgeId, close: u32) -> Result<Option<Stored>, Problem> {
    let row =
        sql("SELECT document, packed, chain_no, previous_hash, hash FROM invoice WHERE edge = $1 AND close_no = $2")
            .bind(edge)
            .bind(i64::from(close))
            .maybe(on)
            .await?;
    row.as_ref().map(stored).transpose()
}

/// The documents of a close that are there, by edge.
pub(crate) async fn all_of_close(on: &mut impl Connection, close: u32) -> Result<BTreeMap<EdgeId, Invoice>, Problem> {
    let rows = sql("SELECT edge, document, packed, chain_no, previous_hash, hash FROM invoice WHERE close_no = $1")
        .bind(i64::from(close))
        .all(on)
        .await?;
    rows.iter().map(|row| Ok((row.parsed("edge", EdgeId::parse)?, stored(row)?.invoice))).collect()
}

/// The edges that have their document of a close.
pub(crate) async fn edges_of_close(on: &mut impl Connection, close: u32) -> Result<BTreeSet<EdgeId>, Problem> {
    let rows = sql("SELECT edge FROM invoice WHERE close_no = $1").bind(i64::from(close)).all(on).await?;
    rows.iter().map(|row| row.parsed("edge", EdgeId::parse)).collect()
}

/// The newest close that an edge has a document of; 0 before the first.
pub(crate) async fn newest_close(on: &mut impl Connection, edge: EdgeId) -> Result<u32, Problem> {
    let row =
        sql("SELECT close_no FROM invoice WHERE edge = $1 ORDER BY close_no DESC LIMIT 1").bind(edge).maybe(on).await?;
    row.map_or(Ok(0), |row| u32::try_from(row.integer("close_no")?).map_err(Problem::internal))
}

/// Makes everybody else who writes documents of a seller wait until this transaction ends.
pub(crate) async fn lock_seller(tx: &mut Tx, seller: TenantId) -> Result<(), Problem> {
    sql("INSERT INTO counter (name, value) VALUES ($1, 0) ON CONFLICT (name) DO UPDATE SET value = counter.value")
        .bind(format!("invoice-chain/{seller}"))
        .run(tx)
        .await?;
    Ok(())
}

/// Where a seller's chain ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChainEnd {
    /// The place of its last document; 0 before the first.
    pub(crate) chain_no: i64,
    /// The hash of that.
    pub(crate) hash: String,
}

/// The end of a seller's chain. Invoices and credit notes stand in one chain.
pub(crate) async fn end_of_chain(on: &mut impl Connection, seller: TenantId) -> Result<ChainEnd, Problem> {
    let ends = [
        sql("SELECT chain_no, hash FROM invoice WHERE seller = $1 ORDER BY chain_no DESC LIMIT 1"),
        sql("SELECT chain_no, hash FROM credit_note WHERE seller = $1 ORDER BY chain_no DESC LIMIT 1"),
    ];
    let mut last = ChainEnd { chain_no: 0, hash: crate::chain::GENESIS.to_owned() };
    for end in ends {
        if let Some(row) = end.bind(seller).maybe(on).await? {
            last = last.max(ChainEnd { chain_no: row.integer("chain_no")?, hash: row.text("hash")? });
        }
    }
    Ok(last)
}

/// The next place in a seller's chain and the hash before it. Ask while holding the seller's lock.
pub(crate) async fn next_in_chain(tx: &mut Tx, seller: TenantId) -> Result<(i64, String), Problem> {
    let end = end_of_chain(tx, seller).await?;
    Ok((next_behind(tx, seller, &end).await?, end.hash))
}

/// The place behind the end of a seller's chain, likewise.
pub(crate) async fn next_behind(tx: &mut Tx, seller: TenantId, end: &ChainEnd) -> Result<i64, Problem> {
    let chain_no = counter::next(tx, &format!("invoice-chain/{seller}")).await?;
    if end.chain_no.checked_add(1) != Some(chain_no) {
        let last = end.chain_no;
        return Err(Problem::corrupt(format!("the chain of seller {seller} ends at {last}, not before {chain_no}")));
    }
    Ok(chain_no)
}

/// A buyer's documents without their lines, in the order of each seller's chain.
pub(crate) async fn summaries_of_buyer(
    on: &mut impl Connection,
    buyer: TenantId,
) -> Result<Vec<DocumentSummary>, Problem> {
    let rows =
        sql("SELECT seller, number, issued_at, due_on, currency, total, chain_no FROM invoice WHERE buyer = $1 \
         ORDER BY seller, chain_no")
        .bind(buyer)
        .all(on)
        .await?;
    rows.iter().map(summary).collect()
}

fn summary(row: &Row) -> Result<DocumentSummary, Problem> {
    let issued_at = row.time("issued_at")?;
    let said = row.text("due_on")?;
    let currency = row.parsed("currency", Currency::parse)?;
    Ok(DocumentSummary {
        number: row.text("number")?,
        seller: row.parsed("seller", TenantId::parse)?,
        issued_at,
        due_on: if said.is_empty() {
            due_on(issued_at)
        } else {
            row.parsed("due_on", |text| Day::parse(text).map_err(|error| error.to_string()))?
        },
        total: crate::invoice::money(&row.text("total")?, currency)?,
        chain_no: row.integer("chain_no")?,
    })
}

pub(crate) async fn of_buyer(on: &mut impl Connection, buyer: TenantId) -> Result<Vec<Stored>, Problem> {
    let rows =
        sql("SELECT document, packed, chain_no, previous_hash, hash FROM invoice WHERE buyer = $1 ORDER BY issued_at, number")
            .bind(buyer)
            .all(on)
            .await?;
    rows.iter().map(stored).collect()
}

pub(crate) async fn of_seller(on: &mut impl Connection, seller: TenantId) -> Result<Vec<Stored>, Problem> {
    let rows =
        sql("SELECT document, packed, chain_no, previous_hash, hash FROM invoice WHERE seller = $1 ORDER BY chain_no")
            .bind(seller)
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
    let row = sql("SELECT document, packed, chain_no, previous_hash, hash FROM invoice WHERE number = $1 \
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
    let rows = sql(
        "SELECT seller, number, buyer, month, currency, total, document, packed, chain_no, previous_hash, hash FROM invoice \
         ORDER BY seller, chain_no",
    )
    .all(on)
    .await?;
    let (mut readable, mut findings) = (Vec::new(), Vec::new());
    for row in &rows {
        let (seller, number) = (row.text("seller")?, row.text("number")?);
        let found = match stored(row) {
            Ok(found) => found,
            Err(problem) => {
                findings.push(format!("invoice {number} of {seller} cannot be read: {}", problem.cause_chain()));
                continue;
            }
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
    let text = match (row.maybe_bytes("packed")?, row.text("document")?) {
        (None, document) => document,
        (Some(packed), document) if document.is_empty() => unpack(&packed)?,
        (Some(_), _) => return Err(Problem::corrupt("an issued document lies twice, as it is and packed")),
    };
    let invoice = serde_json::from_str(&text)
        .map_err(|error| Problem::corrupt(format!("an issued document cannot be read: {error}")))?;
    Ok(Stored {
        invoice,
        text,
        chain_no: row.integer("chain_no")?,
        previous_hash: row.text("previous_hash")?,
        hash: row.text("hash")?,
    })
}
