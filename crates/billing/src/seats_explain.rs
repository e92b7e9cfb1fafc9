//! How a charge for seats came to be: the line, what happened to the subscription, the price and the rule.
//!
//! There are no events behind seats. What stands behind a line is who had how many from which day on, the price in force
//! on the day the period began, and what the seller makes of it. Below the provider's edges a buyer is told its own price
//! and nothing of how it came about, as on its documents.

use crate::fx::Rates;
use crate::issue::{name_subscriptions, owners};
use crate::read::naming;
use crate::rounding::rounding_at;
use crate::seats::{DraftSeatLine, InvoiceSeatLine, document_seat_line};
use crate::{Draft, Invoice, invoice_get};
use tenantry_access::{InvoiceRead, allow};
use tenantry_commerce::Edge;
use tenantry_core::{Currency, EdgeId, Month, OfferId, OpContext, Problem, Reason, SubscriptionId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::{Fold, SeatStint};

/// On which document.
#[derive(Debug, Clone)]
pub enum SeatsOn<'a> {
    /// An issued one, by its number.
    Invoice(&'a str),
    /// The next one of an edge, for all up to a month.
    Open(&'a Edge, Month),
}

/// The charges for a subscription's seats on a document, and what is behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatExplanation {
    /// The document; `None` for what is not billed yet.
    pub invoice: Option<String>,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// What was bought.
    pub offer: OfferId,
    /// The currency of the lines' amounts.
    pub currency: Currency,
    /// Its times in use, with the seats from each day on.
    pub history: Vec<SeatStint>,
    /// The lines.
    pub lines: Vec<ExplainedSeats>,
}

/// A line and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedSeats {
    /// As it stands on the document.
    pub line: InvoiceSeatLine,
    /// Where the price of a seat for the whole period comes from, in words.
    pub rule: String,
}

/// Explains what a document asks for the seats of a subscription. Who may read the document may ask.
///
/// # Errors
/// `InvoiceNotFound`, `Forbidden`; `SubscriptionNotFound` if there is no charge for its seats on the document.
pub async fn explain_seats(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    (on, subscription): (SeatsOn<'_>, SubscriptionId),
) -> Result<SeatExplanation, Problem> {
    let (invoice, draft, named_by) = match on {
        SeatsOn::Invoice(number) => {
            let invoice = invoice_get(ctx, db, number).await?.0;
            let draft = metering.read_all(|fold| issued(fold, &invoice, subscription)).await?;
            let named_by = if invoice.to_customer { invoice.seller.tenant } else { invoice.buyer.tenant };
            (Some(invoice.number), draft, named_by)
        }
        SeatsOn::Open(edge, through) => {
            allow::<InvoiceRead, _>(ctx, edge.scope())?;
            metering.follow(&naming(ctx)).await?;
            let rounding = rounding_at(&mut db.reader().await?, edge.id, ctx.now()).await?;
            let draft = metering.read_all(|fold| {
                let seats = fold.seats_unbilled_of(edge.id, subscription, through);
                Draft::new(edge.id, edge.currency, [], fold.book())
                    .with_seats(seats)
                    .for_buyer(fold, Rates::Estimated(through))
            });
            let draft = draft.await?.rounded(rounding);
            (None, draft, if edge.to_customer { edge.seller } else { edge.buyer })
        }
    };
    if draft.seats.is_empty() {
        return Err(missing(subscription));
    }
    let names = name_subscriptions(&naming(ctx), db, named_by, owners(&draft)).await?;
    let history = metering.read_all(|fold| fold.seat_history(subscription)).await;
    let history = history.ok_or_else(|| missing(subscription))?;
    let explained =
        |line: &DraftSeatLine| Ok(ExplainedSeats { line: document_seat_line(line, &names)?, rule: rule(line) });
    let lines = draft.seats.iter().map(explained).collect::<Result<_, Problem>>()?;
    let (offer, currency) = (history.told.offer, draft.currency);
    Ok(SeatExplanation { invoice, subscription, offer, currency, history: history.stints, lines })
}

/// The lines of a subscription on a document again, as the log has them.
fn issued(fold: &Fold, invoice: &Invoice, subscription: SubscriptionId) -> Result<Draft, Problem> {
    let (edge, currency): (EdgeId, _) = (invoice.edge, invoice.currency()?);
    let seats = fold.seats_billed_of(edge, subscription, invoice.close);
    let draft = Draft::new(edge, currency, [], fold.book()).with_seats(seats);
    Ok(draft.for_buyer(fold, Rates::Of(invoice))?.rounded(invoice.rounding))
}

fn rule(line: &DraftSeatLine) -> String {
    let billed = &line.billed;
    let begins = billed.line.term.first();
    if line.own_list {
        return format!("price of this buyer on {begins}");
    }
    let (rate, factor, import) = (billed.list_rate, billed.factor, billed.import_no);
    format!("list price {rate} x {factor}, in force on {begins} (import {import})")
}

fn missing(subscription: SubscriptionId) -> Problem {
    Problem::new(
        Reason::SubscriptionNotFound,
        format!(
            "there is no charge for seats of subscription {subscription} there; what is billed already is explained by \
             naming its invoice"
        ),
    )
}
