//! `tenantry explain`: from an amount to resource and day, price version and rule, and the events themselves.

use crate::cli::Explain;
use crate::commands::explain_seats;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::words::counted;
use serde::Serialize;
use tenantry_billing::{ExplainQuery, ExplainedRow, Explanation, explain};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    invoice: Option<String>,
    subscription_id: String,
    meter_id: String,
    meter_name: String,
    unit: String,
    month: String,
    quantity: String,
    exact: String,
    rounding: String,
    amount: String,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<ConvertedView>,
    rows: Vec<RowView>,
}

/// How a line came into the currency of its document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConvertedView {
    from: String,
    exact: String,
    rate: String,
    month: String,
    source: String,
    date: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView {
    date: String,
    resource: String,
    quantity: String,
    list: String,
    charge: String,
    price_sheet: Option<SheetView>,
    rates: String,
    rule: String,
    events: Vec<EventView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SheetView {
    effective_from: String,
    import_number: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView {
    source: String,
    id: String,
    time: String,
    quantity: String,
    accepted_at: String,
}

pub(crate) fn run(arguments: &Explain, output: &mut Output<'_>) -> Result<(), Failure> {
    let Some(meter) = arguments.meter else { return explain_seats::run(arguments, output) };
    let query = ExplainQuery {
        invoice: arguments.invoice.clone(),
        subscription: arguments.subscription,
        meter,
        month: arguments.month,
        day: arguments.day,
    };
    let explained = block_on(async {
        let look = arguments.place.look().await?;
        let metering = look.metering().await?;
        let explained = explain(&look.system("explain"), look.db(), &metering, &query).await;
        look.close().await;
        explained
    })??;
    let view = View::of(explained);
    output.answer(&view, || text(&view, arguments.day.is_some()))
}

impl View {
    fn of(explained: Explanation) -> Self {
        Self {
            invoice: explained.invoice,
            subscription_id: explained.subscription.to_string(),
            meter_id: explained.meter.to_string(),
            meter_name: explained.meter_name,
            unit: explained.unit,
            month: explained.month.to_string(),
            quantity: explained.quantity.to_string(),
            exact: explained.exact.to_string(),
            rounding: explained.rounding.to_string(),
            amount: explained.amount.to_string(),
            currency: explained.amount.currency().to_string(),
            converted: explained.priced.map(|priced| ConvertedView {
                from: priced.fx.from.to_string(),
                exact: priced.exact.to_string(),
                rate: priced.fx.rate.to_string(),
                month: priced.fx.month.to_string(),
                source: priced.fx.source.clone(),
                date: priced.fx.dated.to_string(),
            }),
            rows: explained.rows.into_iter().map(RowView::of).collect(),
        }
    }
}

impl RowView {
    fn of(explained: ExplainedRow) -> Self {
        let events = explained.events.into_iter().map(|found| EventView {
            source: found.event.source,
            id: found.event.id,
            time: found.event.at.to_string(),
            quantity: found.event.quantity.to_string(),
            accepted_at: found.accepted_at.to_string(),
        });
        let sheet = explained
            .price_version
            .map(|(from, import_number)| SheetView { effective_from: from.to_string(), import_number });
        Self {
            date: explained.row.day.to_string(),
            resource: explained.row.series.resource.to_string(),
            quantity: explained.row.quantity.to_string(),
            list: explained.row.list.to_string(),
            charge: explained.row.charge.to_string(),
            price_sheet: sheet,
            rates: explained.rates,
            rule: explained.rule,
            events: events.collect(),
        }
    }
}

/// Days and resources; the events of each only where one day was asked for.
fn text(view: &View, with_events: bool) -> String {
    let View { meter_name, unit, month, quantity, exact, rounding, amount, currency, rows, .. } = view;
    let place = view.invoice.as_ref().map_or_else(|| "not billed yet".to_owned(), |number| format!("on {number}"));
    let mut text = format!(
        "{meter_name}, {month}, {place}: {quantity} x {unit} = {exact}, rounding {rounding}, amount {amount} \
         {currency}\n"
    );
    if let Some(ConvertedView { from, exact, rate, month, source, date }) = &view.converted {
        text += &format!("{exact} {from} x {rate}, the rate of {month} ({source}, {date})\n");
    }
    let mut told = (String::new(), String::new());
    for row in rows {
        let price = row.price_sheet.as_ref().map_or_else(
            || "no price".to_owned(),
            |sheet| format!("price sheet {} from {}: {}", sheet.import_number, sheet.effective_from, row.rates),
        );
        // Said again only where it changes.
        if told != (price.clone(), row.rule.clone()) {
            text += &format!("\n{price}\n{}\n", row.rule);
            told = (price, row.rule.clone());
        }
        let events = counted(row.events.len() as u64, "event");
        text += &format!("  {}  {:>18} = {:<24} {events}  {}\n", row.date, row.quantity, row.charge, row.resource);
        if with_events {
            for event in &row.events {
                text += &format!("      {}  {:>18}  {} `{}`\n", event.time, event.quantity, event.source, event.id);
            }
        }
    }
    text
}
