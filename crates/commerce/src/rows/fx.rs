//! Imported exchange rates.

use tenantry_core::{Currency, Day, Month, Problem, Rate, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use tenantry_rating::FxRates;

pub(crate) async fn insert(tx: &mut Tx, rates: &FxRates, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO fx_rate (import_no, month, from_currency, to_currency, rate, source, dated, imported_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(i64::try_from(rates.import_no).map_err(Problem::internal)?)
    .bind(rates.month)
    .bind(rates.from.code())
    .bind(rates.to.code())
    .bind(rates.rate.to_string())
    .bind(&rates.source)
    .bind(rates.dated.to_string())
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// The latest import of a pair in a month.
pub(crate) async fn latest(
    on: &mut impl Connection,
    (from, to): (Currency, Currency),
    month: Month,
) -> Result<Option<FxRates>, Problem> {
    let found = sql("SELECT import_no, month, from_currency, to_currency, rate, source, dated FROM fx_rate \
         WHERE from_currency = $1 AND to_currency = $2 AND month = $3 ORDER BY import_no DESC LIMIT 1")
    .bind(from.code())
    .bind(to.code())
    .bind(month)
    .maybe(on)
    .await?;
    found.as_ref().map(read).transpose()
}

/// All of them by month and pair, the latest import of each last; of one month if it is named.
pub(crate) async fn all(on: &mut impl Connection, month: Option<Month>) -> Result<Vec<FxRates>, Problem> {
    let rows = sql("SELECT import_no, month, from_currency, to_currency, rate, source, dated FROM fx_rate \
         WHERE CAST($1 AS TEXT) IS NULL OR month = $1 ORDER BY month, from_currency, to_currency, import_no")
    .bind(month)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<FxRates, Problem> {
    Ok(FxRates {
        month: row.parsed("month", |text| Month::parse(text).map_err(|error| error.to_string()))?,
        from: row.parsed("from_currency", Currency::parse)?,
        to: row.parsed("to_currency", Currency::parse)?,
        rate: row.parsed("rate", Rate::parse)?,
        source: row.text("source")?,
        dated: row.parsed("dated", |text| Day::parse(text).map_err(|error| error.to_string()))?,
        import_no: u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?,
    })
}
