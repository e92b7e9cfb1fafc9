//! What things look like in Azure AD Graph: pure, from the directory's types to properties. Every property of the
//! documentation is there, null or empty where this directory has nothing to say, because clients read them unasked.
//!
//! Source: directory.md 2.2.

pub(crate) mod application;
pub(crate) mod contract;
pub(crate) mod domain;
pub(crate) mod group;
pub(crate) mod licence;
pub(crate) mod organization;
pub(crate) mod service_principal;
pub(crate) mod user;

use crate::odata::Entity;
use tenantry_core::Timestamp;

/// What precedes the name of a type.
pub(crate) const NAMESPACE: &str = "Microsoft.DirectoryServices";

/// The beginning of a directory object: its type, what old clients call its type, its id, and when it was deleted.
pub(crate) fn object(
    kind: &'static str,
    object_type: &'static str,
    id: impl std::fmt::Display,
    deleted: Option<Timestamp>,
) -> Entity {
    Entity::new()
        .with("odata.type", format!("{NAMESPACE}.{kind}"))
        .with("objectType", object_type)
        .with("objectId", id.to_string())
        .maybe("deletionTimestamp", deleted.map(|at| at.to_string()))
}
