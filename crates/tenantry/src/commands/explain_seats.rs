//! `tenantry explain` of seats: the lines of a document, who had how many seats from which day on, and the price.

use crate::cli::Explain;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde::Serialize;
use tenantry_billing::{ExplainedSeats, SeatExplanation, SeatsOn, explain_seats};
use tenantry_commerce::{Edge, edge_from};
use tenantry_core::{Month, OpContext, Problem, Reason, SubscriptionId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::SeatStint;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    invoice: Option<String>,
    subscription_id: String,
    offer_id: String,
    offer_name: String,
    currency: String,
    lines: Vec<LineView>,
    history: Vec<StintView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView {
    charge_type: String,
    charge_start: String,
    charge_end: String,
    term_start: String,
    term_end: String,
    seats: i64,
    list_price: String,
    unit_price: String,
    exact: String,
    amount: String,
    rule: String,
    /// Of a line that was priced in another currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<ConvertedView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConvertedView {
    from: String,
    amount: String,
    /// If it is an earlier one than the document's.
    #[serde(skip_serializing_if = "String::is_empty")]
    rate_month: String,
}

/// A time in use.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StintView {
    bought: String,
    ended: Option<String>,
    seats: Vec<SeatsView>,
}

#[derive(Serialize)]
struct SeatsView {
    from: String,
    seats: i64,
}

pub(super) fn run(arguments: &Explain, output: &mut Output<'_>) -> Result<(), Failure> {
    let explained = block_on(async {
        let look = arguments.place.look().await?;
        let metering = look.metering().await?;
        let explained = explained(&look.system("explain"), look.db(), &metering, arguments).await;
        look.close().await;
        explained
    })??;
    let view = View::of(explained);
    output.answer(&view, || text(&view))
}

async fn explained(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    arguments: &Explain,
) -> Result<SeatExplanation, Problem> {
    let subscription = arguments.subscription;
    if let Some(number) = &arguments.invoice {
        return explain_seats(ctx, db, metering, (SeatsOn::Invoice(number), subscription)).await;
    }
    let edge = first_edge(ctx, db, metering, subscription).await?;
    explain_seats(ctx, db, metering, (SeatsOn::Open(&edge, Month::of(ctx.now().day())), subscription)).await
}

/// The provider's edge that a subscription is sold along.
async fn first_edge(ctx: &OpContext, db: &Db, metering: &Metering, id: SubscriptionId) -> Result<Edge, Problem> {
    let parties = metering.read_all(|fold| {
        let edge = fold.edge(*fold.seat_subscription(id)?.channel.first()?)?;
        Some((edge.seller, edge.buyer))
    });
    let missing = || {
        let message = format!("there is no subscription {id} with seats; name its meter to explain usage");
        Problem::new(Reason::SubscriptionNotFound, message)
    };
    let (seller, buyer) = parties.await.ok_or_else(missing)?;
    edge_from(ctx, db, Some(seller), buyer).await
}

impl View {
    fn of(explained: SeatExplanation) -> Self {
        Self {
            invoice: explained.invoice,
            subscription_id: explained.subscription.to_string(),
            offer_id: explained.offer.to_string(),
            offer_name: explained.lines.first().map_or_else(String::new, |first| first.line.offer_name.to_string()),
            currency: explained.currency.to_string(),
            lines: explained.lines.into_iter().map(LineView::of).collect(),
            history: explained.history.iter().map(StintView::of).collect(),
        }
    }
}

impl LineView {
    fn of(ExplainedSeats { line, rule }: ExplainedSeats) -> Self {
        let converted = (!line.pricing_currency.is_empty()).then_some(ConvertedView {
            from: line.pricing_currency.to_string(),
            amount: line.pricing_amount.to_string(),
            rate_month: line.rate_month.to_string(),
        });
        Self {
            charge_type: line.charge_type.to_string(),
            charge_start: line.charge_start.to_string(),
            charge_end: line.charge_end.to_string(),
            term_start: line.term_start.to_string(),
            term_end: line.term_end.to_string(),
            seats: line.seats,
            list_price: line.list_price.to_string(),
            unit_price: line.unit_price.to_string(),
            exact: line.exact.to_string(),
            amount: line.amount.to_string(),
            rule,
            converted,
        }
    }
}

impl StintView {
    fn of(stint: &SeatStint) -> Self {
        let seats = stint.seats.iter().map(|(from, seats)| SeatsView { from: from.to_string(), seats: *seats });
        Self { bought: stint.bought.to_string(), ended: stint.ended.map(|day| day.to_string()), seats: seats.collect() }
    }
}

/// The lines, then what happened, day by day.
fn text(view: &View) -> String {
    let place = view.invoice.as_ref().map_or_else(|| "not billed yet".to_owned(), |number| format!("on {number}"));
    let mut text = format!("Seats of {}, {place}:\n", view.offer_name);
    for line in &view.lines {
        let LineView { charge_type, charge_start, charge_end, seats, unit_price, amount, rule, .. } = line;
        let currency = &view.currency;
        text +=
            &format!("\n{charge_type}, {charge_start} to {charge_end}: {unit_price} x {seats} = {amount} {currency}\n");
        if let Some(ConvertedView { from, amount, rate_month }) = &line.converted {
            let of = if rate_month.is_empty() { String::new() } else { format!(", at the rate of {rate_month}") };
            text += &format!("{amount} {from}{of}\n");
        }
        text += &format!("{rule}\n");
    }
    text += "\n";
    for stint in &view.history {
        for SeatsView { from, seats } in &stint.seats {
            text += &format!("  {from}  {seats:>6} seats\n");
        }
        if let Some(ended) = &stint.ended {
            text += &format!("  {ended}  not in use from this day on\n");
        }
    }
    text
}
