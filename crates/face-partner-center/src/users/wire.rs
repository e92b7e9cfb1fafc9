//! Users, roles and licences on the wire (partner-center-v1.md 3.2, 9.5).

use crate::wire::input::Fields;
use crate::wire::words::Words;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_core::{DirectoryRole, Problem, Secret, TenantId};
use tenantry_directory::{
    AssignedLicence, Capability, NewPassword, ProductSku, ProfileChange, ServicePlan, SubscribedSku, User,
};
use uuid::Uuid;

/// Whether a user is there; a deleted one is inactive until it is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Inactive,
}

pub(super) const STATES: Words<State> = Words(&[("active", State::Active), ("inactive", State::Inactive)]);

/// A user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_location: Option<String>,
    id: String,
    user_principal_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    immutable_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_profile: Option<PasswordProfile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// Federation is not offered, so every domain keeps its own passwords.
    user_domain_type: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    soft_deletion_time: Option<String>,
    links: Links,
    attributes: Attributes,
}

impl CustomerUser {
    pub(super) fn of(user: User) -> Self {
        let (tenant, id, profile) = (user.tenant, user.id, user.profile);
        Self {
            usage_location: profile.usage_location,
            id: id.to_string(),
            user_principal_name: user.name,
            first_name: profile.given_name,
            last_name: profile.surname,
            display_name: profile.display_name,
            immutable_id: profile.immutable_id,
            password_profile: None,
            phone_number: profile.telephone_number,
            user_domain_type: "managed",
            state: if user.deleted_at.is_some() { "inactive" } else { "active" },
            soft_deletion_time: user.deleted_at.map(|at| at.to_string()),
            links: Links::to_self(format!("/customers/{tenant}/users/{id}")),
            attributes: Attributes::of("CustomerUser"),
        }
    }

    /// With the password it was just given: only the answer to whoever gave it has it.
    pub(super) fn with_password(user: User, password: &NewPassword) -> Self {
        let profile = PasswordProfile {
            force_change_password: password.change_at_sign_in,
            password: password.password.reveal().to_owned(),
        };
        Self { password_profile: Some(profile), ..Self::of(user) }
    }
}

/// How somebody signs in for the first time.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasswordProfile {
    force_change_password: bool,
    password: String,
}

impl std::fmt::Debug for PasswordProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordProfile")
    }
}

/// The password of a body, if it has one. An empty one is none: a client that sends the whole user sends it so.
pub(super) fn read_password(body: &Fields<'_>) -> Result<Option<NewPassword>, Problem> {
    let Some(profile) = body.object("passwordProfile")? else { return Ok(None) };
    let Some(password) = profile.text("password")?.filter(|password| !password.is_empty()) else { return Ok(None) };
    let change_at_sign_in = profile.flag("forceChangePassword")?.unwrap_or(true);
    Ok(Some(NewPassword { password: Secret::new(password), change_at_sign_in }))
}

/// What a body says about a person. What is absent stays as it is; what is empty goes.
pub(super) fn read_profile(body: &Fields<'_>) -> Result<ProfileChange, Problem> {
    let text = |name: &str| -> Result<Option<Option<String>>, Problem> {
        Ok(body.text(name)?.map(|text| Some(text).filter(|text| !text.trim().is_empty())))
    };
    Ok(ProfileChange {
        display_name: body.text("displayName")?,
        given_name: text("firstName")?,
        surname: text("lastName")?,
        usage_location: text("usageLocation")?,
        immutable_id: text("immutableId")?,
        telephone_number: text("phoneNumber")?,
        ..ProfileChange::default()
    })
}

/// A directory role. Its id is that of the template, which is the same in every tenant, as recorded.
#[derive(Debug, Serialize)]
pub(super) struct Role {
    id: String,
    name: &'static str,
    attributes: Attributes,
}

impl Role {
    pub(super) fn of(role: DirectoryRole) -> Self {
        Self { id: role.template().to_string(), name: role.name(), attributes: Attributes::of("DirectoryRole") }
    }
}

/// Somebody who holds a role.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserMember {
    display_name: String,
    user_principal_name: String,
    role_id: String,
    id: String,
    attributes: Attributes,
}

impl UserMember {
    /// `role` is the id under which the role was asked for.
    pub(crate) fn of(user: User, role: Uuid) -> Self {
        Self {
            display_name: user.profile.display_name,
            user_principal_name: user.name,
            role_id: role.to_string(),
            id: user.id.to_string(),
            attributes: Attributes::of("UserMember"),
        }
    }
}

/// A licence product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sku {
    id: String,
    name: &'static str,
    sku_part_number: &'static str,
    target_type: &'static str,
    license_group_id: &'static str,
}

impl Sku {
    fn of(product: &'static ProductSku) -> Self {
        Self {
            id: product.id.to_string(),
            name: product.name,
            sku_part_number: product.part_number,
            target_type: "User",
            license_group_id: GROUP_1,
        }
    }
}

/// The group of licences of the directory's own products. The other (`group2`) is of products sold elsewhere.
pub(super) const GROUP_1: &str = "group1";

/// A part of a product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    display_name: &'static str,
    service_name: &'static str,
    id: String,
    capability_status: &'static str,
    target_type: &'static str,
}

impl Plan {
    fn of(plan: &'static ServicePlan, capability_status: &'static str) -> Self {
        Self {
            display_name: plan.display_name,
            service_name: plan.name,
            id: plan.id.to_string(),
            capability_status,
            target_type: "User",
        }
    }
}

/// What a customer has of a product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subscribed {
    available_units: i64,
    active_units: i64,
    consumed_units: i64,
    suspended_units: i64,
    total_units: i64,
    warning_units: i64,
    product_sku: Sku,
    service_plans: Vec<Plan>,
    capability_status: &'static str,
    attributes: Attributes,
}

impl Subscribed {
    /// The total is what may be used: active units and those in use beyond them.
    pub(super) fn of(sku: &SubscribedSku) -> Self {
        let total = sku.enabled + sku.warning;
        let plans = sku.product.plans.iter();
        let plan_state = if sku.capability == Capability::Suspended { "Suspended" } else { "Enabled" };
        Self {
            available_units: total - sku.consumed,
            active_units: sku.enabled,
            consumed_units: sku.consumed,
            suspended_units: sku.suspended,
            total_units: total,
            warning_units: sku.warning,
            product_sku: Sku::of(sku.product),
            service_plans: plans.map(|plan| Plan::of(plan, plan_state)).collect(),
            capability_status: sku.capability.name(),
            attributes: Attributes::of("SubscribedSku"),
        }
    }
}

/// A licence of a user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct License {
    service_plans: Vec<Plan>,
    product_sku: Sku,
    attributes: Attributes,
}

impl License {
    pub(super) fn of(licence: &AssignedLicence) -> Self {
        let plan = |plan: &'static ServicePlan| {
            let without = licence.disabled_plans.contains(&plan.id);
            Plan::of(plan, if without { "Unassigned" } else { "Assigned" })
        };
        Self {
            service_plans: licence.product.plans.iter().map(plan).collect(),
            product_sku: Sku::of(licence.product),
            attributes: Attributes::of("License"),
        }
    }
}

/// The link of a list below a customer.
pub(super) fn below(customer: TenantId, rest: &str) -> String {
    format!("/customers/{customer}/{rest}")
}
