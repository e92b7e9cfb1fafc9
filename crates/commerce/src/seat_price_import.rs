//! Importing list prices of seats: what an offer costs a seat and a cycle, by market and currency, from a day on.
//!
//! Lists are added, never changed. A period is charged at the price in force on the day it begins; once a document was
//! issued for it, no later import changes that period. One that had no price yet is billed by the first close that
//! knows one.

use crate::{catalogue, country, events, rows, text};
use tenantry_access::{ChannelManage, PriceRead, WorldScope, allow};
use tenantry_core::{Currency, Day, OfferId, OpContext, Problem, Rate};
use tenantry_db::{Db, audit, counter};
use tenantry_rating::{SeatCycle, SeatListPrice, SeatPriceList};

/// Prices to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSeatPrices {
    /// ISO 3166 country they are for.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// The first day they hold. May be past: periods that are billed keep their price.
    pub effective_from: Day,
    /// The prices. An offer that is not among them keeps the price it has.
    pub prices: Vec<NewSeatPrice>,
}

/// What a seat costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSeatPrice {
    /// Of which offer.
    pub offer: OfferId,
    /// For a month or a year.
    pub cycle: SeatCycle,
    /// The list price of one seat for that long.
    pub rate: Rate,
    /// Whether the provider makes it; price rules for first-party services apply then.
    pub first_party: bool,
}

/// What an import changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatPricesImport {
    /// The list as it is kept.
    pub list: SeatPriceList,
    /// `false` if the same list was the latest of its day already.
    pub new: bool,
}

/// Imports list prices of seats. Only the provider may. The same list again changes nothing.
///
/// # Errors
/// `Forbidden`; `InvalidField` with the place in the list: no prices, an offer that is not sold by the seat or not in that
/// cycle, one that stands twice; a market that is no country. Then nothing is imported.
pub async fn seat_price_import(ctx: &OpContext, db: &Db, new: ImportSeatPrices) -> Result<SeatPricesImport, Problem> {
    let target = format!("{} {} {}", text::shown(&new.market), new.currency, new.effective_from);
    let line = audit::open(ctx, db, "seat-price-import", &target).await?;
    let outcome = keep(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, new: ImportSeatPrices) -> Result<SeatPricesImport, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let market = country::check("market", &new.market)?;
    let (currency, effective_from) = (new.currency, new.effective_from);
    let prices = checked(new.prices)?;
    let mut tx = db.begin().await?;
    // The number is taken first: its row keeps two imports from looking at once.
    let import_no = counter::next(&mut tx, "seat-price-import").await?;
    if let Some(list) = rows::seat_price::latest(&mut tx, (&market, currency), effective_from).await?
        && list.prices == prices
    {
        return Ok(SeatPricesImport { list, new: false });
    }
    let import_no = u64::try_from(import_no).map_err(Problem::internal)?;
    let list = SeatPriceList { import_no, market, currency, effective_from, prices };
    rows::seat_price::insert(&mut tx, &list, ctx.now()).await?;
    let event = events::SeatPricesImported { import_no };
    events::publish(ctx, &mut tx, events::SEAT_PRICES_IMPORTED, import_no, &event).await?;
    tx.commit().await?;
    Ok(SeatPricesImport { list, new: true })
}

/// The prices by offer and cycle.
fn checked(prices: Vec<NewSeatPrice>) -> Result<Vec<SeatListPrice>, Problem> {
    if prices.is_empty() {
        return Err(Problem::invalid("prices", "a list without a price changes nothing; name at least one offer"));
    }
    let mut known: Vec<SeatListPrice> = Vec::with_capacity(prices.len());
    for (NewSeatPrice { offer, cycle, rate, first_party }, place) in prices.into_iter().zip(0_usize..) {
        let field = |name: &str| format!("prices[{place}].{name}");
        let sold = catalogue::find(&offer).filter(|offer| !offer.is_usage_based());
        let Some(sold) = sold else {
            let message = format!("{offer} is no offer that is sold by the seat; see the catalogue");
            return Err(Problem::invalid(field("offer"), message));
        };
        if !sold.billing_cycles.iter().any(|offered| offered.seat_cycle() == Some(cycle)) {
            let message = format!("{} is not billed {}; see the catalogue", sold.name, cycle.name());
            return Err(Problem::invalid(field("cycle"), message));
        }
        if known.iter().any(|known| known.offer == offer && known.cycle == cycle) {
            let message = format!("{} {} stands twice; keep one", sold.name, cycle.name());
            return Err(Problem::invalid(field("offer"), message));
        }
        known.push(SeatListPrice { offer, cycle, rate, first_party });
    }
    in_order(&mut known);
    Ok(known)
}

/// The order in which prices are kept and compared. A database has one of its own: each engine, and each server, compares
/// letters in its own way.
pub(crate) fn in_order(prices: &mut [SeatListPrice]) {
    prices.sort_by(|a, b| (&a.offer, a.cycle.name()).cmp(&(&b.offer, b.cycle.name())));
}

/// All lists, oldest import first. They are public, like price sheets.
pub async fn seat_price_lists(ctx: &OpContext, db: &Db) -> Result<Vec<SeatPriceList>, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    rows::seat_price::all(&mut db.reader().await?).await
}

/// The list of an import, for who follows what happened.
///
/// # Errors
/// `Corrupt`: an import that was told of is not there.
pub async fn seat_prices_followed(ctx: &OpContext, db: &Db, import_no: u64) -> Result<SeatPriceList, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    let found = rows::seat_price::by_number(&mut db.reader().await?, import_no).await?;
    found.ok_or_else(|| Problem::corrupt(format!("seat price import {import_no} is not there")))
}
