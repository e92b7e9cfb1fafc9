//! Groups and directory roles, as Azure AD Graph shows them.

use crate::odata::Entity;
use serde_json::Value;
use tenantry_core::DirectoryRole;
use tenantry_directory::Group;

/// The type's name.
pub(crate) const TYPE: &str = "Group";

/// The type of directory roles. Old clients know them as `Role`.
pub(crate) const ROLE: &str = "DirectoryRole";

/// The properties groups can be found by.
pub(crate) const FILTERS: &[&str] =
    &["displayName", "mail", "mailEnabled", "mailNickname", "objectId", "proxyAddresses", "securityEnabled"];

/// All of a group.
pub(crate) fn group(group: &Group) -> Entity {
    super::object(TYPE, TYPE, group.id, None)
        .with("description", group.description.clone().map_or(Value::Null, Value::from))
        .nulls(["dirSyncEnabled"])
        .with("displayName", group.display_name.clone())
        .nulls(["lastDirSyncTime", "mail"])
        .with("mailEnabled", group.mail_enabled)
        .with("mailNickname", group.mail_nickname.clone())
        .nulls([
            "onPremisesDomainName",
            "onPremisesNetBiosName",
            "onPremisesSamAccountName",
            "onPremisesSecurityIdentifier",
        ])
        .empty_lists(["provisioningErrors", "proxyAddresses"])
        .with("securityEnabled", group.security_enabled)
}

/// A directory role that is activated in the tenant. One has another name here than in the portal.
pub(crate) fn role(id: impl std::fmt::Display, role: DirectoryRole) -> Entity {
    super::object(ROLE, "Role", id, None)
        .with("description", role.purpose())
        .with("displayName", role_name(role))
        .with("isSystem", true)
        .with("roleDisabled", false)
        .with("roleTemplateId", role.template().to_string())
}

/// The template of a directory role.
pub(crate) fn template(role: DirectoryRole) -> Entity {
    super::object("DirectoryRoleTemplate", "RoleTemplate", role.template(), None)
        .with("description", role.purpose())
        .with("displayName", role_name(role))
}

/// The name of a role in this API (directory.md 3.4).
fn role_name(role: DirectoryRole) -> &'static str {
    match role {
        DirectoryRole::GlobalAdmin => "Company Administrator",
        other => other.name(),
    }
}
