//! Subscriptions on the wire, laid out as recorded. Source: partner-center-v1.md 3.5, 9.8.

use crate::offers::wire::{billing, link};
use crate::wire::{Attributes, Link, Links, etag, upper};
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_commerce::State;

/// Written where a commitment never ends, as recorded for usage-based subscriptions.
pub(super) const NEVER: &str = "9999-12-14T00:00:00Z";

/// A subscription.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscription {
    id: String,
    offer_id: &'static str,
    /// The Azure subscription it is; of an Azure plan there may be several, listed below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    entitlement_id: Option<String>,
    offer_name: &'static str,
    friendly_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_subscription_id: Option<String>,
    quantity: i64,
    unit_type: &'static str,
    has_purchasable_addons: bool,
    creation_date: String,
    effective_start_date: String,
    commitment_end_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_allowed_until_date: Option<String>,
    status: &'static str,
    auto_renew_enabled: bool,
    is_trial: bool,
    billing_type: &'static str,
    billing_cycle: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    is_microsoft_product: bool,
    actions: [&'static str; 2],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suspension_reasons: Vec<&'static str>,
    attention_needed: bool,
    action_taken: bool,
    contract_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    migrated_from_subscription_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_next_term_instructions: Option<NextTerm>,
    links: Links,
    order_id: String,
    attributes: Attributes,
}

/// What is to be different when the term is renewed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NextTerm {
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<NextTermProduct>,
    quantity: i64,
}

/// What the next term is of: the same as this one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NextTermProduct {
    product_id: &'static str,
    sku_id: &'static str,
    availability_id: &'static str,
    billing_cycle: &'static str,
    term_duration: String,
}

impl NextTermProduct {
    /// The names of its members on the wire.
    pub(super) const NAMES: [&str; 5] = ["productId", "skuId", "availabilityId", "billingCycle", "termDuration"];

    /// `None` for what is of the old catalogue, or has no term.
    pub(super) fn of(subscription: &commerce::Subscription) -> Option<Self> {
        let offer = subscription.offer;
        let mut ids = offer.id.split(':');
        let (product_id, sku_id, availability_id) = (ids.next()?, ids.next()?, ids.next()?);
        let billing_cycle = subscription.billing_cycle.name();
        Some(Self { product_id, sku_id, availability_id, billing_cycle, term_duration: offer.term.duration()? })
    }

    /// By their names on the wire.
    pub(super) fn members(&self) -> [(&'static str, &str); 5] {
        let [product, sku, availability, cycle, term] = Self::NAMES;
        [
            (product, self.product_id),
            (sku, self.sku_id),
            (availability, self.availability_id),
            (cycle, self.billing_cycle),
            (term, &self.term_duration),
        ]
    }
}

impl Subscription {
    pub(crate) fn of(subscription: commerce::Subscription, country: Option<&str>) -> Self {
        let scheduled_next_term_instructions = subscription
            .next_term_quantity
            .map(|quantity| NextTerm { product: NextTermProduct::of(&subscription), quantity });
        let id = upper(subscription.id);
        let offer = subscription.offer;
        let offer_link = country.map_or_else(|| format!("/offers/{}", offer.id), |country| link(offer, country));
        let own = format!("/customers/{}/subscriptions/{id}", subscription.customer);
        let mut links = Links::default().with("offer", Link::get(offer_link));
        if let Some(parent) = subscription.parent {
            let parent = format!("/customers/{}/subscriptions/{}", subscription.customer, upper(parent));
            links = links.with("parentSubscription", Link::get(parent));
        }
        Self {
            cancellation_allowed_until_date: subscription.cancellation_allowed_until().map(|until| until.to_string()),
            entitlement_id: (!offer.is_azure_plan()).then(|| id.clone()),
            id,
            offer_id: offer.id,
            offer_name: offer.name,
            friendly_name: subscription.friendly_name,
            parent_subscription_id: subscription.parent.map(upper),
            quantity: subscription.quantity,
            unit_type: offer.unit_type,
            has_purchasable_addons: offer.has_add_ons(),
            creation_date: subscription.created_at.to_string(),
            effective_start_date: subscription.starts_on.start().to_string(),
            commitment_end_date: subscription
                .commitment_ends_on
                .map_or_else(|| NEVER.to_owned(), |day| day.start().to_string()),
            status: subscription.state.status().name(),
            auto_renew_enabled: subscription.auto_renew,
            is_trial: offer.trial,
            billing_type: billing(offer.billing),
            billing_cycle: subscription.billing_cycle.name(),
            term_duration: offer.term.duration(),
            is_microsoft_product: true,
            actions: ["Cancel", "Edit"],
            suspension_reasons: match subscription.state {
                State::Suspended { reason, .. } => vec![reason.name()],
                State::Active { .. } | State::Deleted { .. } => Vec::new(),
            },
            attention_needed: false,
            action_taken: false,
            contract_type: "subscription",
            partner_id: subscription.on_record.map(|on_record| on_record.mpn_id),
            migrated_from_subscription_id: subscription.migrated_from.map(upper),
            scheduled_next_term_instructions,
            links: links.with("self", Link::get(own)),
            order_id: upper(subscription.order),
            attributes: Attributes::versioned("Subscription", etag::write(subscription.id, subscription.version)),
        }
    }
}
