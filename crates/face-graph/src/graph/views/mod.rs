//! What things look like in Microsoft Graph: pure, from the directory's types to properties.
//!
//! Source: directory.md 3.2 and 3.4.

pub(crate) mod application;
pub(crate) mod domain;
pub(crate) mod gdap;
pub(crate) mod group;
pub(crate) mod licence;
pub(crate) mod organization;
pub(crate) mod service_principal;
pub(crate) mod user;

use crate::odata::Entity;

/// Says what kind of thing it is, in lists of several kinds: `#microsoft.graph.user`.
pub(crate) fn typed(entity: Entity, kind: &str) -> Entity {
    entity.headed("@odata.type", format!("#microsoft.graph.{kind}"))
}
