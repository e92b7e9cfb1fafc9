//! Prices named for a buyer. Who may see them is asked of the channel; every statement names the edge or the import.

use crate::edge_price_sheet::EdgePriceSheetSummary;
use tenantry_core::{Currency, EdgeId, PriceSheetId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, edge, seller, buyer, import_no, market, currency, effective_from, meters, imported_at \
             FROM edge_price_sheet ",
            $rest
        )
    };
}

pub(crate) async fn insert(
    tx: &mut Tx,
    sheet: &EdgePriceSheetSummary,
    (digest, document): (&str, Vec<u8>),
) -> Result<(), Problem> {
    sql("INSERT INTO edge_price_sheet (id, edge, seller, buyer, import_no, market, currency, effective_from, meters, \
         imported_at, digest, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    .bind(sheet.id)
    .bind(sheet.edge)
    .bind(sheet.seller)
    .bind(sheet.buyer)
    .bind(i64::try_from(sheet.import_no).map_err(Problem::internal)?)
    .bind(&sheet.market)
    .bind(sheet.currency.code())
    .bind(sheet.effective_from)
    .bind(sheet.meters)
    .bind(sheet.imported_at)
    .bind(digest)
    .bind(document)
    .run(tx)
    .await?;
    Ok(())
}

/// The sheet of an edge that a new one of a date would take the place of, and the digest of what it says.
pub(crate) async fn last_of(
    on: &mut impl Connection,
    edge: EdgeId,
    effective_from: Timestamp,
) -> Result<Option<(EdgePriceSheetSummary, String)>, Problem> {
    let last = sql(select!("WHERE edge = $1 AND effective_from = $2 ORDER BY import_no DESC LIMIT 1"))
        .bind(edge)
        .bind(effective_from)
        .maybe(on)
        .await?;
    let Some(last) = last.as_ref().map(read).transpose()? else { return Ok(None) };
    let digest =
        sql("SELECT digest FROM edge_price_sheet WHERE id = $1").bind(last.id).one(on).await?.text("digest")?;
    Ok(Some((last, digest)))
}

/// All sheets of an edge, oldest import first.
pub(crate) async fn of_edge(on: &mut impl Connection, edge: EdgeId) -> Result<Vec<EdgePriceSheetSummary>, Problem> {
    sql(select!("WHERE edge = $1 ORDER BY import_no")).bind(edge).all(on).await?.iter().map(read).collect()
}

pub(crate) async fn by_id(
    on: &mut impl Connection,
    id: PriceSheetId,
) -> Result<Option<EdgePriceSheetSummary>, Problem> {
    sql(select!("WHERE id = $1")).bind(id).maybe(on).await?.as_ref().map(read).transpose()
}

pub(crate) async fn document(on: &mut impl Connection, id: PriceSheetId) -> Result<Vec<u8>, Problem> {
    sql("SELECT document FROM edge_price_sheet WHERE id = $1").bind(id).one(on).await?.bytes("document")
}

fn read(row: &Row) -> Result<EdgePriceSheetSummary, Problem> {
    Ok(EdgePriceSheetSummary {
        id: row.parsed("id", PriceSheetId::parse)?,
        edge: row.parsed("edge", EdgeId::parse)?,
        seller: row.parsed("seller", TenantId::parse)?,
        buyer: row.parsed("buyer", TenantId::parse)?,
        import_no: u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?,
        market: row.text("market")?,
        currency: row.parsed("currency", Currency::parse)?,
        effective_from: row.time("effective_from")?,
        meters: row.integer("meters")?,
        imported_at: row.time("imported_at")?,
    })
}
