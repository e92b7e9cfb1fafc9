//! Naming prices for a buyer: the seller of an edge imports a list, and from its date on those meters cost what it says.
//!
//! Every import is kept for ever with its prices, like a price sheet: documents are computed from it again in any later
//! year. Meters that are not in the list cost what the rules of the edge make of what its seller pays.

use crate::channel::Channel;
use crate::edge_price_sheet::EdgePriceSheetSummary;
use crate::edge_price_sheets::channel_priced_by;
use crate::{country, edge_price_file, events, price_sheet_import, rate_card, rows};
use sha2::{Digest, Sha256};
use tenantry_core::{Currency, OpContext, PriceSheetId, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit, counter};
use tenantry_rating::MeterPrice;

/// A list of prices for a buyer.
#[derive(Debug, Clone)]
pub struct ImportEdgePriceSheet {
    /// Who sells, where a customer buys of several; `None` for the one there is.
    pub seller: Option<TenantId>,
    /// Who buys on the edge: a partner, or a customer that is billed here.
    pub buyer: TenantId,
    /// The country the prices are for: a promise that must be kept. `None` takes that of the channel.
    pub market: Option<String>,
    /// Their currency, likewise.
    pub currency: Option<Currency>,
    /// From when on they hold. Not before today, for what was shown to a buyer stays what it was; but a list that is there
    /// already may be set right: another of its very date takes its place from then on, and what was billed by it is
    /// corrected on the next document.
    pub effective_from: Timestamp,
    /// The prices, each meter once. None at all ends the prices of earlier lists.
    pub meters: Vec<MeterPrice>,
}

/// Imports a list. Only who sells on the edge may, and the provider. The same content for the same date again changes
/// nothing, and gives what is there.
///
/// # Errors
/// `TenantNotFound` for a buyer that is not there, or not this caller's; `Forbidden` for the buyer itself;
/// `CurrencyMismatch` for another currency than that of the channel's price sheets; `InvalidField` on `market` and on
/// `effectiveFrom`; `PriceSheetNotFound` and `MeterNotFound` for what has no public price.
pub async fn edge_price_sheet_import(
    ctx: &OpContext,
    db: &Db,
    import: ImportEdgePriceSheet,
) -> Result<EdgePriceSheetSummary, Problem> {
    let target = format!("{} {}", import.buyer, import.effective_from);
    let line = audit::open(ctx, db, "edge-price-sheet-import", &target).await?;
    let outcome = keep(ctx, db, import).await;
    line.close(ctx, db, outcome).await
}

async fn keep(ctx: &OpContext, db: &Db, import: ImportEdgePriceSheet) -> Result<EdgePriceSheetSummary, Problem> {
    let mut tx = db.begin().await?;
    let channel = channel_priced_by(ctx, &mut tx, (import.seller, import.buyer)).await?;
    let (market, currency) = of_channel(&channel, &import)?;
    let table = edge_price_file::write_table(&import.meters)?;
    let digest = hex(&Sha256::digest(&table));
    // Two imports at once would both find that nothing is there yet.
    rows::partner::lock(&mut tx, channel.first().buyer).await?;
    let edge = channel.last().id;
    match rows::edge_price_sheet::last_of(&mut tx, edge, import.effective_from).await? {
        Some((same, kept)) if kept == digest => return Ok(same),
        Some(_) => {}
        None => not_past(ctx, import.effective_from)?,
    }
    are_public(&mut tx, (&market, currency), &import).await?;
    let import_no = counter::next(&mut tx, "edge-price-sheet").await?;
    let summary = EdgePriceSheetSummary {
        id: PriceSheetId::new(ctx.chance.guid()),
        edge,
        seller: channel.last().seller,
        buyer: import.buyer,
        import_no: u64::try_from(import_no).map_err(Problem::internal)?,
        market,
        currency,
        effective_from: import.effective_from,
        meters: i64::try_from(import.meters.len()).map_err(Problem::internal)?,
        imported_at: ctx.now(),
    };
    let text = String::from_utf8(table).map_err(Problem::internal)?;
    let document = price_sheet_import::packed(&text)?;
    rows::edge_price_sheet::insert(&mut tx, &summary, (&digest, document)).await?;
    let event = events::EdgePricesImported::from(&summary);
    events::publish(ctx, &mut tx, events::EDGE_PRICES_IMPORTED, summary.id, &event).await?;
    tx.commit().await?;
    Ok(summary)
}

/// Market and currency are those of the price sheets along the channel: what edges below pay is made of both.
fn of_channel(channel: &Channel, import: &ImportEdgePriceSheet) -> Result<(String, Currency), Problem> {
    let (market, currency) = (channel.first().market.clone(), channel.first().currency);
    if let Some(said) = &import.market
        && country::check("market", said)? != market
    {
        let message = format!("the prices of this partner are those of {market}, the list says {said}; name {market}");
        return Err(Problem::invalid("market", message));
    }
    if let Some(said) = import.currency.filter(|said| *said != currency) {
        let message = format!(
            "the price sheets of this partner are in {currency}, the list says {said}; name prices in {currency}. They \
             are converted where a document is in another currency"
        );
        return Err(Problem::new(Reason::CurrencyMismatch, message).at("currency"));
    }
    Ok((market, currency))
}

fn not_past(ctx: &OpContext, from: Timestamp) -> Result<(), Problem> {
    let today = ctx.now().day();
    if from < today.start() {
        let message = format!(
            "{from} is past, and no list holds from that time; name prices from today ({today}) on. To set a wrong list \
             right, import another from the time it holds from"
        );
        return Err(Problem::invalid("effectiveFrom", message));
    }
    Ok(())
}

/// A meter without a public price would have one on this edge and none on those above: usage would wait there, and so
/// here. Mostly its id was mistyped.
async fn are_public(
    tx: &mut Tx,
    (market, currency): (&str, Currency),
    import: &ImportEdgePriceSheet,
) -> Result<(), Problem> {
    /// Named in the refusal.
    const SHOWN: usize = 5;
    if import.meters.is_empty() {
        return Ok(());
    }
    let public = rows::price_sheet::in_force(tx, market, currency, import.effective_from).await?;
    let Some(public) = public else {
        let what = format!("for {market} in {currency} in force at {}", import.effective_from);
        return Err(crate::price_sheet::no_price_sheet(what));
    };
    let card = rate_card::read(&rows::price_sheet::document(tx, public.id).await?)?;
    let unknown: Vec<_> = import.meters.iter().filter(|meter| !card.meters.contains_key(&meter.id)).collect();
    let Some(first) = unknown.first() else { return Ok(()) };
    let named: Vec<_> = unknown.iter().take(SHOWN).map(|meter| meter.id.to_string()).collect();
    let more = unknown.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!(
        "{} of {} meters are not in the price sheet of {market} in force at {}: {}{more}. Usage of a meter is priced once it \
         has a public price; check the ids",
        unknown.len(),
        import.meters.len(),
        import.effective_from,
        named.join(", ")
    );
    Err(Problem::new(Reason::MeterNotFound, message).at(first.id.to_string()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
