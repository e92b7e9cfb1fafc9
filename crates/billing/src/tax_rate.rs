//! Tax by market: a table with a history, and a hook for who knows better.
//!
//! A rate is the seller's for a country, from an instant on. A document takes the one in force when it is issued,
//! keeps and shows it, so that computing it again does not ask the table. Where no rate was set the tax is zero,
//! visibly. The hook is a value of the seller's choosing (the code a tax service has for the rate, say); we keep it on
//! the document and make nothing of it.

use crate::Invoice;
use crate::draft::sum;
use crate::payment::may_write_as;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Factor, Money, OpContext, Problem, Rounding, TenantId, Timestamp};
use tenantry_db::{Connection, Db, Row, audit, sql};

/// The tax of a document: rate and hook. Empty texts for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tax {
    pub(crate) rate: String,
    pub(crate) hook: String,
}

/// A rate to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTaxRate {
    /// Whose documents.
    pub seller: TenantId,
    /// ISO 3166 country of the edge, `DE`.
    pub market: String,
    /// 0.19 for 19 %; at most 1. Zero ends taxation.
    pub rate: Factor,
    /// What a tax service calls it; may be empty.
    pub hook: String,
    /// From when on. Not in the past: issued documents keep theirs.
    pub from: Timestamp,
}

/// Sets the tax rate of a seller's documents in a market from an instant on. The seller may.
///
/// # Errors
/// `Forbidden`, `InvalidField`; `CountryUnsupported` for a country nothing is sold in.
pub async fn tax_rate_set(ctx: &OpContext, db: &Db, new: NewTaxRate) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "tax-rate-set", &format!("{} {}", new.seller, new.market)).await?;
    let outcome = set(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn set(ctx: &OpContext, db: &Db, new: NewTaxRate) -> Result<(), Problem> {
    const HOOK_MAX: usize = 64;
    may_write_as(ctx, db, new.seller).await?;
    // Rates are looked up by the market of a document: as it is written there, or never found.
    if tenantry_commerce::country::check("market", &new.market)? != new.market {
        let message = format!("`{}` is not how documents name it; write two capital letters, like DE", new.market);
        return Err(Problem::invalid("market", message));
    }
    if new.rate > Factor::ONE {
        return Err(Problem::invalid("rate", format!("{} is more than all of it; write 0.19 for 19 %", new.rate)));
    }
    if new.hook.chars().count() > HOOK_MAX || new.hook.chars().any(char::is_control) {
        return Err(Problem::invalid("hook", format!("at most {HOOK_MAX} printable characters")));
    }
    if new.from < ctx.now() {
        let message = format!("{} is past; tax changes from now ({}) on", new.from, ctx.now());
        return Err(Problem::invalid("from", message));
    }
    let mut tx = db.begin().await?;
    sql("INSERT INTO tax_rate (seller, market, from_at, rate, hook, recorded_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (seller, market, from_at) DO UPDATE SET rate = excluded.rate, hook = excluded.hook, \
         recorded_at = excluded.recorded_at")
    .bind(new.seller)
    .bind(&new.market)
    .bind(new.from)
    .bind(new.rate.to_string())
    .bind(&new.hook)
    .bind(ctx.now())
    .run(&mut tx)
    .await?;
    tx.commit().await
}

/// The tax of the documents of an instant, by seller and market as they are stored. What is not there is not taxed.
pub(crate) async fn taxes_at(
    on: &mut impl Connection,
    at: Timestamp,
) -> Result<BTreeMap<(String, String), Tax>, Problem> {
    // Of several in a market, the last stays.
    let rows = sql("SELECT seller, market, rate, hook FROM tax_rate WHERE from_at <= $1 ORDER BY from_at").bind(at);
    let tax = |row: &Row| {
        let (rate, hook) = (row.text("rate")?, row.text("hook")?);
        // A rate of nothing is no rate: documents look as they did before there was one.
        let tax = if rate == "0" { Tax::default() } else { Tax { rate, hook } };
        Ok(((row.text("seller")?, row.text("market")?), tax))
    };
    rows.all(on).await?.iter().map(tax).collect()
}

/// The tax on a net sum at a rate as documents keep it, rounded once. Empty: none.
pub(crate) fn tax_on(net: Money, rate: &str, rounding: Rounding) -> Result<Money, Problem> {
    let currency = net.currency();
    if rate.is_empty() {
        return Ok(Money::zero(currency));
    }
    let rate = Factor::parse(rate).map_err(|error| Problem::corrupt(format!("a document has the tax rate {error}")))?;
    let tax = Amount::of(net).times(rate).ok_or_else(|| Problem::corrupt(format!("{net} cannot be taxed exactly")))?;
    Ok(tax.round(currency, rounding))
}

/// What of a document's tax falls on each of its lines of usage: the tax on the lines up to it, less that on the lines
/// before, each rounded as the document's was. With [`seat_line_taxes`] they add up to the document's tax, to the cent.
///
/// # Errors
/// `Corrupt`: the stored document does not read back.
pub fn line_taxes(invoice: &Invoice) -> Result<Vec<Money>, Problem> {
    all_taxes(invoice).map(|mut taxes| {
        taxes.truncate(invoice.lines.len());
        taxes
    })
}

/// The same for its lines of seats, which stand behind those of usage.
///
/// # Errors
/// `Corrupt`: the stored document does not read back.
pub fn seat_line_taxes(invoice: &Invoice) -> Result<Vec<Money>, Problem> {
    all_taxes(invoice).map(|mut taxes| taxes.split_off(invoice.lines.len()))
}

fn all_taxes(invoice: &Invoice) -> Result<Vec<Money>, Problem> {
    let currency = invoice.currency()?;
    let (mut net, mut taxed) = (Money::zero(currency), Money::zero(currency));
    let share = |amount: Result<Money, Problem>| {
        net = sum([net, amount?], currency)?;
        let up_to_here = tax_on(net, &invoice.tax_rate, invoice.rounding)?;
        let share = sum([up_to_here, taxed.negated()], currency)?;
        taxed = up_to_here;
        Ok(share)
    };
    let usage = invoice.lines.iter().map(|line| line.amount(currency));
    usage.chain(invoice.seat_lines.iter().map(|line| line.amount(currency))).map(share).collect()
}
