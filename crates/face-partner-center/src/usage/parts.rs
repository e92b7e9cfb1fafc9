//! What a subscription comes to by day, and by resource.
//!
//! `usagerecords/daily` is obsolete to the field, and only the configuration of one client knows it (partner-center-v1.md
//! 2.9 row 134): its member `dateUsed` is all that is known of the item. `resourceusagerecords` is documented for Azure plans
//! only; here it answers for any usage-based subscription, which is then its own entitlement. Both come to what
//! `usagesummary` says.

use crate::usage::figures::Figures;
use crate::usage::record::Record;
use crate::usage::shares::Share;
use crate::usage::subscription::{Asked, uri};
use crate::wire::{Attributes, Collection, upper};
use serde::Serialize;
use tenantry_core::{Day, Money, Problem};
use tenantry_http::{Answer, Call};
use tenantry_usage::LineRow;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionDailyUsageRecord {
    date_used: String,
    #[serde(flatten)]
    record: Record,
    attributes: Attributes,
}

/// Its name stands in the common part.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceUsageRecord {
    subscription_id: String,
    resource_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
    entitlement_id: String,
    entitlement_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group_name: Option<String>,
    #[serde(flatten)]
    record: Record,
    attributes: Attributes,
}

/// The days on which something was used, oldest first.
pub(crate) async fn daily_records(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call).await?;
    let figures = Figures::of(&call).await?;
    let subscription = &asked.subscription;
    let view = |(day, (_, total)): (Day, (&LineRow, Money))| SubscriptionDailyUsageRecord {
        date_used: day.start().with_offset(),
        record: figures.record_of(subscription, upper(subscription.id), &subscription.friendly_name, total),
        attributes: Attributes::of("SubscriptionDailyUsageRecord"),
    };
    let days = figures.grouped(&asked.metered(), |share| share.row.day)?;
    let items = days.into_iter().map(view).collect();
    Answer::ok(&Collection::whole(items, uri(subscription, "usagerecords/daily")))
}

/// The resources that were used, by entitlement and id. One is the same in every letter case, shown as it was first sent.
pub(crate) async fn resource_usage_records(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call).await?;
    let figures = Figures::of(&call).await?;
    let subscription = &asked.subscription;
    let view = |(row, total): (&LineRow, Money)| {
        let (entitlement, resource) = (row.series.subscription, &row.series.resource);
        ResourceUsageRecord {
            subscription_id: upper(subscription.id),
            resource_uri: resource.as_str().to_owned(),
            resource_type: resource.resource_type(),
            entitlement_id: entitlement.to_string(),
            entitlement_name: asked.name_of(entitlement),
            resource_group_name: resource.resource_group().map(str::to_owned),
            record: figures.record_of(subscription, resource.as_str(), resource.name(), total),
            attributes: Attributes::of("ResourceUsageRecord"),
        }
    };
    let key = |share: &Share<'_>| (share.row.series.subscription, share.row.series.resource.folded());
    let resources = figures.grouped(&asked.metered(), key)?;
    let items = resources.into_values().map(view).collect();
    Answer::ok(&Collection::whole(items, uri(subscription, "resourceusagerecords")))
}
