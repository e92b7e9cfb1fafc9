//! How an amount came to be: line, then resource and day, then events, price version and rule.

use crate::draft::DraftLine;
use crate::read::naming;
use crate::rounding::rounding_at;
use crate::{Draft, Invoice, invoice_get};
use std::collections::BTreeMap;
use tenantry_access::{InvoiceRead, UsageRead, allow};
use tenantry_commerce::subscription_sellers;
use tenantry_core::{
    Amount, Day, EdgeId, MeterId, Money, Month, OpContext, Period, Problem, Quantity, Reason, ResourceUri,
    SubscriptionId, TenantId, Timestamp,
};
use tenantry_db::Db;
use tenantry_metering::{EdgeScope, EventQuery, FoundEvent, Metering};
use tenantry_rating::PriceList;
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
    /// The rates in that sheet, `0: 0.087, 10235: 0.083`.
    pub rates: String,
    /// The rule of the edge, in words.
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
    let draft = metering.read_all(|fold| draft_of(ctx, fold, query, invoice.as_ref())).await?;
    let rounding = match &invoice {
        Some(invoice) => invoice.rounding,
        None => rounding_at(&mut db.reader().await?, draft.edge, ctx.now()).await?,
    };
    let draft = draft.rounded(rounding);
    let line = pick(&draft, query)?;
    let billed_by = invoice.as_ref().map(|invoice| invoice.close);
    let within =
        query.day.map_or_else(|| line.month.period(), |day| Period { from: day.start(), to: day.next().start() });
    let mut by_row = events_on(ctx, db, metering, draft.edge, (query, within)).await?;
    let rows = metering
        .read_all(|fold| {
            let prices = prices_of(fold, draft.edge);
            line.rows
                .iter()
                .filter(|row| query.day.is_none_or(|day| day == row.day))
                .map(|row| explain_row(fold, prices.as_ref(), billed_by, row, &mut by_row))
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
        rows,
    })
}

/// The events that are charged on an edge, by the row they were counted in. Of a subscription that changed its reseller
/// these are the ones of the edge's own time: neither reseller is shown what was used of the other.
async fn events_on(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: EdgeId,
    (query, within): (&ExplainQuery, Period),
) -> Result<EventsByRow, Problem> {
    let terms = metering.read_all(|fold| fold.edge(edge).map(EdgeScope::from)).await;
    let scope = terms.ok_or_else(|| Problem::corrupt(format!("edge {edge} of a document is not in the usage log")))?;
    // Asked about the edge and not about the subscription, which may be another partner's by now.
    allow::<UsageRead, _>(ctx, scope)?;
    let platform = &naming(ctx);
    let sellers = subscription_sellers(platform, db, query.subscription).await?;
    let (subscription, meter) = (query.subscription, query.meter);
    let events = metering.events_of(platform, &EventQuery { subscription, meter, within, resource: None }).await?;
    let mine: Vec<_> = metering
        .read_all(|fold| sellers.iter().map(|sold| (sold.since, is_above(fold, edge, sold.partner))).collect())
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

/// Whether an edge is one of those along which a partner buys.
fn is_above(fold: &Fold, edge: EdgeId, partner: TenantId) -> bool {
    fold.edges().filter(|known| known.buyer == partner).any(|known| {
        // A channel runs up to the provider, who buys on no edge.
        known.id == edge || is_above(fold, edge, known.seller)
    })
}

fn draft_of(ctx: &OpContext, fold: &Fold, query: &ExplainQuery, invoice: Option<&Invoice>) -> Result<Draft, Problem> {
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
        (None, Some(tenant)) => fold.edges().find(|edge| edge.buyer == tenant),
        // The provider is paid on the first.
        (None, None) => terms.channel.first().and_then(|id| fold.edge(*id)),
    };
    let edge = edge.ok_or_else(missing)?;
    // Outside the caller's reach reads like "no such subscription": that is what was asked for.
    allow::<InvoiceRead, _>(ctx, EdgeScope::from(edge)).map_err(|problem| match problem.reason() {
        Reason::TenantNotFound => missing(),
        _ => problem,
    })?;
    let lines = match invoice {
        Some(invoice) => fold.billed_by(edge.id, invoice.close),
        None => fold.unbilled(edge.id, Month::of(ctx.now().day())),
    };
    // What is not on the edge reads like what is nowhere: neither it nor a document confirms a guess.
    let charged = lines.iter().any(|line| line.subscription == query.subscription);
    if !charged && (invoice.is_some() || !terms.channel.contains(&edge.id)) {
        return Err(missing());
    }
    Ok(Draft::new(edge.id, terms.currency, lines, fold.book()))
}

/// What the buyer on an edge pays of the public list: the product of the price lists down to it. The edge's own alone
/// would tell a reseller what its seller pays.
fn prices_of(fold: &Fold, edge: EdgeId) -> Option<PriceList> {
    let edge = fold.edge(edge)?;
    match fold.edges().find(|above| above.buyer == edge.seller) {
        Some(above) => edge.price_list.on(&prices_of(fold, above.id)?),
        None => Some(edge.price_list.clone()),
    }
}

fn pick<'a>(draft: &'a Draft, query: &ExplainQuery) -> Result<&'a DraftLine, Problem> {
    let month = query.month.or_else(|| query.day.map(Month::of));
    let found: Vec<_> = draft
        .lines
        .iter()
        .filter(|line| line.subscription == query.subscription && line.meter == query.meter)
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

fn explain_row(
    fold: &Fold,
    prices: Option<&PriceList>,
    billed_by: Option<u32>,
    row: &LineRow,
    events: &mut EventsByRow,
) -> ExplainedRow {
    let sheet = row.sheet.and_then(|id| fold.book().sheet(id));
    let price = sheet.and_then(|sheet| sheet.meters.get(&row.series.meter));
    let rates = price.map_or_else(String::new, |price| {
        let bounds = price.tiers.bounds().iter().map(|(bound, rate)| format!("{bound}: {rate}"));
        bounds.collect::<Vec<_>>().join(", ")
    });
    let rule = prices.zip(price).map_or_else(
        || "no price yet: counted, not billed".to_owned(),
        |(prices, price)| match prices.rule(price.first_party, row.day) {
            Some(rule) => format!("list price x {} (since {})", rule.factor, rule.from),
            None => "list price".to_owned(),
        },
    );
    let key = row_key(row.day, &row.series.resource, &row.series.region);
    ExplainedRow {
        row: row.clone(),
        price_version: sheet.map(|sheet| (sheet.effective_from, sheet.import_no)),
        rates,
        rule,
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
