//! `upgrades` of a subscription: where its offer leads, what stands in the way, and the upgrade itself.
//!
//! Source: partner-center-v1.md 2.5 rows 69 and 70, 3.5. What stands in the way is an answer with errors inside, as the
//! field has it. A path with the *target's* id, as one page of the documents has it, is not known: clients send the source.

use crate::errors;
use crate::offers::{locale, wire::Offer};
use crate::params;
use crate::wire::input::{Body, Fields};
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection, upper};
use serde::Serialize;
use tenantry_commerce::{
    LicenceError, Limits, Upgrade as Target, UpgradeObstacle, UpgradeObstacleKind, UpgradeSubscription, Upgraded,
    customer_get, subscription_upgrade, upgrade_list,
};
use tenantry_core::{OfferId, Problem};
use tenantry_http::{Answer, Call};

/// In the order of the ordinals. Nothing chosen moves no licences: that takes no right in the customer's tenant.
const TYPES: Words<bool> = Words(&[("none", false), (UPGRADE_ONLY, false), (WITH_LICENCES, true)]);
const UPGRADE_ONLY: &str = "upgrade_only";
const WITH_LICENCES: &str = "upgrade_with_license_transfer";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Upgrade {
    target_offer: Offer,
    upgrade_type: &'static str,
    is_eligible: bool,
    quantity: i64,
    upgrade_errors: Vec<UpgradeError>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpgradeError {
    code: u8,
    description: String,
    additional_details: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UpgradeResult {
    source_subscription_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_subscription_id: Option<String>,
    upgrade_type: &'static str,
    upgrade_errors: Vec<UpgradeError>,
    license_errors: Vec<UserLicenseError>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserLicenseError {
    user_object_id: String,
    name: String,
    email: String,
    errors: [Fault; 1],
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
struct Fault {
    code: u32,
    description: String,
}

impl UpgradeError {
    fn of(obstacle: UpgradeObstacle) -> Self {
        Self { code: error_code(obstacle.kind), description: obstacle.message, additional_details: "" }
    }
}

/// `UpgradeErrorCode`, and `TransitionErrorCode`, which is the same as far as it goes.
pub(super) const fn error_code(kind: UpgradeObstacleKind) -> u8 {
    use UpgradeObstacleKind as Kind;
    match kind {
        Kind::Other => 0,
        Kind::NotAdministered => 1,
        Kind::NotActive => 2,
        // "ConflictingServiceTypes": what is there already would be there twice.
        Kind::OwnedAlready => 3,
        Kind::PersonRequired => 5,
        Kind::AddOnsPresent => 6,
        Kind::NoTargets => 7,
        Kind::NotATarget => 8,
        Kind::CycleNotOffered => 10,
    }
}

impl UserLicenseError {
    fn of(error: LicenceError) -> Self {
        let code = errors::code(&error.problem, None);
        Self {
            user_object_id: error.user.to_string(),
            name: error.name,
            email: error.email,
            errors: [Fault { code, description: error.problem.message().to_owned() }],
            attributes: Attributes::of("UserLicenseError"),
        }
    }
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let found = upgrade_list(&call.ctx, call.world.db(), &Limits::NONE, customer, id).await?;
    let country = customer_get(&call.ctx, call.world.db(), customer).await?.country().to_owned();
    let shown = |Target { target, quantity, obstacles, .. }: Target| Upgrade {
        target_offer: Offer::of(target, locale(&call), &country),
        upgrade_type: UPGRADE_ONLY,
        is_eligible: obstacles.is_empty(),
        quantity,
        upgrade_errors: obstacles.into_iter().map(UpgradeError::of).collect(),
        attributes: Attributes::of("Upgrade"),
    };
    let own = format!("/customers/{customer}/subscriptions/{}/upgrades", upper(id));
    Answer::ok(&Collection::whole(found.into_iter().map(shown).collect(), own))
}

pub(crate) async fn upgrade(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = params::found_subscription(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let with_licences = fields.word("upgradeType", &TYPES)?.unwrap_or(false);
    let wanted = UpgradeSubscription {
        customer,
        subscription: id,
        target: target(&fields)?,
        quantity: fields.whole("quantity")?,
        with_licences,
    };
    let done = subscription_upgrade(&call.ctx, call.world.db(), &Limits::NONE, wanted).await?;
    let mut result = UpgradeResult {
        source_subscription_id: upper(id),
        target_subscription_id: None,
        upgrade_type: if with_licences { WITH_LICENCES } else { UPGRADE_ONLY },
        upgrade_errors: Vec::new(),
        license_errors: Vec::new(),
        attributes: Attributes::of("UpgradeResult"),
    };
    match done {
        Upgraded::Done { target, licence_errors } => {
            result.target_subscription_id = Some(upper(target.id));
            result.license_errors = licence_errors.into_iter().map(UserLicenseError::of).collect();
        }
        Upgraded::Refused(obstacles) => {
            result.upgrade_errors = obstacles.into_iter().map(UpgradeError::of).collect();
        }
    }
    Answer::ok(&result)
}

/// Clients send the whole target back; its id is what counts.
fn target(fields: &Fields<'_>) -> Result<OfferId, Problem> {
    let offer = fields.object_or_empty("targetOffer")?;
    let id = offer.text("id")?.filter(|id| !id.trim().is_empty());
    Ok(OfferId::new(id.ok_or_else(|| Problem::missing(offer.path("id")))?.trim()))
}
