//! `GET /v1/customers/{c}/subscriptions/{s}/utilizations/azure`: metered usage, as it was counted, without prices.
//!
//! Usage is here the moment it is counted, so the answer of the field for figures that are not ready (204 with
//! `Retry-After`) is never given. With `show_details=false` the resources of a meter are one record.
//!
//! A record belongs to the answer whose range its *beginning* lies in: ranges that meet show every record once,
//! whatever the time zone their ends are written in.

mod asked;
mod record;
mod sums;

use crate::params;
use crate::wire::seek;
use asked::Asked;
use record::UtilizationRecord;
use sums::by_meter;
use tenantry_commerce::subscription_get;
use tenantry_core::{Problem, SubscriptionId};
use tenantry_http::{Answer, Call};
use tenantry_rating::MeterPrice;
use tenantry_usage::Bucket;

/// A page of usage of a subscription.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let subscription = subscription_get(&call.ctx, call.world.db(), customer, id).await?;
    let path = format!("/customers/{customer}/subscriptions/{id}/utilizations/azure");
    let asked = match seek::state::<Asked>(&call, &path)? {
        Some(asked) => asked.bounded(),
        None => Asked::of(&call)?,
    };
    // Seats are not metered: a list without items, like any other (partner-center-v1.md 12.1).
    // So is an Azure plan itself; each of its Azure subscriptions has a list of its own, under its id.
    let buckets = match subscription.offer.is_metered() {
        false => Vec::new(),
        true => call.world.metering().usage_buckets(&call.ctx, id, asked.within, asked.granularity()).await?,
    };
    let buckets = if asked.details { buckets } else { by_meter(buckets)? };
    let (shown, next) = asked.page(&buckets);
    let items = records(&call, id, shown, asked.details).await?;
    Answer::ok(&seek::page(&call, seek::SNAKE, (&path, &path), items, next.as_ref())?)
}

/// Meters are called what the sheet in force on the day calls them, or else the newest sheet that knows them.
async fn records(
    call: &Call,
    subscription: SubscriptionId,
    buckets: &[Bucket],
    details: bool,
) -> Result<Vec<UtilizationRecord>, Problem> {
    let wanted: Vec<_> = buckets.iter().map(|bucket| (bucket.series.meter, bucket.period.from.day())).collect();
    let meters = call.world.metering().meters_of(&call.ctx, subscription, &wanted).await?;
    let view = |(bucket, described): (&Bucket, &Option<MeterPrice>)| {
        UtilizationRecord::new(bucket, described.as_ref(), details)
    };
    Ok(buckets.iter().zip(&meters).map(view).collect())
}
