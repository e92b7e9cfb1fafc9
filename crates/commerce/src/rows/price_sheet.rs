//! Imported price sheets. The price of one meter is never asked of SQL: a sheet is read whole, once.

use crate::price_sheet::PriceSheetSummary;
use tenantry_core::{Currency, PriceSheetId, Problem, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, import_no, market, currency, effective_from, meters, third_party_meters, imported_at \
             FROM price_sheet ",
            $rest
        )
    };
}

pub(crate) async fn insert(tx: &mut Tx, sheet: &PriceSheetSummary, document: Vec<u8>) -> Result<(), Problem> {
    let import_no = i64::try_from(sheet.import_no).map_err(Problem::internal)?;
    sql("INSERT INTO price_sheet (id, import_no, market, currency, effective_from, meters, third_party_meters, \
         imported_at, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(sheet.id)
    .bind(import_no)
    .bind(&sheet.market)
    .bind(sheet.currency.code())
    .bind(sheet.effective_from)
    .bind(sheet.meters)
    .bind(sheet.third_party_meters)
    .bind(sheet.imported_at)
    .bind(document)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn all(on: &mut impl Connection) -> Result<Vec<PriceSheetSummary>, Problem> {
    sql(select!("ORDER BY import_no")).all(on).await?.iter().map(read).collect()
}

pub(crate) async fn by_id(on: &mut impl Connection, id: PriceSheetId) -> Result<Option<PriceSheetSummary>, Problem> {
    sql(select!("WHERE id = $1")).bind(id).maybe(on).await?.as_ref().map(read).transpose()
}

/// The one in force at an instant: the latest date, then the latest import.
pub(crate) async fn in_force(
    on: &mut impl Connection,
    market: &str,
    currency: Currency,
    at: Timestamp,
) -> Result<Option<PriceSheetSummary>, Problem> {
    sql(select!(
        "WHERE market = $1 AND currency = $2 AND effective_from <= $3 \
         ORDER BY effective_from DESC, import_no DESC LIMIT 1"
    ))
    .bind(market)
    .bind(currency.code())
    .bind(at)
    .maybe(on)
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(crate) async fn document(on: &mut impl Connection, id: PriceSheetId) -> Result<Vec<u8>, Problem> {
    sql("SELECT document FROM price_sheet WHERE id = $1").bind(id).one(on).await?.bytes("document")
}

fn read(row: &Row) -> Result<PriceSheetSummary, Problem> {
    Ok(PriceSheetSummary {
        id: row.parsed("id", PriceSheetId::parse)?,
        import_no: u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?,
        market: row.text("market")?,
        currency: row.parsed("currency", Currency::parse)?,
        effective_from: row.time("effective_from")?,
        meters: row.integer("meters")?,
        third_party_meters: row.integer("third_party_meters")?,
        imported_at: row.time("imported_at")?,
    })
}
