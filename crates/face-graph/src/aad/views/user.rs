//! A user, as Azure AD Graph shows it.

use super::licence;
use crate::odata::Entity;
use crate::texts;
use serde_json::{Value, json};
use tenantry_directory::{AssignedLicence, User};

/// The type's name.
pub(crate) const TYPE: &str = "User";

/// The properties users can be found by.
pub(crate) const FILTERS: &[&str] = &[
    "accountEnabled",
    "assignedLicenses",
    "city",
    "companyName",
    "country",
    "createdDateTime",
    "department",
    "dirSyncEnabled",
    "displayName",
    "givenName",
    "immutableId",
    "jobTitle",
    "mail",
    "mailNickname",
    "objectId",
    "otherMails",
    "proxyAddresses",
    "signInNames",
    "state",
    "surname",
    "usageLocation",
    "userPrincipalName",
    "userType",
];

/// All of a user. The password is write-only, so `passwordProfile` is always null.
pub(crate) fn user(user: &User, licences: &[AssignedLicence]) -> Entity {
    let profile = &user.profile;
    let text = |name: &'static str| texts::value(profile, name).map_or(Value::Null, Value::from);
    super::object(TYPE, TYPE, user.id, user.deleted_at)
        .with("accountEnabled", user.enabled)
        .with("assignedLicenses", licence::assigned(licences))
        .with("assignedPlans", licence::plans(licences))
        .with("city", text("city"))
        .with("companyName", text("companyName"))
        .with("country", text("country"))
        .with("createdDateTime", user.created_at.to_string())
        .nulls(["creationType"])
        .with("department", text("department"))
        .nulls(["dirSyncEnabled"])
        .with("displayName", profile.display_name.clone())
        .with("facsimileTelephoneNumber", text("facsimileTelephoneNumber"))
        .with("givenName", text("givenName"))
        .with("immutableId", text("immutableId"))
        .with("jobTitle", text("jobTitle"))
        .nulls(["lastDirSyncTime"])
        .with("mail", text("mail"))
        .with("mailNickname", profile.mail_nickname.clone())
        .with("mobile", text("mobile"))
        .nulls(["onPremisesSecurityIdentifier"])
        .with("otherMails", json!(profile.other_mails))
        .with("passwordPolicies", text("passwordPolicies"))
        .nulls(["passwordProfile"])
        .with("physicalDeliveryOfficeName", text("physicalDeliveryOfficeName"))
        .with("postalCode", text("postalCode"))
        .with("preferredLanguage", text("preferredLanguage"))
        .with("provisionedPlans", licence::provisioned(licences))
        .empty_lists(["provisioningErrors"])
        .with("proxyAddresses", addresses(profile.mail.as_deref()))
        .with("refreshTokensValidFromDateTime", user.tokens_valid_from.to_string())
        .empty_lists(["signInNames"])
        .with("sipProxyAddress", text("sipProxyAddress"))
        .with("state", text("state"))
        .with("streetAddress", text("streetAddress"))
        .with("surname", text("surname"))
        .with("telephoneNumber", text("telephoneNumber"))
        .with("usageLocation", text("usageLocation"))
        .with("userPrincipalName", user.name.clone())
        .nulls(["userState", "userStateChangedOn"])
        .with("userType", user.kind.name())
}

/// The main mail address as the mail service writes it; upper-case letters mark the main one.
pub(crate) fn addresses(mail: Option<&str>) -> Value {
    mail.map_or_else(|| json!([]), |mail| json!([format!("SMTP:{mail}")]))
}
