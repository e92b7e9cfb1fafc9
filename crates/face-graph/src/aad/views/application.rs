//! An application, its permissions and its credentials, as Azure AD Graph shows them.

use crate::odata::Entity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tenantry_directory::{AccessKind, AppRole, Application, Certificate, RequiredAccess, Scope, SecretEntry};

/// The type's name.
pub(crate) const TYPE: &str = "Application";

/// The properties applications can be found by.
pub(crate) const FILTERS: &[&str] =
    &["appId", "availableToOtherTenants", "displayName", "homepage", "identifierUris", "objectId", "publicClient"];

/// The property certificates are in.
pub(crate) const KEYS: &str = "keyCredentials";

/// The property secrets are in.
pub(crate) const SECRETS: &str = "passwordCredentials";

/// The word for an application whose customers need not be asked (directory.md part 4).
pub(crate) const SILENT: &str = "SilentConsentForPartnerManagedApp";

/// All of an application but its credentials, which are kept elsewhere and put in where they are shown.
pub(crate) fn application(app: &Application) -> Entity {
    let audience = if app.multi_tenant { "AzureADMultipleOrgs" } else { "AzureADMyOrg" };
    // One list here; clients that cannot keep a secret have the whole application to themselves.
    let replies: Vec<&String> = app.reply_urls.iter().chain(&app.public_reply_urls).collect();
    let silent = app.silent_consent_for_partner_managed_app.then_some(SILENT);
    super::object(TYPE, TYPE, app.id, app.deleted_at)
        .with("acceptMappedClaims", Value::Null)
        .empty_lists(["addIns"])
        .with("appId", app.app.to_string())
        .with("appRoles", roles(&app.app_roles))
        .with("availableToOtherTenants", app.multi_tenant)
        .with("displayName", app.name.clone())
        .nulls(["errorUrl"])
        .with("groupMembershipClaims", json!(app.group_membership_claims))
        .with("homepage", json!(app.homepage))
        .with("identifierUris", json!(app.identifier_uris))
        .nulls(["informationalUrls", "isDeviceOnlyAuthSupported"])
        .empty_lists([KEYS])
        .with("knownClientApplications", app.known_clients.iter().map(ToString::to_string).collect::<Vec<_>>())
        .with("logoutUrl", json!(app.logout_url))
        .with("oauth2AllowImplicitFlow", app.implicit_flow)
        .with("oauth2AllowUrlPathMatching", false)
        .with("oauth2Permissions", scopes(&app.scopes))
        .with("oauth2RequirePostResponse", false)
        .nulls(["optionalClaims"])
        .empty_lists(["orgRestrictions"])
        .nulls(["parentalControlSettings"])
        .empty_lists([SECRETS])
        .empty_lists(["preAuthorizedApplications"])
        .with("publicClient", app.public_client)
        .nulls(["publisherDomain"])
        .with("recordConsentConditions", json!(silent))
        .with("replyUrls", json!(replies))
        .with("requiredResourceAccess", app.required_access.iter().map(required).collect::<Vec<_>>())
        .nulls(["samlMetadataUrl"])
        .with("signInAudience", audience)
        .nulls(["tokenEncryptionKeyId"])
}

/// The roles an API knows.
pub(crate) fn roles(roles: &[AppRole]) -> Value {
    json!(roles)
}

/// The scopes an API knows.
pub(crate) fn scopes(scopes: &[Scope]) -> Value {
    json!(scopes)
}

/// What an application would like from one API.
fn required(access: &RequiredAccess) -> Value {
    let one = |(id, kind): &(uuid::Uuid, AccessKind)| json!({"id": id, "type": kind});
    json!({
        "resourceAppId": access.api.to_string(),
        "resourceAccess": access.access.iter().map(one).collect::<Vec<_>>(),
    })
}

/// Secrets without themselves: what they are called and how long they are good. Labels go through
/// `customKeyIdentifier`, which is base64 of the client's own bytes.
pub(crate) fn secrets(secrets: &[SecretEntry]) -> Value {
    let one = |secret: &SecretEntry| {
        json!({
            "customKeyIdentifier": secret.label.as_ref().map(|label| STANDARD.encode(label)),
            "endDate": secret.expires_at.to_string(),
            "keyId": secret.key,
            "startDate": secret.starts_at.to_string(),
            "value": null,
        })
    };
    secrets.iter().map(one).collect()
}

/// Certificates. Their bodies are not given back, as the original does not.
pub(crate) fn keys(certificates: &[Certificate]) -> Value {
    let one = |certificate: &Certificate| {
        json!({
            "customKeyIdentifier": certificate.label.as_ref().map(|label| STANDARD.encode(label)),
            "endDate": certificate.expires_at.to_string(),
            "keyId": certificate.key,
            "startDate": certificate.starts_at.to_string(),
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "value": null,
        })
    };
    certificates.iter().map(one).collect()
}
