//! `GET /api/v1/unrated`: usage that was accepted and has no price. Nothing is lost on it: it is billed with the
//! first document after a price was imported, and until then it is here.

use crate::unbilled::draft;
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{MeterId, Month, Problem, Quantity, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
pub(crate) struct UnratedView {
    items: Vec<ItemView>,
    /// Seats that were bought and have no price: billed like the rest once there is one.
    seats: Vec<SeatsView>,
}

/// Seats of a subscription in a period.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeatsView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    offer: String,
    /// `monthly` or `annual`.
    cycle: &'static str,
    /// The country and currency a price is wanted in.
    market: String,
    currency: String,
    /// The first day of the period.
    begins: String,
    seats: i64,
}

/// A meter of a subscription in a service month, the first day of it, and how many resources used it.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    meter: MeterId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    service_month: Month,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_day: Option<String>,
    resources: usize,
}

/// A partner's own; for the provider that of one partner or of all.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let named = asked::parsed(&call, "partner", TenantId::parse)?.or_else(|| call.ctx.confined_to());
    let partners = match named {
        Some(partner) => vec![partner],
        None => call.world.metering().buyers(&call.ctx).await?,
    };
    // Events may be a few minutes ahead of the clock, so at a month's end the next month has some already.
    let through = Month::of(call.ctx.now().day()).next();
    let (mut items, mut seats) = (Vec::new(), Vec::new());
    for partner in partners {
        let draft = draft(&call, (None, partner), through).await?;
        seats.extend(draft.unpriced.iter().map(|waiting| SeatsView {
            partner,
            subscription: waiting.subscription,
            offer: waiting.offer.to_string(),
            cycle: waiting.cycle.name(),
            market: waiting.market.clone(),
            currency: waiting.currency.code().to_owned(),
            begins: waiting.period.first().to_string(),
            seats: waiting.seats,
        }));
        items.extend(draft.lines.iter().filter(|line| !line.unrated.is_zero()).map(|line| {
            let waiting = || line.rows.iter().filter(|row| row.sheet.is_none());
            let mut resources: Vec<_> = waiting().map(|row| row.series.resource.folded()).collect();
            resources.sort_unstable();
            resources.dedup();
            ItemView {
                partner,
                subscription: line.subscription,
                meter: line.meter,
                service_month: line.month,
                quantity: line.unrated,
                first_day: waiting().map(|row| row.day).min().map(|day| day.to_string()),
                resources: resources.len(),
            }
        }));
    }
    Answer::ok(&UnratedView { items, seats })
}
