//! `GET /api/v1/subscriptions/{subscription}/usage`: how much was used, by hour or day, as of this moment.

use crate::wire::{self, Verbatim};
use crate::{asked, schema};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{MeterId, Month, Period, Problem, Quantity, SubscriptionId, Timestamp};
use tenantry_http::{Answer, Call};
use tenantry_usage::{Bucket, Granularity};

/// The longest stretch in one answer: a leap year of days, a month of hours. A longer one is asked for in parts.
const DAILY_DAYS_MAX: i64 = 366;
const HOURLY_DAYS_MAX: i64 = 31;
const SECONDS_PER_DAY: i64 = 86_400;

#[derive(JsonSchema, Serialize)]
pub(crate) struct UsageView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    granularity: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    to: Timestamp,
    buckets: Vec<BucketView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    to: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    meter: MeterId,
    resource: &'a str,
    region: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Verbatim<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<Verbatim<'a>>,
}

/// Buckets whose start lies in `[from, to)`; the current month if not said otherwise.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let subscription =
        SubscriptionId::parse(call.param("subscription")?).map_err(|error| Problem::invalid("subscription", error))?;
    let granularity = asked::parsed(&call, "granularity", granularity)?.unwrap_or(Granularity::Daily);
    let within = within(&call, granularity)?;
    let metering = call.world.metering();
    let buckets = metering.usage_buckets(&call.ctx, subscription, within, granularity).await?;
    let view = UsageView {
        subscription,
        granularity: name(granularity),
        from: within.from,
        to: within.to,
        buckets: buckets.iter().map(bucket).collect(),
    };
    Answer::ok(&view)
}

fn bucket(bucket: &Bucket) -> BucketView<'_> {
    let series = &bucket.series;
    BucketView {
        from: bucket.period.from,
        to: bucket.period.to,
        meter: series.meter,
        resource: series.resource.as_str(),
        region: &series.region,
        quantity: bucket.quantity,
        tags: Verbatim::of(&series.tags),
        additional_info: Verbatim::of(&series.additional_info),
    }
}

fn within(call: &Call, granularity: Granularity) -> Result<Period, Problem> {
    let month = Month::of(call.ctx.now().day()).period();
    let from = asked::parsed(call, "from", Timestamp::parse)?.unwrap_or(month.from);
    let to = asked::parsed(call, "to", Timestamp::parse)?;
    // Only `from`, and it is past: up to the end of the current month would often be too long a stretch.
    let days_max = if granularity == Granularity::Daily { DAILY_DAYS_MAX } else { HOURLY_DAYS_MAX };
    let latest = from.plus_seconds(days_max * SECONDS_PER_DAY);
    let to = to.unwrap_or_else(|| month.to.min(latest));
    if to <= from {
        return Err(Problem::invalid("to", format_args!("{to} is not after {from}, where the period begins")));
    }
    if to > latest {
        let message = format!("{} usage is given for {days_max} days at most; ask up to {latest}", name(granularity));
        return Err(Problem::invalid("to", message));
    }
    Ok(Period { from, to })
}

const fn name(granularity: Granularity) -> &'static str {
    match granularity {
        Granularity::Hourly => "hourly",
        Granularity::Daily => "daily",
    }
}

fn granularity(text: &str) -> Result<Granularity, String> {
    [Granularity::Hourly, Granularity::Daily]
        .into_iter()
        .find(|known| name(*known).eq_ignore_ascii_case(text))
        .ok_or_else(|| format!("`{text}` is not known; send hourly or daily"))
}
