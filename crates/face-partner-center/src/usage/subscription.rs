//! What subscriptions come to, and their meters.
//!
//! Two lists show the same figures: `usagerecords/resources` is the older one, where "resource" means the meter
//! (partner-center-v1.md 3.10 and the sample of 2015), `meterusagerecords` the newer.

use crate::params;
use crate::usage::figures::{Figures, MeterFigure, is_metered};
use crate::usage::record::{Period, Record};
use crate::wire::{Attributes, Collection, Decimal, Links, upper};
use serde::Serialize;
use tenantry_commerce::{Subscription, azure_entitlement_list, subscription_get, subscription_list};
use tenantry_core::{Problem, SubscriptionId};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionMonthlyUsageRecord {
    #[serde(flatten)]
    record: Record,
    status: &'static str,
    offer_id: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionUsageSummary {
    #[serde(flatten)]
    record: Record,
    #[serde(flatten)]
    period: Period,
    links: Links,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AzureResourceMonthlyUsageRecord {
    #[serde(flatten)]
    record: Record,
    #[serde(flatten)]
    meter: Meter,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MeterUsageRecord {
    subscription_id: String,
    meter_id: String,
    meter_name: String,
    #[serde(flatten)]
    meter: Meter,
    #[serde(flatten)]
    record: Record,
    attributes: Attributes,
}

/// What both lists say of a meter.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meter {
    category: String,
    subcategory: String,
    quantity_used: Decimal,
    unit: String,
}

/// A subscription whose usage is asked for, with what it is metered on: itself, or the Azure subscriptions of an Azure plan.
pub(super) struct Asked {
    pub(super) subscription: Subscription,
    entitlements: Vec<Subscription>,
}

impl Asked {
    pub(super) async fn of(call: &Call) -> Result<Self, Problem> {
        let (customer, id) = (params::customer(call)?, params::subscription(call)?);
        Self::with(call, subscription_get(&call.ctx, call.world.db(), customer, id).await?).await
    }

    async fn with(call: &Call, subscription: Subscription) -> Result<Self, Problem> {
        let entitlements = match subscription.offer.is_azure_plan() {
            true => azure_entitlement_list(&call.ctx, call.world.db(), subscription.customer, subscription.id).await?,
            false => Vec::new(),
        };
        Ok(Self { subscription, entitlements })
    }

    /// Where its usage is counted.
    pub(super) fn metered(&self) -> Vec<SubscriptionId> {
        match self.subscription.offer.is_azure_plan() {
            true => self.entitlements.iter().map(|one| one.id).collect(),
            false => vec![self.subscription.id],
        }
    }

    /// The name of something it is metered on.
    pub(super) fn name_of(&self, id: SubscriptionId) -> String {
        let found = self.entitlements.iter().find(|one| one.id == id);
        found.unwrap_or(&self.subscription).friendly_name.clone()
    }
}

/// A record for each subscription of a customer that has usage, in whatever state it is.
pub(crate) async fn subscription_records(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let subscriptions = subscription_list(&call.ctx, call.world.db(), customer, None).await?;
    let figures = Figures::of(&call).await?;
    let mut items = Vec::new();
    for subscription in subscriptions.into_iter().filter(is_metered) {
        let asked = Asked::with(&call, subscription).await?;
        let (subscription, total) = (&asked.subscription, figures.total_of(&asked.metered())?);
        items.push(SubscriptionMonthlyUsageRecord {
            record: figures.record_of(subscription, upper(subscription.id), &subscription.friendly_name, total),
            status: subscription.state.status().name(),
            offer_id: subscription.offer.id,
            attributes: Attributes::of("SubscriptionMonthlyUsageRecord"),
        });
    }
    let uri = format!("/customers/{customer}/subscriptions/usagerecords");
    Answer::ok(&Collection::whole(items, uri))
}

/// One subscription's summary; zero for one without usage.
pub(crate) async fn subscription_summary(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call).await?;
    let figures = Figures::of(&call).await?;
    let (subscription, total) = (&asked.subscription, figures.total_of(&asked.metered())?);
    let uri = uri(subscription, "usagesummary");
    Answer::ok(&SubscriptionUsageSummary {
        record: figures.record_of(subscription, upper(subscription.id), &subscription.friendly_name, total),
        period: figures.period.clone(),
        links: Links::to_self(uri),
        attributes: Attributes::of("SubscriptionUsageSummary"),
    })
}

/// The meters of a subscription, in the older form.
pub(crate) async fn resource_records(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call).await?;
    let (subscription, figures) = (&asked.subscription, Figures::of(&call).await?);
    let view = |figure: &MeterFigure<'_>| AzureResourceMonthlyUsageRecord {
        record: figures.record_of(subscription, figure.meter.to_string(), name(figure), figure.total),
        meter: Meter::new(figure),
        attributes: Attributes::of("AzureResourceMonthlyUsageRecord"),
    };
    let items = figures.meters(&asked.metered())?.iter().map(view).collect();
    Answer::ok(&Collection::whole(items, uri(subscription, "usagerecords/resources")))
}

/// The meters of a subscription.
pub(crate) async fn meter_records(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call).await?;
    let (subscription, figures) = (&asked.subscription, Figures::of(&call).await?);
    let view = |figure: &MeterFigure<'_>| MeterUsageRecord {
        subscription_id: upper(subscription.id),
        meter_id: figure.meter.to_string(),
        meter_name: name(figure),
        meter: Meter::new(figure),
        record: figures.record_of(subscription, figure.meter.to_string(), name(figure), figure.total),
        attributes: Attributes::of("MeterUsageRecord"),
    };
    let items = figures.meters(&asked.metered())?.iter().map(view).collect();
    Answer::ok(&Collection::whole(items, uri(subscription, "meterusagerecords")))
}

pub(super) fn uri(subscription: &Subscription, list: &str) -> String {
    format!("/customers/{}/subscriptions/{}/{list}", subscription.customer, upper(subscription.id))
}

/// A meter in no price sheet has no name but its id. It is shown all the same: its usage waits for a price.
fn name(figure: &MeterFigure<'_>) -> String {
    figure.line.described.as_ref().map_or_else(|| figure.meter.to_string(), |meter| meter.name.clone())
}

impl Meter {
    fn new(figure: &MeterFigure<'_>) -> Self {
        let described = figure.line.described.as_ref();
        Self {
            category: described.map(|meter| meter.category.clone()).unwrap_or_default(),
            subcategory: described.map(|meter| meter.subcategory.clone()).unwrap_or_default(),
            quantity_used: figure.quantity.into(),
            unit: described.map(|meter| meter.unit.clone()).unwrap_or_default(),
        }
    }
}
