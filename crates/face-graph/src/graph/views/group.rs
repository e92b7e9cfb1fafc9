//! Groups and directory roles, as Microsoft Graph shows them.

use crate::odata::Entity;
use serde_json::Value;
use tenantry_core::DirectoryRole;
use tenantry_directory::{ActivatedRole, Group};

/// The type's name.
pub(crate) const TYPE: &str = "group";

/// The type of directory roles.
pub(crate) const ROLE: &str = "directoryRole";

/// The properties groups can be found by.
pub(crate) const FILTERS: &[&str] = &[
    "createdDateTime",
    "displayName",
    "groupTypes",
    "id",
    "mail",
    "mailEnabled",
    "mailNickname",
    "proxyAddresses",
    "securityEnabled",
];

/// All of a group.
pub(crate) fn group(group: &Group) -> Entity {
    let created = group.created_at.to_string();
    Entity::new()
        .with("id", group.id.to_string())
        .nulls(["deletedDateTime", "classification"])
        .with("createdDateTime", created.clone())
        .empty_lists(["creationOptions"])
        .with("description", group.description.clone().map_or(Value::Null, Value::from))
        .with("displayName", group.display_name.clone())
        .nulls(["expirationDateTime"])
        .empty_lists(["groupTypes"])
        .nulls(["isAssignableToRole", "mail"])
        .with("mailEnabled", group.mail_enabled)
        .with("mailNickname", group.mail_nickname.clone())
        .nulls(["membershipRule", "membershipRuleProcessingState", "onPremisesDomainName"])
        .nulls(["onPremisesLastSyncDateTime", "onPremisesNetBiosName"])
        .empty_lists(["onPremisesProvisioningErrors"])
        .nulls(["onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled"])
        .nulls(["preferredDataLocation", "preferredLanguage"])
        .empty_lists(["proxyAddresses"])
        .with("renewedDateTime", created)
        .empty_lists(["resourceBehaviorOptions", "resourceProvisioningOptions"])
        .with("securityEnabled", group.security_enabled)
        .nulls(["theme", "visibility"])
}

/// A directory role that is activated in the tenant.
pub(crate) fn role(role: &ActivatedRole) -> Entity {
    named(role.id.to_string(), role.role).with("roleTemplateId", role.role.template().to_string())
}

/// The template of a directory role.
pub(crate) fn template(role: DirectoryRole) -> Entity {
    named(role.template().to_string(), role)
}

fn named(id: String, role: DirectoryRole) -> Entity {
    Entity::new()
        .with("id", id)
        .nulls(["deletedDateTime"])
        .with("description", role.purpose())
        .with("displayName", role.name())
}

/// The definition of a directory role, as role management shows it.
pub(crate) fn definition(role: DirectoryRole) -> Entity {
    let template = role.template().to_string();
    Entity::new()
        .with("id", template.clone())
        .with("description", role.purpose())
        .with("displayName", role.name())
        .with("isBuiltIn", true)
        .with("isEnabled", true)
        .with("resourceScopes", vec!["/"])
        .with("templateId", template)
        .with("version", "1")
        .empty_lists(["rolePermissions"])
}
