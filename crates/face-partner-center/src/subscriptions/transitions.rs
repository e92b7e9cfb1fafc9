//! `transitions` of a subscription of the modern catalogue: what it could become, making it that, and what became of it.
//!
//! Source: partner-center-v1.md 2.5 rows 73 to 75, 3.5. It is the act behind `upgrades` under newer names. What stands in the
//! way is an answer here as well: a transition whose event failed. Nothing is kept for the end of a term, so the list of what
//! could be `scheduled` is empty; and so are all lists of what is of the old catalogue, which is upgraded.

use super::upgrades::error_code;
use crate::orders::cycle;
use crate::params;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection, upper};
use serde::Serialize;
use tenantry_commerce::{
    LicenceMove, Limits, Subscription, Transition as Made, Upgrade, UpgradeObstacle, UpgradeObstacleKind,
    UpgradeSubscription, Upgraded, subscription_get, subscription_upgrade, transition_list, upgrade_list,
};
use tenantry_core::{OfferId, Problem, Reason, Timestamp};
use tenantry_http::{Answer, Call};

/// Whether people's licences are moved. Nothing chosen moves none.
const TYPES: Words<bool> = Words(&[(ONLY, false), (WITH_LICENCES, true)]);
const ONLY: &str = "transition_only";
const WITH_LICENCES: &str = "transition_with_license_transfer";

/// Whether the eligibility for something at once is asked for, which it is unless said.
const WHEN: Words<bool> = Words(&[("immediate", true), ("scheduled", false)]);

/// `UserLicenseError`: somebody keeps the old licence.
const LICENCE_ERROR: u8 = 12;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TransitionEligibility {
    catalog_item_id: &'static str,
    title: &'static str,
    description: &'static str,
    quantity: i64,
    eligibilities: [Eligibility; 2],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    is_eligible: bool,
    transition_type: &'static str,
    errors: Vec<TransitionError>,
}

#[derive(Debug, Serialize)]
struct TransitionError {
    code: u8,
    description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Transition {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_id: Option<String>,
    from_catalog_item_id: String,
    from_subscription_id: String,
    to_catalog_item_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_subscription_id: Option<String>,
    quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    billing_cycle: &'static str,
    transition_type: &'static str,
    events: Vec<Event>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
struct Event {
    name: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    errors: Vec<TransitionError>,
}

impl Eligibility {
    fn of(transition_type: &'static str, obstacles: impl Iterator<Item = UpgradeObstacle>) -> Self {
        let errors: Vec<_> = obstacles.map(TransitionError::from).collect();
        Self { is_eligible: errors.is_empty(), transition_type, errors }
    }
}

impl From<UpgradeObstacle> for TransitionError {
    fn from(obstacle: UpgradeObstacle) -> Self {
        Self { code: error_code(obstacle.kind), description: obstacle.message }
    }
}

impl TransitionEligibility {
    fn of(Upgrade { target, quantity, obstacles, licence_obstacle }: Upgrade) -> Self {
        let with_licences = obstacles.iter().cloned().chain(licence_obstacle);
        Self {
            catalog_item_id: target.id,
            title: target.name,
            description: target.description,
            quantity,
            eligibilities: [
                Eligibility::of(WITH_LICENCES, with_licences),
                Eligibility::of(ONLY, obstacles.into_iter()),
            ],
        }
    }
}

impl Event {
    const CONVERSION: &str = "Conversion";
    const LICENCES: &str = "UserLicenseTransfer";

    fn new(name: &'static str, status: &'static str, at: Timestamp, errors: Vec<TransitionError>) -> Self {
        Self { name, status, timestamp: Some(at.to_string()), errors }
    }

    fn of_licences(licences: LicenceMove) -> Self {
        match licences {
            LicenceMove::Waiting => {
                Self { name: Self::LICENCES, status: "NotStarted", timestamp: None, errors: Vec::new() }
            }
            LicenceMove::Done { at, errors } => {
                let status = if errors.is_empty() { "Completed" } else { "Failed" };
                let error = |description| TransitionError { code: LICENCE_ERROR, description };
                Self::new(Self::LICENCES, status, at, errors.into_iter().map(error).collect())
            }
        }
    }
}

impl Transition {
    fn of(made: Made) -> Self {
        let with_licences = made.licences.is_some();
        let converted = Event::new(Event::CONVERSION, "Completed", made.made_at, Vec::new());
        Self {
            operation_id: Some(made.operation.to_string()),
            from_catalog_item_id: made.source_offer.to_string(),
            from_subscription_id: upper(made.source),
            to_catalog_item_id: made.target_offer.to_string(),
            to_subscription_id: Some(upper(made.target)),
            quantity: made.quantity,
            term_duration: made.term,
            billing_cycle: made.billing_cycle.name(),
            transition_type: type_name(with_licences),
            events: std::iter::once(converted).chain(made.licences.map(Event::of_licences)).collect(),
            attributes: Attributes::of("Transition"),
        }
    }

    /// What was asked for and did not come to be.
    fn refused(seen: &Subscription, asked: &UpgradeSubscription, now: Timestamp, errors: Vec<TransitionError>) -> Self {
        Self {
            operation_id: None,
            from_catalog_item_id: seen.offer.id.to_owned(),
            from_subscription_id: upper(seen.id),
            to_catalog_item_id: asked.target.to_string(),
            to_subscription_id: None,
            quantity: seen.quantity,
            term_duration: seen.offer.term.duration(),
            billing_cycle: seen.billing_cycle.name(),
            transition_type: type_name(asked.with_licences),
            events: vec![Event::new(Event::CONVERSION, "Failed", now, errors)],
            attributes: Attributes::of("Transition"),
        }
    }
}

const fn type_name(with_licences: bool) -> &'static str {
    if with_licences { WITH_LICENCES } else { ONLY }
}

pub(crate) async fn eligibilities(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let seen = subscription_get(&call.ctx, call.world.db(), customer, id).await?;
    let at_once = call.query("eligibilityType").map(|text| WHEN.read("eligibilityType", text)).transpose()?;
    let found = if seen.offer.is_legacy() || at_once == Some(false) {
        Vec::new()
    } else {
        upgrade_list(&call.ctx, call.world.db(), &Limits::NONE, customer, id).await?
    };
    let own = format!("/customers/{customer}/subscriptions/{}/transitioneligibilities", upper(id));
    Answer::ok(&Collection::whole(found.into_iter().map(TransitionEligibility::of).collect(), own))
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let wanted = call.query("operationId").map(str::trim).filter(|wanted| !wanted.is_empty());
    let made = transition_list(&call.ctx, call.world.db(), customer, id).await?;
    let made = made.into_iter().map(Transition::of);
    let is_wanted = |made: &Transition| {
        wanted.is_none_or(|wanted| made.operation_id.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(wanted)))
    };
    let own = format!("/customers/{customer}/subscriptions/{}/transitions", upper(id));
    Answer::ok(&Collection::whole(made.filter(is_wanted).collect(), own))
}

pub(crate) async fn make(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = params::found_subscription(&call).await?;
    let seen = subscription_get(&call.ctx, call.world.db(), customer, id).await?;
    let body = Body::of(&call)?;
    let asked = asked(&body.fields()?, &seen)?;
    let refused = |errors| Answer::ok(&Transition::refused(&seen, &asked, call.ctx.now(), errors));
    if seen.offer.is_legacy() {
        let description = format!("{} is of the old catalogue; see the subscription's upgrades", seen.offer.name);
        return refused(vec![TransitionError { code: error_code(UpgradeObstacleKind::NoTargets), description }]);
    }
    match subscription_upgrade(&call.ctx, call.world.db(), &Limits::NONE, asked.clone()).await? {
        Upgraded::Refused(obstacles) => refused(obstacles.into_iter().map(TransitionError::from).collect()),
        Upgraded::Done { target, .. } => {
            let made = transition_list(&call.ctx, call.world.db(), customer, target.id).await?;
            let made = made.into_iter().find(|made| made.target == target.id);
            let made = made.ok_or_else(|| Problem::corrupt(format!("nothing is known of how {} came", target.id)))?;
            Answer::ok(&Transition::of(made))
        }
    }
}

/// What a body asks for. Whatever it says of the subscription must be so; a promotion, another term or another cycle
/// would be accepted and forgotten, so they are refused.
fn asked(fields: &Fields<'_>, seen: &Subscription) -> Result<UpgradeSubscription, Problem> {
    let said = |name: &str| Ok(fields.text(name)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
    let is = |name: &str, is: Option<String>| match said(name)? {
        Some(said) if !is.as_ref().is_some_and(|is| said.eq_ignore_ascii_case(is)) => {
            let is = is.map_or_else(|| "nothing".to_owned(), |is| format!("`{is}`"));
            let said: String = said.chars().take(60).collect();
            Err(Problem::invalid(fields.path(name), format!("it is {is} here, not `{said}`; leave it out")))
        }
        Some(_) | None => Ok::<_, Problem>(()),
    };
    is("fromSubscriptionId", Some(upper(seen.id)))?;
    is("fromCatalogItemId", Some(seen.offer.id.to_owned()))?;
    is("termDuration", seen.offer.term.duration())?;
    if let Some(cycle) = cycle::read(fields)?.filter(|cycle| *cycle != seen.billing_cycle) {
        let message = format!("it stays `{}` and does not become `{cycle}`; leave it out", seen.billing_cycle);
        return Err(Problem::invalid(fields.path("billingCycle"), message));
    }
    for (name, why) in [
        ("toSubscriptionId", "the seats become a subscription of their own"),
        ("promotionId", "there are no promotions here"),
    ] {
        if said(name)?.is_some() {
            let message = format!("{}: {why}; leave it out", fields.path(name));
            return Err(Problem::new(Reason::Unsupported, message).at(fields.path(name)));
        }
    }
    let target = said("toCatalogItemId")?.ok_or_else(|| Problem::missing(fields.path("toCatalogItemId")))?;
    Ok(UpgradeSubscription {
        customer: seen.customer,
        subscription: seen.id,
        target: OfferId::new(&target),
        quantity: fields.whole("quantity")?,
        with_licences: fields.word("transitionType", &TYPES)?.unwrap_or(false),
    })
}
