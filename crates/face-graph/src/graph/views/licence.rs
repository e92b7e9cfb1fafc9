//! Licences: what a tenant owns (`subscribedSku`), and what a user has of it.

use crate::odata::Entity;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tenantry_directory::{AssignedLicence, LicencePath, ServicePlan, SubscribedSku};

/// The licences of a user, each with the plans it goes without.
pub(crate) fn assigned(licences: &[AssignedLicence]) -> Value {
    licences.iter().map(|held| json!({"disabledPlans": held.disabled_plans, "skuId": held.product.id})).collect()
}

/// By which path a user has each licence.
pub(crate) fn states(licences: &[AssignedLicence]) -> Value {
    let of = |held: &AssignedLicence| {
        let (at, disabled, sku) = (held.assigned_at.to_string(), held.disabled_plans.clone(), held.product.id);
        let one = move |path: &LicencePath| {
            let group = match path {
                LicencePath::Direct => None,
                LicencePath::Group(group) => Some(group.to_string()),
            };
            json!({
                "assignedByGroup": group,
                "disabledPlans": disabled,
                "error": "None",
                "lastUpdatedDateTime": at,
                "skuId": sku,
                "state": "Active",
            })
        };
        held.paths.iter().map(one).collect::<Vec<_>>()
    };
    licences.iter().flat_map(of).collect()
}

/// The plans a user has. `service` is the plan's own name: the original's names of services are not published.
pub(crate) fn plans(licences: &[AssignedLicence]) -> Value {
    let of = |held: &AssignedLicence| {
        let (at, capability) = (held.assigned_at.to_string(), held.capability.name());
        let plan = move |plan: &ServicePlan| json!({"assignedDateTime": at, "capabilityStatus": capability, "service": plan.name, "servicePlanId": plan.id});
        held.plans().map(plan).collect::<Vec<_>>()
    };
    licences.iter().flat_map(of).collect()
}

/// The services that are set up for a user, each once.
pub(crate) fn provisioned(licences: &[AssignedLicence]) -> Value {
    let of = |held: &AssignedLicence| {
        let capability = held.capability.name();
        held.plans().map(|plan| (plan.name, capability)).collect::<Vec<_>>()
    };
    let services: BTreeSet<(&str, &str)> = licences.iter().flat_map(of).collect();
    let service = |(service, capability): (&str, &str)| json!({"capabilityStatus": capability, "provisioningStatus": "Success", "service": service});
    services.into_iter().map(service).collect()
}

/// A licence of a user with its plans: `licenseDetails`.
pub(crate) fn detail(held: &AssignedLicence) -> Entity {
    Entity::new()
        .with("id", held.product.id.to_string())
        .with("skuId", held.product.id.to_string())
        .with("skuPartNumber", held.product.part_number)
        .with("servicePlans", held.product.plans.iter().map(|plan| service_plan(plan, held)).collect::<Vec<_>>())
}

fn service_plan(plan: &ServicePlan, held: &AssignedLicence) -> Value {
    let status = if held.disabled_plans.contains(&plan.id) { "Disabled" } else { "Success" };
    json!({"appliesTo": "User", "provisioningStatus": status, "servicePlanId": plan.id, "servicePlanName": plan.name})
}

/// What a tenant has of a product. Its id is `{tenant}_{sku}`; `account` is the tenant's name.
pub(crate) fn subscribed(sku: &SubscribedSku, account: &str) -> Entity {
    let plan = |plan: &ServicePlan| {
        json!({
            "appliesTo": "User",
            "provisioningStatus": "Success",
            "servicePlanId": plan.id,
            "servicePlanName": plan.name,
        })
    };
    Entity::new()
        .with("id", format!("{}_{}", sku.tenant, sku.product.id))
        .with("accountId", sku.tenant.to_string())
        .with("accountName", account)
        .with("appliesTo", "User")
        .with("capabilityStatus", sku.capability.name())
        .with("consumedUnits", sku.consumed)
        .with(
            "prepaidUnits",
            json!({"enabled": sku.enabled, "lockedOut": 0, "suspended": sku.suspended, "warning": sku.warning}),
        )
        .with("servicePlans", sku.product.plans.iter().map(plan).collect::<Vec<_>>())
        .with("skuId", sku.product.id.to_string())
        .with("skuPartNumber", sku.product.part_number)
        .with("subscriptionIds", sku.subscriptions.iter().map(ToString::to_string).collect::<Vec<_>>())
}
