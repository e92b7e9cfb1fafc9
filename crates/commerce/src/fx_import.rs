//! Publishing exchange rates: the provider imports what one unit of a currency costs in another, month by month.
//!
//! Rates are added, never changed: of two of a pair and month the later import holds for documents that are written after
//! it, and those that are there keep theirs.

use crate::{events, rows, text};
use tenantry_access::{ChannelManage, PriceRead, WorldScope, allow};
use tenantry_core::{Currency, Day, Month, OpContext, Problem, Rate};
use tenantry_db::{Db, audit, counter, job};
use tenantry_rating::FxRates;

/// A rate to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFxRate {
    /// The month whose close takes it.
    pub month: Month,
    /// The currency of prices.
    pub from: Currency,
    /// The currency of documents.
    pub to: Currency,
    /// What one unit of `from` costs in `to`, exact. Above zero.
    pub rate: Rate,
    /// Who says so, as text: it stands on documents.
    pub source: String,
    /// The day it is of.
    pub dated: Day,
}

/// What an import changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FxImported {
    /// The number of the import; `None` if everything was there already.
    pub import_no: Option<u64>,
    /// The rates that are new.
    pub added: Vec<FxRates>,
    /// How many said what was known already.
    pub unchanged: usize,
}

/// Imports rates. Only the provider may. What is known already changes nothing.
///
/// # Errors
/// `InvalidField` with its place in the list: a pair of one currency, a rate of nothing, a pair and month that stands
/// twice, a source that is too long; `MissingField` for a source that is not there. Then nothing is imported.
pub async fn fx_import(ctx: &OpContext, db: &Db, rates: Vec<NewFxRate>) -> Result<FxImported, Problem> {
    let line = audit::open(ctx, db, "fx-import", &format!("{} rates", rates.len())).await?;
    let outcome = keep(ctx, db, rates).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, rates: Vec<NewFxRate>) -> Result<FxImported, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let rates = checked(rates)?;
    let mut tx = db.begin().await?;
    let mut new = Vec::new();
    let known = rates.len();
    for rate in rates {
        let latest = rows::fx::latest(&mut tx, (rate.from, rate.to), rate.month).await?;
        let said = latest.map(|fx| (fx.rate, fx.source, fx.dated));
        if said != Some((rate.rate, rate.source.clone(), rate.dated)) {
            new.push(rate);
        }
    }
    if new.is_empty() {
        return Ok(FxImported { import_no: None, added: Vec::new(), unchanged: known });
    }
    let import_no = u64::try_from(counter::next(&mut tx, "fx-import").await?).map_err(Problem::internal)?;
    let mut added = Vec::with_capacity(new.len());
    for NewFxRate { month, from, to, rate, source, dated } in new {
        let rates = FxRates { month, from, to, rate, source, dated, import_no };
        rows::fx::insert(&mut tx, &rates, ctx.now()).await?;
        let event = events::FxRateImported::from(&rates);
        events::publish(ctx, &mut tx, events::FX_RATE_IMPORTED, format!("{from}/{to} {month}"), &event).await?;
        added.push(rates);
    }
    // Documents that waited for one of them are issued now, and not by the next try of their month's close.
    job::retry_now(&mut tx, ctx.now()).await?;
    tx.commit().await?;
    Ok(FxImported { import_no: Some(import_no), unchanged: known - added.len(), added })
}

fn checked(rates: Vec<NewFxRate>) -> Result<Vec<NewFxRate>, Problem> {
    const SOURCE_MAX: usize = 200;
    let mut checked: Vec<NewFxRate> = Vec::with_capacity(rates.len());
    for (rate, place) in rates.into_iter().zip(0_usize..) {
        let field = |name: &str| format!("rates[{place}].{name}");
        let NewFxRate { month, from, to, .. } = rate;
        if from == to {
            return Err(Problem::invalid(field("to"), format!("{to} is the currency it is from; name another one")));
        }
        if rate.rate.is_zero() {
            return Err(Problem::invalid(field("rate"), format!("one {from} cannot cost nothing in {to}")));
        }
        if checked.iter().any(|known| (known.month, known.from, known.to) == (month, from, to)) {
            return Err(Problem::invalid(field("month"), format!("{from} to {to} in {month} stands twice; keep one")));
        }
        let source = text::required(&field("source"), &rate.source, SOURCE_MAX)?;
        checked.push(NewFxRate { source, ..rate });
    }
    Ok(checked)
}

/// All rates by month and pair, the latest import of each last; of one month if it is named. No secret: they stand on
/// documents.
pub async fn fx_list(ctx: &OpContext, db: &Db, month: Option<Month>) -> Result<Vec<FxRates>, Problem> {
    allow::<PriceRead, _>(ctx, WorldScope { sandbox: false })?;
    rows::fx::all(&mut db.reader().await?, month).await
}
