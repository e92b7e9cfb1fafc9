//! An application and its credentials, as Microsoft Graph shows them.

use crate::odata::Entity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tenantry_core::Secret;
use tenantry_directory::{AccessKind, Application, Certificate, RequiredAccess, SecretEntry};
use uuid::Uuid;

/// The type's name.
pub(crate) const TYPE: &str = "application";

/// The property certificates are in.
pub(crate) const KEYS: &str = "keyCredentials";

/// The property secrets are in.
pub(crate) const SECRETS: &str = "passwordCredentials";

/// The audience of applications that other tenants may use, and of those they may not.
pub(crate) const AUDIENCES: [&str; 2] = ["AzureADMultipleOrgs", "AzureADMyOrg"];

/// The properties applications can be found by.
pub(crate) const FILTERS: &[&str] =
    &["appId", "createdDateTime", "displayName", "id", "identifierUris", "signInAudience", "tags"];

/// All of an application but its credentials, which are kept elsewhere and put in where they are shown.
pub(crate) fn application(app: &Application) -> Entity {
    let audience = AUDIENCES[usize::from(!app.multi_tenant)];
    let known: Vec<String> = app.known_clients.iter().map(ToString::to_string).collect();
    Entity::new()
        .with("id", app.id.to_string())
        .maybe("deletedDateTime", app.deleted_at.map(|at| at.to_string()))
        .with("appId", app.app.to_string())
        .nulls(["applicationTemplateId", "disabledByMicrosoftStatus"])
        .with("createdDateTime", app.created_at.to_string())
        .with("displayName", app.name.clone())
        .nulls(["description"])
        .with("groupMembershipClaims", json!(app.group_membership_claims))
        .with("identifierUris", json!(app.identifier_uris))
        .nulls(["isDeviceOnlyAuthSupported"])
        .with("isFallbackPublicClient", app.public_client)
        .nulls(["notes", "publisherDomain"])
        .with("signInAudience", audience)
        .with("tags", json!(app.tags))
        .nulls(["tokenEncryptionKeyId"])
        .empty_lists(["addIns"])
        .with(
            "api",
            json!({
                "acceptMappedClaims": null,
                "knownClientApplications": known,
                "oauth2PermissionScopes": app.scopes,
                "preAuthorizedApplications": [],
                "requestedAccessTokenVersion": null,
            }),
        )
        .with("appRoles", json!(app.app_roles))
        .with("info", json!({"logoUrl": null, "marketingUrl": null, "privacyStatementUrl": null, "supportUrl": null, "termsOfServiceUrl": null}))
        .empty_lists([KEYS])
        .nulls(["optionalClaims"])
        .empty_lists([SECRETS])
        .with("publicClient", json!({"redirectUris": app.public_reply_urls}))
        .with("requiredResourceAccess", app.required_access.iter().map(required).collect::<Vec<_>>())
        .with("spa", json!({"redirectUris": []}))
        .with("web", web(app))
}

fn web(app: &Application) -> Value {
    json!({
        "homePageUrl": app.homepage,
        "implicitGrantSettings": {"enableAccessTokenIssuance": app.implicit_flow, "enableIdTokenIssuance": app.implicit_flow},
        "logoutUrl": app.logout_url,
        "redirectUris": app.reply_urls,
    })
}

fn required(access: &RequiredAccess) -> Value {
    let one = |(id, kind): &(Uuid, AccessKind)| json!({"id": id, "type": kind});
    json!({
        "resourceAppId": access.api.to_string(),
        "resourceAccess": access.access.iter().map(one).collect::<Vec<_>>(),
    })
}

/// A secret, with its text on the one day it is made.
pub(crate) fn secret(secret: &SecretEntry, text: Option<&Secret>) -> Value {
    json!({
        "customKeyIdentifier": null,
        "displayName": secret.label,
        "endDateTime": secret.expires_at.to_string(),
        "hint": secret.hint,
        "keyId": secret.key,
        "secretText": text.map(Secret::reveal),
        "startDateTime": secret.starts_at.to_string(),
    })
}

/// Certificates. Their bodies are not given back, as the original does not.
pub(crate) fn keys(certificates: &[Certificate]) -> Value {
    let one = |certificate: &Certificate| {
        json!({
            "customKeyIdentifier": certificate.label.as_ref().map(|label| STANDARD.encode(label)),
            "displayName": certificate.label,
            "endDateTime": certificate.expires_at.to_string(),
            "key": null,
            "keyId": certificate.key,
            "startDateTime": certificate.starts_at.to_string(),
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
        })
    };
    certificates.iter().map(one).collect()
}
