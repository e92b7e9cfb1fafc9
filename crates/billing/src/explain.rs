//! How an amount came to be: line, then resource and day, then events, price version and rule.

use crate::draft::DraftLine;
use crate::fx::{Priced, Rates};
use crate::read::naming;
use crate::rounding::rounding_at;
use crate::{Draft, Invoice, invoice_get};
use std::collections::BTreeMap;
use tenantry_access::{InvoiceRead, UsageRead, allow};
use tenantry_commerce::edge_currencies;
use tenantry_core::{
    Amount, Currency, Day, EdgeId, MeterId, Money, Month, OpContext, Period, Problem, Quantity, Reason, ResourceUri,
    SubscriptionId, Timestamp,
};
use tenantry_db::Db;
use tenantry_metering::{EdgeScope, EventQuery, FoundEvent, Metering};
use tenantry_rating::{EdgePrice, EdgePricing, price_chain};
use tenantry_usage::{Fold, LineRow};

/// Which amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainQuery {
    /// On this document; `None` for what is not billed yet.
    pub invoice: Option<String>,
    /// Of this subscription.
    pub subscription: SubscriptionId,
    /// Of this meter.
    pub meter: MeterId,
    /// Of this service month; `None` if there is only one.
    pub month: Option<Month>,
    /// Of this day only.
    pub day: Option<Day>,
}

/// An amount and everything behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The document it stands on, if any.
    pub invoice: Option<String>,
    /// The line.
    pub subscription: SubscriptionId,
    /// Its meter.
    pub meter: MeterId,
    /// Its meter's name.
    pub meter_name: String,
    /// Its meter's unit.
    pub unit: String,
    /// Its service month.
    pub month: Month,
    /// Quantity of the line.
    pub quantity: Quantity,
    /// Exact charge of the line.
    pub exact: Amount,
    /// Rounded charge of the line.
    pub amount: Money,
    /// The difference.
    pub rounding: Amount,
    /// Of a line that was priced in another currency: what it came to there, and the rate. All other amounts are in the
    /// currency of the document.
    pub priced: Option<Priced>,
    /// The rows behind it.
    pub rows: Vec<ExplainedRow>,
}

/// A row and what made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedRow {
    /// The usage and its charge.
    pub row: LineRow,
    /// The price version: effective date and import number of the sheet.
    pub price_version: Option<(Timestamp, u64)>,
    /// The rates: of the public sheet on the provider's edges, what the buyer pays further down; `0: 0.087, 10235: 0.083`.
    pub rates: String,
    /// What is made of these rates, in words.
    pub rule: String,
    /// The events it sums up.
    pub events: Vec<ExplainedEvent>,
}

/// An event as far as an explanation needs it.
pub type ExplainedEvent = FoundEvent;

/// Explains one line, or one day of it.
pub async fn explain(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    query: &ExplainQuery,
) -> Result<Explanation, Problem> {
    metering.follow(ctx).await?;
    let invoice = match &query.invoice {
        Some(number) => Some(invoice_get(ctx, db, number).await?.0),
        None => None,
    };
    let currencies = edge_currencies(db).await?;
    let draft = metering.read_all(|fold| draft_of(ctx, fold, (query, &currencies), invoice.as_ref())).await?;
    let rounding = match &invoice {
        Some(invoice) => invoice.rounding,
        None => rounding_at(&mut db.reader().await?, draft.edge, ctx.now()).await?,
    };
    let draft = draft.rounded(rounding);
    let line = pick(&draft, query)?;
    let billed_by = invoice.as_ref().map(|invoice| invoice.close);
    let within =
        query.day.map_or_else(|| line.month.period(), |day| Period { from: day.start(), to: day.next().start() });
    let mut by_row = events_on(ctx, metering, draft.edge, (query, within)).await?;
    let rows = metering
        .read_all(|fold| {
            line.rows
                .iter()
                .filter(|row| query.day.is_none_or(|day| day == row.day))
                .map(|row| explain_row(fold, draft.edge, billed_by, row, &mut by_row))
                .collect()
        })
        .await;
    Ok(Explanation {
        invoice: query.invoice.clone(),
        subscription: line.subscription,
        meter: line.meter,
        meter_name: line.described.as_ref().map(|meter| meter.name.clone()).unwrap_or_default(),
        unit: line.described.as_ref().map(|meter| meter.unit.clone()).unwrap_or_default(),
        month: line.month,
        quantity: line.quantity,
        exact: line.exact,
        amount: line.amount,
        rounding: line.rounding(),
        priced: line.priced.clone(),
        rows,
    })
}

/// The events that are charged on an edge, by the row they were counted in. Of a subscription that changed its reseller
/// these are the ones of the edge's own time: neither reseller is shown what was used of the other.
async fn events_on(
    ctx: &OpContext,
    metering: &Metering,
    edge: EdgeId,
    (query, within): (&ExplainQuery, Period),
) -> Result<EventsByRow, Problem> {
    let terms = metering.read_all(|fold| fold.edge(edge).map(|terms| EdgeScope::of(fold, terms))).await;
    let scope = terms.ok_or_else(|| Problem::corrupt(format!("edge {edge} of a document is not in the usage log")))?;
    // Asked about the edge and not about the subscription, which may be another partner's by now.
    allow::<UsageRead, _>(ctx, scope)?;
    let platform = &naming(ctx);
    let (subscription, meter) = (query.subscription, query.meter);
    let events = metering.events_of(platform, &EventQuery { subscription, meter, within, resource: None }).await?;
    let mine: Vec<_> = metering
        .read_all(|fold| {
            let times = fold.sold_along(query.subscription).into_iter();
            times.map(|sold| (sold.since, sold.edges.contains(&edge))).collect()
        })
        .await;
    let mut by_row: EventsByRow = BTreeMap::new();
    for found in events {
        // What is dated before the first order is the first seller's.
        let time = mine.iter().rposition(|(since, _)| *since <= found.event.at).unwrap_or_default();
        if mine.get(time).is_none_or(|(_, mine)| *mine) {
            let key = row_key(found.event.at.day(), &found.event.resource, &found.event.region);
            by_row.entry(key).or_default().entry(time).or_default().push(found);
        }
    }
    Ok(by_row)
}

fn draft_of(
    ctx: &OpContext,
    fold: &Fold,
    (query, currencies): (&ExplainQuery, &BTreeMap<EdgeId, Currency>),
    invoice: Option<&Invoice>,
) -> Result<Draft, Problem> {
    let missing = || {
        Problem::new(
            Reason::SubscriptionNotFound,
            format!("there is no subscription {} with usage", query.subscription),
        )
    };
    let terms = fold.subscription(query.subscription).ok_or_else(missing)?;
    let edge = match (invoice, ctx.confined_to()) {
        // A document may be of a channel that the subscription has left since; its lines say whether it is on it.
        (Some(invoice), _) => fold.edge(invoice.edge),
        // The edge the caller pays on.
        (None, Some(tenant)) => {
            // A customer may buy from several sellers; the one meant is who sells it this.
            let along = fold.sold_along(query.subscription).into_iter().rev().flat_map(|sold| sold.edges);
            let mut along = along.filter_map(|id| fold.edge(id));
            along.find(|edge| edge.buyer == tenant).or_else(|| fold.edges().find(|edge| edge.buyer == tenant))
        }
        // The provider is paid on the first.
        (None, None) => terms.channel.first().and_then(|id| fold.edge(*id)),
    };
    let edge = edge.ok_or_else(missing)?;
    // Outside the caller's reach reads like "no such subscription": that is what was asked for.
    allow::<InvoiceRead, _>(ctx, EdgeScope::of(fold, edge)).map_err(|problem| match problem.reason() {
        Reason::TenantNotFound => missing(),
        _ => problem,
    })?;
    let lines = match invoice {
        Some(invoice) => fold.billed_of(edge.id, query.subscription, invoice.close),
        None => fold.unbilled_of(edge.id, query.subscription, Month::of(ctx.now().day())),
    };
    // What is not on the edge reads like what is nowhere: neither it nor a document confirms a guess.
    if lines.is_empty() && (invoice.is_some() || !terms.channel.contains(&edge.id)) {
        return Err(missing());
    }
    let currency = currencies.get(&edge.id).copied().unwrap_or(terms.currency);
    let rates = invoice.map_or_else(|| Rates::Estimated(Month::of(ctx.now().day())), Rates::Of);
    Draft::new(edge.id, currency, lines, fold.book()).for_buyer(fold, rates)
}

fn pick<'a>(draft: &'a Draft, query: &ExplainQuery) -> Result<&'a DraftLine, Problem> {
    let month = query.month.or_else(|| query.day.map(Month::of));
    let found: Vec<_> = draft
        .lines
        .iter()
        .filter(|line| line.meter == query.meter)
        .filter(|line| month.is_none_or(|month| month == line.month))
        .collect();
    match found.as_slice() {
        [line] => Ok(line),
        [] => Err(Problem::new(
            Reason::MeterNotFound,
            format!(
                "there is no charge for meter {} of subscription {} there; what is billed already is explained by naming \
                 its invoice",
                query.meter, query.subscription
            ),
        )),
        several => {
            let months: Vec<_> = several.iter().map(|line| line.month.to_string()).collect();
            Err(Problem::invalid(
                "month",
                format!("there are charges of {}; name one of these months", months.join(", ")),
            ))
        }
    }
}

/// The events of a row, by whose time they are of: a row that was split when the reseller changed comes once for each.
type EventsByRow = BTreeMap<(Day, String, String), BTreeMap<usize, Vec<FoundEvent>>>;

/// What makes a row within a line: day, resource, region; letter case does not matter.
fn row_key(day: Day, resource: &ResourceUri, region: &str) -> (Day, String, String) {
    (day, resource.folded(), region.to_ascii_lowercase())
}

/// The price of a row, in the words of who pays it.
struct ToldPrice {
    version: Option<(Timestamp, u64)>,
    rates: String,
    rule: String,
}

/// What the buyer of an edge is told of the price of a row. On the provider's edges that is the public price and what comes
/// off it. Further down it is the buyer's price and nothing else: a factor on the public price, product after product of
/// the provider's, would tell which part of it its seller pays.
fn price_of(fold: &Fold, edge: EdgeId, row: &LineRow) -> ToldPrice {
    let none =
        || ToldPrice { version: None, rates: String::new(), rule: "no price yet: counted, not billed".to_owned() };
    let Some(_) = row.sheet else { return none() };
    let down = fold.pricing_down_to(edge);
    let rules = down.last().map(|edge| edge.rules);
    let Some(price) = priced(fold, down, row) else { return none() };
    let own = fold.own_prices(edge).and_then(|book| book.sheet(price.sheet));
    let resold = fold.is_resold(edge);
    let first_party = price.base.first_party;
    let rule = match (own, rules.and_then(|rules| rules.rule(first_party, row.day))) {
        // Which part of it was named by whom would tell what the seller pays.
        _ if resold => "price of this buyer".to_owned(),
        (Some(_), _) => "price named for this buyer".to_owned(),
        (None, Some(rule)) => format!("list price x {} (since {})", rule.factor, rule.from),
        (None, None) => "list price".to_owned(),
    };
    let shown = if resold { price.resolved().tiers } else { price.base.tiers.clone() };
    let bounds = shown.bounds().iter().map(|(bound, rate)| format!("{bound}: {rate}"));
    let public = || fold.book().sheet(if resold { row.sheet.unwrap_or(price.sheet) } else { price.sheet });
    let sheet = if resold { public() } else { own.or_else(public) };
    ToldPrice {
        version: sheet.map(|sheet| (sheet.effective_from, sheet.import_no)),
        rates: bounds.collect::<Vec<_>>().join(", "),
        rule,
    }
}

/// The price that a row was rated with on the last of some edges.
fn priced<'a>(fold: &'a Fold, down: Vec<EdgePricing<'a>>, row: &LineRow) -> Option<EdgePrice<'a>> {
    let terms = fold.subscription(row.series.subscription)?;
    let (meter, book) = (row.series.meter, fold.book());
    // What was billed was priced by the sheet of its day, as known then.
    let then = row.sheet.and_then(|id| book.sheet(id)).and_then(|sheet| Some((sheet.meters.get(&meter)?, sheet.id)));
    let public = then.or_else(|| book.price(&terms.market, terms.currency, meter, row.day));
    price_chain(public, down, (terms.market.as_str(), terms.currency), row.day)?.pop()
}

fn explain_row(
    fold: &Fold,
    edge: EdgeId,
    billed_by: Option<u32>,
    row: &LineRow,
    events: &mut EventsByRow,
) -> ExplainedRow {
    let told = price_of(fold, edge, row);
    let key = row_key(row.day, &row.series.resource, &row.series.region);
    ExplainedRow {
        row: row.clone(),
        price_version: told.version,
        rates: told.rates,
        rule: told.rule,
        events: events.get_mut(&key).map(|times| take_time(fold, billed_by, row, times)).unwrap_or_default(),
    }
}

/// The events of the time a row is of. Rows of one day and resource do not say which theirs is; their quantities do.
fn take_time(
    fold: &Fold,
    billed_by: Option<u32>,
    row: &LineRow,
    times: &mut BTreeMap<usize, Vec<FoundEvent>>,
) -> Vec<FoundEvent> {
    let fits = |events: &Vec<FoundEvent>| {
        let mut new = new_in_row(fold, billed_by, row, events.clone()).into_iter();
        new.try_fold(Quantity::ZERO, |sum, found| sum.checked_add(found.event.quantity)) == Some(row.quantity)
    };
    let time = match times.len() {
        0 | 1 => times.keys().next(),
        _ => times.iter().find(|(_, events)| fits(events)).map(|(time, _)| time).or_else(|| times.keys().next()),
    };
    let events = time.copied().and_then(|time| times.remove(&time)).unwrap_or_default();
    new_in_row(fold, billed_by, row, events)
}

/// Of all events of a row's day and resource those that this document is the first to bill: later ones are on
/// later documents, earlier ones were billed before.
fn new_in_row(fold: &Fold, billed_by: Option<u32>, row: &LineRow, found: Vec<FoundEvent>) -> Vec<FoundEvent> {
    let month = Month::of(row.day);
    let is_new = |found: &FoundEvent| match (fold.close_of(found.place, month), billed_by) {
        (Some(close), Some(this)) => close > row.billed_before && close <= this,
        (Some(close), None) => close > row.billed_before,
        (None, this) => this.is_none(),
    };
    found.into_iter().filter(is_new).collect()
}
