//! A user, as Microsoft Graph shows it.

use super::licence;
use crate::odata::Entity;
use crate::texts;
use serde_json::{Value, json};
use tenantry_directory::{AssignedLicence, User};

/// The type's name.
pub(crate) const TYPE: &str = "user";

/// The properties that are shown unless others are asked for (directory.md 3.1).
pub(crate) const UNASKED: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

/// The properties users can be found by.
pub(crate) const FILTERS: &[&str] = &[
    "accountEnabled",
    "assignedLicenses",
    "assignedPlans",
    "city",
    "companyName",
    "country",
    "createdDateTime",
    "department",
    "displayName",
    "givenName",
    "id",
    "identities",
    "jobTitle",
    "mail",
    "mailNickname",
    "onPremisesImmutableId",
    "onPremisesSyncEnabled",
    "otherMails",
    "proxyAddresses",
    "state",
    "surname",
    "usageLocation",
    "userPrincipalName",
    "userType",
];

/// All of a user.
pub(crate) fn user(user: &User, licences: &[AssignedLicence]) -> Entity {
    let profile = &user.profile;
    let text = |aad: &'static str| texts::value(profile, aad).map_or(Value::Null, Value::from);
    let phones: Vec<&String> = profile.telephone_number.iter().collect();
    let issuer = user.name.rsplit_once('@').map_or("", |(_, domain)| domain);
    let identity = json!([{"issuer": issuer, "issuerAssignedId": user.name, "signInType": "userPrincipalName"}]);
    Entity::new()
        .with("id", user.id.to_string())
        .maybe("deletedDateTime", user.deleted_at.map(|at| at.to_string()))
        .with("accountEnabled", user.enabled)
        .nulls(["ageGroup"])
        .with("assignedLicenses", licence::assigned(licences))
        .with("assignedPlans", licence::plans(licences))
        .with("businessPhones", json!(phones))
        .with("city", text("city"))
        .with("companyName", text("companyName"))
        .nulls(["consentProvidedForMinor"])
        .with("country", text("country"))
        .with("createdDateTime", user.created_at.to_string())
        .nulls(["creationType"])
        .with("department", text("department"))
        .with("displayName", profile.display_name.clone())
        .nulls(["employeeId", "externalUserState", "externalUserStateChangeDateTime"])
        .with("faxNumber", text("facsimileTelephoneNumber"))
        .with("givenName", text("givenName"))
        .with("identities", identity)
        .empty_lists(["imAddresses"])
        .with("jobTitle", text("jobTitle"))
        .nulls(["legalAgeGroupClassification"])
        .with("licenseAssignmentStates", licence::states(licences))
        .with("mail", text("mail"))
        .with("mailNickname", profile.mail_nickname.clone())
        .with("mobilePhone", text("mobile"))
        .with("officeLocation", text("physicalDeliveryOfficeName"))
        .nulls(["onPremisesDistinguishedName", "onPremisesDomainName"])
        .with("onPremisesImmutableId", text("immutableId"))
        .nulls(["onPremisesLastSyncDateTime"])
        .empty_lists(["onPremisesProvisioningErrors"])
        .nulls(["onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled"])
        .nulls(["onPremisesUserPrincipalName"])
        .with("otherMails", json!(profile.other_mails))
        .with("passwordPolicies", text("passwordPolicies"))
        .nulls(["passwordProfile"])
        .with("postalCode", text("postalCode"))
        .with("preferredLanguage", text("preferredLanguage"))
        .with("provisionedPlans", licence::provisioned(licences))
        .with("proxyAddresses", addresses(profile.mail.as_deref()))
        .with("signInSessionsValidFromDateTime", user.tokens_valid_from.to_string())
        .with("state", text("state"))
        .with("streetAddress", text("streetAddress"))
        .with("surname", text("surname"))
        .with("usageLocation", text("usageLocation"))
        .with("userPrincipalName", user.name.clone())
        .with("userType", user.kind.name())
}

/// The main mail address as the mail service writes it; upper-case letters mark the main one.
fn addresses(mail: Option<&str>) -> Value {
    mail.map_or_else(|| json!([]), |mail| json!([format!("SMTP:{mail}")]))
}
