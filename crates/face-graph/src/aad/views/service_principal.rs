//! A service principal, and what consent gave it, as Azure AD Graph shows them.

use super::application::{roles, scopes};
use crate::odata::Entity;
use serde_json::{Value, json};
use tenantry_core::Timestamp;
use tenantry_directory::{AppRoleAssignment, PermissionGrant, ServicePrincipal};

/// The type's name.
pub(crate) const TYPE: &str = "ServicePrincipal";

/// The properties service principals can be found by.
pub(crate) const FILTERS: &[&str] = &[
    "accountEnabled",
    "appId",
    "appOwnerTenantId",
    "displayName",
    "objectId",
    "publisherName",
    "servicePrincipalNames",
    "servicePrincipalType",
    "tags",
];

/// The properties grants can be found by.
pub(crate) const GRANT_FILTERS: &[&str] = &["clientId", "consentType", "objectId", "principalId", "resourceId"];

/// All of a service principal. Credentials are the application's; a member of a tenant has none of its own here.
pub(crate) fn service_principal(of: &ServicePrincipal) -> Entity {
    super::object(TYPE, TYPE, of.id, None)
        .with("accountEnabled", of.enabled)
        .empty_lists(["addIns", "alternativeNames"])
        .with("appDisplayName", of.name.clone())
        .with("appId", of.app.to_string())
        .nulls(["applicationTemplateId"])
        .with("appOwnerTenantId", of.home.to_string())
        .with("appRoleAssignmentRequired", of.assignment_required)
        .with("appRoles", roles(&of.app_roles))
        .with("displayName", of.name.clone())
        .nulls(["errorUrl"])
        .with("homepage", json!(of.homepage))
        .nulls(["informationalUrls"])
        .empty_lists(["keyCredentials"])
        .nulls(["logoutUrl"])
        .empty_lists(["notificationEmailAddresses"])
        .with("oauth2Permissions", scopes(&of.scopes))
        .empty_lists(["passwordCredentials"])
        .nulls(["preferredSingleSignOnMode", "preferredTokenSigningKeyEndDateTime"])
        .nulls(["preferredTokenSigningKeyThumbprint", "publisherName"])
        .with("replyUrls", json!(of.reply_urls))
        .nulls(["samlMetadataUrl", "samlSingleSignOnSettings"])
        .with("servicePrincipalNames", json!(of.names))
        .with("servicePrincipalType", "Application")
        .with("signInAudience", Value::Null)
        .with("tags", json!(of.tags))
        .nulls(["tokenEncryptionKeyId"])
}

/// Delegated consent. It has no end; the original's has one that means nothing.
pub(crate) fn grant(of: &PermissionGrant) -> Entity {
    Entity::new()
        .with("clientId", of.client.to_string())
        .with("consentType", of.given_to.name())
        .with("expiryTime", FAR.to_string())
        .with("objectId", of.id.to_string())
        .maybe("principalId", of.given_to.user().map(|user| user.to_string()))
        .with("resourceId", of.resource.to_string())
        .with("scope", of.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
        .with("startTime", of.created_at.to_string())
}

/// 9999-12-31T23:59:59Z.
const FAR: Timestamp = Timestamp::from_seconds(253_402_300_799);

/// A role of an API, given to somebody. The names are the principal's and the API's.
pub(crate) fn role_assignment(of: &AppRoleAssignment, principal: &str, resource: &str) -> Entity {
    super::object("AppRoleAssignment", "AppRoleAssignment", of.id, None)
        .with("creationTimestamp", of.created_at.to_string())
        .with("id", of.role.to_string())
        .with("principalDisplayName", principal)
        .with("principalId", of.principal.to_string())
        .with("principalType", of.kind.name())
        .with("resourceDisplayName", resource)
        .with("resourceId", of.resource.to_string())
}
