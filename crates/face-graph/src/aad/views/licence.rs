//! Licences: what a tenant owns (`subscribedSku`), and what a user has of it.

use crate::odata::Entity;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenantry_directory::{AssignedLicence, SubscribedSku};

/// The licences of a user, each with the plans it goes without.
pub(crate) fn assigned(licences: &[AssignedLicence]) -> Value {
    licences.iter().map(|held| json!({"disabledPlans": held.disabled_plans, "skuId": held.product.id})).collect()
}

/// The plans a user has. `service` is the plan's own name: the original's names of services are not published.
pub(crate) fn plans(licences: &[AssignedLicence]) -> Value {
    let of = |held: &AssignedLicence| {
        let (at, capability) = (held.assigned_at.to_string(), held.capability.name());
        let plan = move |plan: &tenantry_directory::ServicePlan| json!({"assignedTimestamp": at, "capabilityStatus": capability, "service": plan.name, "servicePlanId": plan.id});
        held.plans().map(plan).collect::<Vec<_>>()
    };
    licences.iter().flat_map(of).collect()
}

/// The services that are set up for a user, each once.
pub(crate) fn provisioned(licences: &[AssignedLicence]) -> Value {
    let services: BTreeSet<(&str, &str)> =
        licences.iter().flat_map(|held| held.plans().map(|plan| (plan.name, held.capability.name()))).collect();
    let service = |(service, capability): (&str, &str)| json!({"capabilityStatus": capability, "provisioningStatus": "Success", "service": service});
    services.into_iter().map(service).collect()
}

/// What a tenant has of a product. Its id is `{tenant}_{sku}`.
pub(crate) fn subscribed(sku: &SubscribedSku) -> Entity {
    let plan = |plan: &tenantry_directory::ServicePlan| {
        json!({
            "appliesTo": "User",
            "provisioningStatus": "Success",
            "servicePlanId": plan.id,
            "servicePlanName": plan.name,
        })
    };
    Entity::new()
        .with("appliesTo", "User")
        .with("capabilityStatus", sku.capability.name())
        .with("consumedUnits", sku.consumed)
        .with("objectId", format!("{}_{}", sku.tenant, sku.product.id))
        .with("prepaidUnits", json!({"enabled": sku.enabled, "suspended": sku.suspended, "warning": sku.warning}))
        .with("servicePlans", sku.product.plans.iter().map(plan).collect::<Vec<_>>())
        .with("skuId", sku.product.id.to_string())
        .with("skuPartNumber", sku.product.part_number)
}
