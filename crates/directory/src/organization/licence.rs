//! Licences: what a tenant has of a product, and what a user has of it.

use super::product_sku::{ProductSku, ServicePlan};
use std::collections::BTreeSet;
use tenantry_core::{ObjectId, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use uuid::Uuid;

/// What a seat subscription puts into the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenceUnits {
    /// The product.
    pub sku: Uuid,
    /// The seats; never negative.
    pub units: i64,
    /// `false` while the subscription is suspended: its units are there, and nobody gets one.
    pub active: bool,
}

/// What a tenant has of a product.
///
/// Source: directory.md 2.2 (subscribedSku).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribedSku {
    /// Whose.
    pub tenant: TenantId,
    /// The product with its plans.
    pub product: &'static ProductSku,
    /// How it stands.
    pub capability: Capability,
    /// Users that have one.
    pub consumed: i64,
    /// Units of active subscriptions.
    pub enabled: i64,
    /// Units of suspended subscriptions.
    pub suspended: i64,
    /// Licences in use beyond the enabled units, because seats were taken away under them.
    pub warning: i64,
    /// The subscriptions behind it.
    pub subscriptions: Vec<SubscriptionId>,
}

/// How a product of a tenant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// In use.
    Enabled,
    /// More licences are in use than there are seats. Nobody loses one; nobody gets one.
    Warning,
    /// All its subscriptions are suspended: who has a licence keeps it, and cannot use it.
    Suspended,
}

impl Capability {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Warning => "Warning",
            Self::Suspended => "Suspended",
        }
    }
}

impl SubscribedSku {
    /// The numbers put together. `parts` are the units of the subscriptions behind it.
    pub(super) fn of(
        tenant: TenantId,
        product: &'static ProductSku,
        parts: &[(SubscriptionId, LicenceUnits)],
        consumed: i64,
    ) -> Self {
        let sum =
            |active: bool| parts.iter().filter(|(_, part)| part.active == active).map(|(_, part)| part.units).sum();
        let (enabled, suspended): (i64, i64) = (sum(true), sum(false));
        let any_active = parts.iter().any(|(_, part)| part.active);
        let capability = match (any_active, consumed > enabled) {
            (false, _) => Capability::Suspended,
            (true, true) => Capability::Warning,
            (true, false) => Capability::Enabled,
        };
        let warning = if capability == Capability::Warning { consumed - enabled } else { 0 };
        let subscriptions = parts.iter().map(|(id, _)| *id).collect();
        Self { tenant, product, capability, consumed, enabled, suspended, warning, subscriptions }
    }
}

/// The path a licence comes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LicencePath {
    /// Given to the user.
    Direct,
    /// Given to a group the user is in.
    Group(ObjectId),
}

const DIRECT: &str = "direct";

impl LicencePath {
    /// As stored.
    pub(super) fn stored(self) -> String {
        match self {
            Self::Direct => DIRECT.to_owned(),
            Self::Group(group) => group.to_string(),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == DIRECT {
            return Ok(Self::Direct);
        }
        ObjectId::parse(text).map(Self::Group).map_err(|error| error.to_string())
    }
}

/// A licence of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedLicence {
    /// The product.
    pub product: &'static ProductSku,
    /// Whether its units are enabled; those of a suspended product stay, and cannot be used.
    pub capability: Capability,
    /// The plans the user is without: those that every path of the licence switches off.
    pub disabled_plans: BTreeSet<Uuid>,
    /// The paths it comes by. Several use one unit.
    pub paths: Vec<LicencePath>,
    /// When the first of them gave it.
    pub assigned_at: Timestamp,
}

impl AssignedLicence {
    /// The plans the user has.
    pub fn plans(&self) -> impl Iterator<Item = &'static ServicePlan> {
        self.product.plans.iter().filter(|plan| !self.disabled_plans.contains(&plan.id))
    }
}

/// The plans to be switched off, if the product has them all.
///
/// # Errors
/// `InvalidField` on `disabledPlans`, naming the first it does not have.
pub(super) fn checked_plans(product: &ProductSku, plans: &BTreeSet<Uuid>) -> Result<(), Problem> {
    match plans.iter().find(|plan| product.plan(**plan).is_none()) {
        None => Ok(()),
        Some(plan) => {
            let message = format!("{plan} is no service plan of {}; leave it out", product.part_number);
            Err(Problem::invalid("disabledPlans", message))
        }
    }
}

/// The refusal for a product the tenant does not have.
pub(super) fn no_sku(sku: Uuid) -> Problem {
    let name = ProductSku::find(sku).map_or_else(|| sku.to_string(), |product| product.part_number.to_owned());
    let message = format!("the tenant has no licences of {name}; order a subscription of it first");
    Problem::new(Reason::SkuNotFound, message).at("skuId")
}

/// The refusal when all units are in use.
pub(super) fn exhausted(owned: &SubscribedSku) -> Problem {
    let (name, enabled, consumed) = (owned.product.part_number, owned.enabled, owned.consumed);
    let message = match owned.capability {
        Capability::Suspended => {
            format!("the subscriptions of {name} are suspended; reactivate one before giving out licences")
        }
        Capability::Enabled | Capability::Warning => format!(
            "no licence of {name} is left: {consumed} of {enabled} are in use; take one from another user or add seats"
        ),
    };
    Problem::new(Reason::LicencesExhausted, message).at("skuId")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: i64, active: bool) -> (SubscriptionId, LicenceUnits) {
        let product = &super::super::PRODUCTS[0];
        (SubscriptionId::new(Uuid::nil()), LicenceUnits { sku: product.id, units, active })
    }

    #[test]
    fn the_state_of_a_product_follows_its_subscriptions() {
        use Capability::{Enabled, Suspended, Warning};
        for (parts, consumed, expected) in [
            (vec![units(5, true)], 0, (Enabled, 5, 0, 0)),
            (vec![units(5, true)], 5, (Enabled, 5, 0, 0)),
            (vec![units(3, true)], 5, (Warning, 3, 0, 2)),
            (vec![units(3, true), units(2, true)], 5, (Enabled, 5, 0, 0)),
            (vec![units(3, true), units(9, false)], 5, (Warning, 3, 9, 2)),
            (vec![units(5, false)], 5, (Suspended, 0, 5, 0)),
            (vec![units(5, false)], 0, (Suspended, 0, 5, 0)),
        ] {
            let seen = SubscribedSku::of(TenantId::new(Uuid::nil()), &super::super::PRODUCTS[0], &parts, consumed);
            assert_eq!((seen.capability, seen.enabled, seen.suspended, seen.warning), expected, "{parts:?} {consumed}");
            assert!(seen.warning >= 0);
        }
    }
}
