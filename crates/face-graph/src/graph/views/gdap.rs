//! Granular delegated administration: relationships, what was asked of them, and which group holds what.
//!
//! Source: directory.md 3.4.

use super::typed;
use crate::odata::Entity;
use serde_json::{Value, json};
use tenantry_core::{DirectoryRole, Problem, Reason, Timestamp};
use tenantry_directory::{
    AccessAssignment, Relationship, RelationshipCustomer, RelationshipOperation, RelationshipRequest,
};

/// The properties relationships can be found by.
pub(crate) const FILTERS: &[&str] = &["createdDateTime", "customer", "displayName", "endDateTime", "id", "status"];

/// The ETag of a version: `W/"id-3"`, base64 in the original and opaque to clients in both.
pub(crate) fn etag(id: impl std::fmt::Display, version: i64) -> String {
    format!("W/\"{id}-{version}\"")
}

/// The version an `If-Match` names. None, a star or a tag of another thing is refused as a stale one is: the original
/// wants to be told which version is changed.
pub(crate) fn seen(if_match: Option<&str>, id: impl std::fmt::Display) -> Result<i64, Problem> {
    let version = if_match.and_then(|tag| {
        let inside = tag.trim().trim_start_matches("W/").trim_matches('"');
        inside.strip_prefix(&format!("{id}-"))?.parse().ok()
    });
    version.ok_or_else(|| {
        let message = "If-Match must carry the @odata.etag that was read with the object; read it again";
        Problem::new(Reason::Stale, message).at("If-Match")
    })
}

/// The roles of an access, as both relationships and assignments write them.
fn access(roles: &[DirectoryRole]) -> Value {
    let role = |role: &DirectoryRole| json!({"roleDefinitionId": role.template()});
    json!({"unifiedRoles": roles.iter().map(role).collect::<Vec<_>>()})
}

fn at(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, |time| Value::from(time.to_string()))
}

/// A relationship.
pub(crate) fn relationship(of: &Relationship) -> Entity {
    let customer = of.customer.as_ref();
    let customer = customer.map(|of| json!({"tenantId": of.tenant.to_string(), "displayName": of.display_name}));
    let entity = Entity::new()
        .with("@odata.etag", etag(&of.id, of.version))
        .with("id", of.id.clone())
        .with("displayName", of.display_name.clone())
        .with("duration", of.duration.as_str())
        .with("autoExtendDuration", of.auto_extend.as_str())
        .with("customer", customer.unwrap_or(Value::Null))
        .with("accessDetails", access(&of.roles))
        .with("status", of.status.name())
        .with("createdDateTime", of.created_at.to_string())
        .with("lastModifiedDateTime", of.changed_at.to_string())
        .with("activatedDateTime", at(of.activated_at))
        .with("endDateTime", at(of.ends_at));
    typed(entity, "delegatedAdminRelationship")
}

/// What was asked of a relationship.
pub(crate) fn request(of: &RelationshipRequest) -> Entity {
    let entity = Entity::new()
        .with("id", of.id.to_string())
        .with("action", of.action.name())
        .with("status", of.status.name())
        .with("createdDateTime", of.created_at.to_string())
        .with("lastModifiedDateTime", of.changed_at.to_string());
    typed(entity, "delegatedAdminRelationshipRequest")
}

/// Which group of the partner holds which roles.
pub(crate) fn assignment(of: &AccessAssignment) -> Entity {
    let container = json!({"accessContainerId": of.group.to_string(), "accessContainerType": "securityGroup"});
    let entity = Entity::new()
        .with("@odata.etag", etag(of.id, of.version))
        .with("id", of.id.to_string())
        .with("status", of.status.name())
        .with("createdDateTime", of.created_at.to_string())
        .with("lastModifiedDateTime", of.changed_at.to_string())
        .with("accessContainer", container)
        .with("accessDetails", access(&of.roles));
    typed(entity, "delegatedAdminAccessAssignment")
}

/// What a client waits for after a change.
pub(crate) fn operation(of: &RelationshipOperation) -> Entity {
    let entity = Entity::new()
        .with("id", of.id.to_string())
        .with("operationType", RelationshipOperation::KIND)
        .with("data", of.data.clone())
        .with("status", of.status.name())
        .with("createdDateTime", of.created_at.to_string())
        .with("lastModifiedDateTime", of.changed_at.to_string());
    typed(entity, "delegatedAdminRelationshipOperation")
}

/// A customer with whom there is at least one relationship.
pub(crate) fn customer(of: &RelationshipCustomer) -> Entity {
    let id = of.tenant.to_string();
    let entity = Entity::new().with("id", id.clone()).with("tenantId", id).with("displayName", of.display_name.clone());
    typed(entity, "delegatedAdminCustomer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_version_of_one_thing() {
        for (tag, version) in [
            (Some("W/\"a-b-7\""), Some(7)),
            (Some(" \"a-b-7\" "), Some(7)),
            (Some("a-b-7"), Some(7)),
            (Some("W/\"a-c-7\""), None),
            (Some("W/\"a-b-\""), None),
            (Some("*"), None),
            (Some(""), None),
            (None, None),
        ] {
            assert_eq!(seen(tag, "a-b").ok(), version, "{tag:?}");
        }
        assert_eq!(seen(Some(&etag("a-b", 12)), "a-b").ok(), Some(12));
    }
}
