//! Imported list prices of seats.

use crate::seat_price_import::in_order;
use std::collections::BTreeMap;
use tenantry_core::{Currency, Day, OfferId, Problem, Rate, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use tenantry_rating::{SeatCycle, SeatListPrice, SeatPriceList};

pub(crate) async fn insert(tx: &mut Tx, list: &SeatPriceList, at: Timestamp) -> Result<(), Problem> {
    let import_no = number(list.import_no)?;
    sql("INSERT INTO seat_price_list (import_no, market, currency, effective_from, imported_at) \
         VALUES ($1, $2, $3, $4, $5)")
    .bind(import_no)
    .bind(&list.market)
    .bind(list.currency.code())
    .bind(list.effective_from.to_string())
    .bind(at)
    .run(tx)
    .await?;
    for price in &list.prices {
        sql("INSERT INTO seat_price (import_no, offer, cycle, rate, first_party) VALUES ($1, $2, $3, $4, $5)")
            .bind(import_no)
            .bind(price.offer.as_str())
            .bind(price.cycle.name())
            .bind(price.rate.to_string())
            .bind(i64::from(price.first_party))
            .run(tx)
            .await?;
    }
    Ok(())
}

/// An import with its prices.
pub(crate) async fn by_number(on: &mut impl Connection, import_no: u64) -> Result<Option<SeatPriceList>, Problem> {
    let found = sql("SELECT import_no, market, currency, effective_from FROM seat_price_list WHERE import_no = $1")
        .bind(number(import_no)?)
        .maybe(on)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let prices = sql("SELECT import_no, offer, cycle, rate, first_party FROM seat_price WHERE import_no = $1")
        .bind(number(import_no)?)
        .all(on)
        .await?;
    let mut list = read(&row)?;
    list.prices = prices.iter().map(|row| Ok(price(row)?.1)).collect::<Result<_, Problem>>()?;
    in_order(&mut list.prices);
    Ok(Some(list))
}

/// The latest import of a market, currency and day.
pub(crate) async fn latest(
    on: &mut impl Connection,
    (market, currency): (&str, Currency),
    effective_from: Day,
) -> Result<Option<SeatPriceList>, Problem> {
    let found =
        sql("SELECT import_no FROM seat_price_list WHERE market = $1 AND currency = $2 AND effective_from = $3 \
         ORDER BY import_no DESC LIMIT 1")
        .bind(market)
        .bind(currency.code())
        .bind(effective_from.to_string())
        .maybe(on)
        .await?;
    match found {
        Some(row) => by_number(on, u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?).await,
        None => Ok(None),
    }
}

/// All imports, oldest first.
pub(crate) async fn all(on: &mut impl Connection) -> Result<Vec<SeatPriceList>, Problem> {
    let rows = sql("SELECT import_no, market, currency, effective_from FROM seat_price_list ORDER BY import_no")
        .all(on)
        .await?;
    let mut lists = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let rows =
        sql("SELECT import_no, offer, cycle, rate, first_party FROM seat_price ORDER BY import_no").all(on).await?;
    let mut prices: BTreeMap<u64, Vec<SeatListPrice>> = BTreeMap::new();
    for row in &rows {
        let (import_no, price) = price(row)?;
        prices.entry(import_no).or_default().push(price);
    }
    for list in &mut lists {
        list.prices = prices.remove(&list.import_no).unwrap_or_default();
        in_order(&mut list.prices);
    }
    Ok(lists)
}

fn read(row: &Row) -> Result<SeatPriceList, Problem> {
    Ok(SeatPriceList {
        import_no: u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?,
        market: row.text("market")?,
        currency: row.parsed("currency", Currency::parse)?,
        effective_from: row.parsed("effective_from", |text| Day::parse(text).map_err(|error| error.to_string()))?,
        prices: Vec::new(),
    })
}

fn price(row: &Row) -> Result<(u64, SeatListPrice), Problem> {
    let price = SeatListPrice {
        offer: OfferId::new(&row.text("offer")?),
        cycle: row.parsed("cycle", |name| SeatCycle::from_name(name).ok_or("no such cycle"))?,
        rate: row.parsed("rate", Rate::parse)?,
        first_party: row.integer("first_party")? != 0,
    };
    Ok((u64::try_from(row.integer("import_no")?).map_err(Problem::internal)?, price))
}

fn number(import_no: u64) -> Result<i64, Problem> {
    i64::try_from(import_no).map_err(Problem::internal)
}
