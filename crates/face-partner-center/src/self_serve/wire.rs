//! A self-serve policy on the wire. The tenants' member is literally `tenantID` (partner-center-v1.md 1.5, 3.16).

use crate::wire::Attributes;
use crate::wire::input::Fields;
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_commerce::{SelfServePermission, SelfServePolicyId};
use tenantry_core::{Problem, Reason, TenantId};
use uuid::Uuid;

const ENTITIES: Words<()> = Words(&[("customer", ())]);
const GRANTORS: Words<()> = Words(&[("billToPartner", ())]);
const RESOURCES: Words<()> = Words(&[("AzureReservedInstances", ())]);
const ACTIONS: Words<()> = Words(&[("Purchase", ())]);

/// A policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SelfServePolicy {
    id: String,
    self_serve_entity: SelfServeEntity,
    grantor: Grantor,
    permissions: Vec<Permission>,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SelfServeEntity {
    self_serve_entity_type: &'static str,
    #[serde(rename = "tenantID")]
    tenant: TenantId,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Grantor {
    grantor_type: &'static str,
    #[serde(rename = "tenantID")]
    tenant: TenantId,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
struct Permission {
    resource: &'static str,
    action: &'static str,
    attributes: Attributes,
}

impl SelfServePolicy {
    pub(super) fn of(policy: commerce::SelfServePolicy) -> Self {
        let permission = |permission: &SelfServePermission| {
            let (resource, action) = match permission {
                SelfServePermission::PurchaseReservations => ("AzureReservedInstances", "Purchase"),
            };
            Permission { resource, action, attributes: Attributes::of("Permission") }
        };
        Self {
            id: policy.id.to_string(),
            self_serve_entity: SelfServeEntity {
                self_serve_entity_type: "customer",
                tenant: policy.id.entity,
                attributes: Attributes::of("SelfServeEntity"),
            },
            grantor: Grantor {
                grantor_type: "billToPartner",
                tenant: policy.id.grantor,
                attributes: Attributes::of("Grantor"),
            },
            permissions: policy.permissions.iter().map(permission).collect(),
            // The quotes are part of the text (2.13).
            attributes: Attributes::versioned("SelfServePolicy", format!("\"{}\"", policy.etag)),
        }
    }
}

/// An id in a path or a body. One that cannot be is incorrect, which has a code of its own (600040).
pub(super) fn id(text: &str) -> Result<SelfServePolicyId, Problem> {
    SelfServePolicyId::parse(text.trim()).map_err(incorrect)
}

/// The refusal of an id that is none, or another's.
pub(super) fn incorrect(said: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("id: {said}")).at("id")
}

/// Who lets whom, as a body says it: the caller, if it names no grantor.
pub(super) fn parties(fields: &Fields<'_>, caller: TenantId) -> Result<SelfServePolicyId, Problem> {
    let entity = fields.object_or_empty("selfServeEntity")?;
    let grantor = fields.object_or_empty("grantor")?;
    entity.word("selfServeEntityType", &ENTITIES)?;
    grantor.word("grantorType", &GRANTORS)?;
    Ok(SelfServePolicyId {
        entity: tenant(&entity)?.ok_or_else(|| Problem::missing(entity.path("tenantID")))?,
        grantor: tenant(&grantor)?.unwrap_or(caller),
    })
}

fn tenant(fields: &Fields<'_>) -> Result<Option<TenantId>, Problem> {
    let text = fields.text("tenantID")?.filter(|text| !text.trim().is_empty());
    let parse = |text: String| TenantId::parse(text.trim());
    text.map(parse).transpose().map_err(|error| Problem::invalid(fields.path("tenantID"), error))
}

/// What the customer may do: a list, or one object, which some samples show (2.13 row 168).
pub(super) fn permissions(fields: &Fields<'_>) -> Result<Vec<SelfServePermission>, Problem> {
    const NAME: &str = "permissions";
    let listed = fields.list(NAME).or_else(|refused| match fields.object(NAME) {
        Ok(Some(one)) => Ok(vec![one]),
        Ok(None) | Err(_) => Err(refused),
    })?;
    listed.iter().map(permission).collect()
}

fn permission(fields: &Fields<'_>) -> Result<SelfServePermission, Problem> {
    for (name, words) in [("resource", &RESOURCES), ("action", &ACTIONS)] {
        fields.word(name, words)?.ok_or_else(|| Problem::missing(fields.path(name)))?;
    }
    Ok(SelfServePermission::PurchaseReservations)
}

/// The version in an ETag, with or without its quotes.
pub(super) fn version(etag: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(etag.trim().trim_matches('"')).map_err(|_| {
        let message = "etag: this is no ETag of a policy; read the policy again and send the one it has now";
        Problem::new(Reason::Stale, message).at("attributes.etag")
    })
}
