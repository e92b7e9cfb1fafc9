//! `GET /v1/fraudEvents`: unusual spending that was found in what the partner sold.
//!
//! The events are the alerts of the nightly look at spending (`metering`): a day that cost far more than others, machines
//! in many new regions, a new and costly meter, a burst of new resources. What the field finds besides (connections to mining
//! pools, notices of its security staff) is not looked for here. The reference knows the request, not the item
//! (partner-center-v1.md 2.22, section 11). The documentation of today (`get-fraud-events`, its sample) gives a bare array,
//! and the members below by these names; with the header `X-NewEventsModel: true` there are a few more, and pages. Unsure
//! is the envelope of a page: it is the one of all other lists here.
//!
//! Nobody resolves an event by this API: the documented call says that it changes a status and nothing else, while to resolve
//! an alert lets go on what it had stopped. That is done in our own API (`/api/v1/alerts/{id}/resolve`), and shows here.

use crate::params;
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection, Links, paging};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_commerce::{Partner, SoldTo, partner_get, subscription_sold_to};
use tenantry_core::{Problem, Reason, SubscriptionId};
use tenantry_http::{Answer, Call};
use tenantry_metering::{Alert, AlertFilter, AlertKind};

/// Most events of a page, and how many it has by default (`PageSize`).
const PAGE_MAX: usize = 500;

/// What all these alerts are, in the field's words.
const USAGE_ANOMALY: &str = "UsageAnomalyDetection";

/// Which events are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Active,
    Resolved,
    /// Somebody has begun to look. Alerts know no such state, so there are none.
    Investigating,
}

const STATUSES: Words<Status> =
    Words(&[("Active", Status::Active), ("Resolved", Status::Resolved), ("Investigating", Status::Investigating)]);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FraudEvent {
    event_time: String,
    event_id: String,
    partner_tenant_id: String,
    partner_friendly_name: String,
    customer_tenant_id: String,
    customer_friendly_name: String,
    subscription_id: String,
    subscription_type: &'static str,
    catalog_offer_id: &'static str,
    event_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
    #[serde(flatten)]
    newer: Option<Newer>,
}

/// What only the new model has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Newer {
    event_type: &'static str,
    display_name: &'static str,
    description: String,
    subscription_name: String,
    attributes: Attributes,
}

impl FraudEvent {
    fn of(alert: Alert, partner: &Partner, to: &SoldTo, new_model: bool) -> Self {
        let sold = &to.subscription;
        let newer = new_model.then(|| Newer {
            event_type: USAGE_ANOMALY,
            display_name: title(alert.kind),
            description: alert.message,
            subscription_name: sold.friendly_name.clone(),
            attributes: Attributes::of("FraudEvent"),
        });
        let (resolved_on, resolved_by) = alert.resolved.map(|(at, who)| (at.to_string(), who)).unzip();
        Self {
            event_time: alert.at.to_string(),
            event_id: alert.id.to_string(),
            partner_tenant_id: partner.tenant.to_string(),
            partner_friendly_name: partner.company_name.clone(),
            customer_tenant_id: sold.customer.to_string(),
            customer_friendly_name: to.customer_name.clone(),
            subscription_id: sold.id.to_string(),
            subscription_type: if sold.offer.is_under_azure_plan() { "modern" } else { "legacy" },
            catalog_offer_id: sold.offer.id,
            event_status: if resolved_on.is_some() { "Resolved" } else { "Active" },
            resolved_on,
            resolved_by,
            newer,
        }
    }
}

/// What is asked for.
struct Asked {
    status: Option<Status>,
    subscription: Option<SubscriptionId>,
    new_model: bool,
    /// Of the new model: events on a page, and how many pages before it.
    page: (usize, usize),
}

impl Asked {
    fn of(call: &Call) -> Result<Self, Problem> {
        let status = named(call, "EventStatus").map(|text| STATUSES.read("EventStatus", text)).transpose()?;
        let subscription = named(call, "SubscriptionId").map(SubscriptionId::parse).transpose();
        let subscription = subscription.map_err(|error| Problem::invalid("SubscriptionId", error))?;
        let new_model = call.header("X-NewEventsModel").is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
        let size = paging::size_by(call, "PageSize", PAGE_MAX, PAGE_MAX)?;
        // Pages are counted from 1.
        let before: usize = call.query.number("PageNumber")?.unwrap_or(1).max(1) - 1;
        Ok(Self { status, subscription, new_model, page: (size, before) })
    }

    fn wants(&self, alert: &Alert) -> bool {
        match self.status {
            None => true,
            Some(Status::Active) => alert.resolved.is_none(),
            Some(Status::Resolved) => alert.resolved.is_some(),
            Some(Status::Investigating) => false,
        }
    }
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call)?;
    let db = call.world.db();
    let partner = partner_get(&call.ctx, db, params::partner(&call)?).await?;
    let filter = AlertFilter { subscription: asked.subscription, ..AlertFilter::default() };
    let mut alerts = call.world.metering().alert_list(&call.ctx, filter).await?;
    // The provider sees everybody's in our own API. Here an event is told in the prices of the partner that asks.
    alerts.retain(|alert| alert.owner == partner.tenant && alert.kind != AlertKind::Budget && asked.wants(alert));
    let mut sold = BTreeMap::new();
    for id in alerts.iter().filter_map(|alert| alert.subscription).collect::<BTreeSet<_>>() {
        if let Some(to) = still_sold(&call, id).await? {
            sold.insert(id, to);
        }
    }
    let event = |alert: Alert| {
        let to = sold.get(&alert.subscription?)?;
        Some(FraudEvent::of(alert, &partner, to, asked.new_model))
    };
    let events: Vec<_> = alerts.into_iter().filter_map(event).collect();
    if asked.new_model { page(&call, asked.page, events) } else { Answer::ok(&events) }
}

/// The subscription, if the partner still sells it: what is another's by now is not this one's to act on, or to read of.
async fn still_sold(call: &Call, id: SubscriptionId) -> Result<Option<SoldTo>, Problem> {
    match subscription_sold_to(&call.ctx, call.world.db(), id).await {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.reason() == Reason::SubscriptionNotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn page(call: &Call, (size, before): (usize, usize), mut events: Vec<FraudEvent>) -> Result<Answer, Problem> {
    if let Some(wanted) = named(call, "EventType") {
        events.retain(|_| wanted.eq_ignore_ascii_case(USAGE_ANOMALY));
    }
    let items: Vec<_> = events.into_iter().skip(before.saturating_mul(size)).take(size).collect();
    Answer::ok(&Collection { links: Some(Links::to_self("/fraudEvents")), ..Collection::bare(items) })
}

const fn title(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Budget => "A budget was crossed",
        AlertKind::UnusualSpend => "A day cost far more than usual",
        AlertKind::ManyRegions => "Several regions that were not used before",
        AlertKind::NewCostlyMeter => "A costly meter that was not used before",
        AlertKind::ResourceBurst => "Many new resources on one day",
    }
}

fn named<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|text| !text.is_empty())
}
