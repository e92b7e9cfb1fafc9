//! Service principals and what consent gave them, as Microsoft Graph shows them.

use crate::odata::Entity;
use serde_json::{Value, json};
use tenantry_directory::{AppRoleAssignment, PermissionGrant, ServicePrincipal};

/// The type's name.
pub(crate) const TYPE: &str = "servicePrincipal";

/// The properties service principals can be found by.
pub(crate) const FILTERS: &[&str] = &[
    "accountEnabled",
    "appId",
    "appOwnerOrganizationId",
    "displayName",
    "id",
    "servicePrincipalNames",
    "servicePrincipalType",
    "tags",
];

/// The properties grants can be found by.
pub(crate) const GRANT_FILTERS: &[&str] = &["clientId", "consentType", "id", "principalId", "resourceId"];

/// All of a service principal. Credentials are the application's; a member of a tenant has none of its own here.
pub(crate) fn service_principal(of: &ServicePrincipal) -> Entity {
    Entity::new()
        .with("id", of.id.to_string())
        .nulls(["deletedDateTime"])
        .with("accountEnabled", of.enabled)
        .empty_lists(["alternativeNames"])
        .with("appDisplayName", of.name.clone())
        .nulls(["appDescription"])
        .with("appId", of.app.to_string())
        .nulls(["applicationTemplateId"])
        .with("appOwnerOrganizationId", of.home.to_string())
        .with("appRoleAssignmentRequired", of.assignment_required)
        .with("createdDateTime", of.created_at.to_string())
        .nulls(["description", "disabledByMicrosoftStatus"])
        .with("displayName", of.name.clone())
        .with("homepage", json!(of.homepage))
        .nulls(["loginUrl", "logoutUrl", "notes"])
        .empty_lists(["notificationEmailAddresses"])
        .nulls(["preferredSingleSignOnMode", "preferredTokenSigningKeyThumbprint"])
        .with("replyUrls", json!(of.reply_urls))
        .with("servicePrincipalNames", json!(of.names))
        .with("servicePrincipalType", "Application")
        .with("signInAudience", Value::Null)
        .with("tags", json!(of.tags))
        .nulls(["tokenEncryptionKeyId", "samlSingleSignOnSettings"])
        .empty_lists(["addIns"])
        .with("appRoles", json!(of.app_roles))
        .empty_lists(["keyCredentials"])
        .with("oauth2PermissionScopes", json!(of.scopes))
        .empty_lists(["passwordCredentials"])
}

/// Delegated consent.
pub(crate) fn grant(of: &PermissionGrant) -> Entity {
    Entity::new()
        .with("id", of.id.to_string())
        .with("clientId", of.client.to_string())
        .with("consentType", of.given_to.name())
        .maybe("principalId", of.given_to.user().map(|user| user.to_string()))
        .with("resourceId", of.resource.to_string())
        .with("scope", of.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// A role of an API, given to somebody. The names are the principal's and the API's.
pub(crate) fn role_assignment(of: &AppRoleAssignment, principal: &str, resource: &str) -> Entity {
    Entity::new()
        .with("id", of.id.to_string())
        .nulls(["deletedDateTime"])
        .with("appRoleId", of.role.to_string())
        .with("createdDateTime", of.created_at.to_string())
        .with("principalDisplayName", principal)
        .with("principalId", of.principal.to_string())
        .with("principalType", of.kind.name())
        .with("resourceDisplayName", resource)
        .with("resourceId", of.resource.to_string())
}
