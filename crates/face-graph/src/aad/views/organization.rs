//! `tenantDetail`: the organisation.

use crate::odata::Entity;
use serde_json::{Value, json};
use tenantry_directory::{Domain, Organization};

/// All of an organisation. Clients take the first domain that is `initial` and the first that is `default`.
pub(crate) fn detail(organization: &Organization) -> Entity {
    let (tenant, profile) = (&organization.tenant, &organization.profile);
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    super::object("TenantDetail", "Company", tenant.id, None)
        .empty_lists(["assignedPlans"])
        .with("city", text(&profile.city))
        .nulls(["companyLastDirSyncTime"])
        .with("country", text(&profile.country))
        .with("countryLetterCode", tenant.country.clone())
        .with("createdDateTime", tenant.created_at.to_string())
        .nulls(["dirSyncEnabled"])
        .with("displayName", tenant.name.clone())
        .with("marketingNotificationEmails", json!(profile.marketing_mails))
        .with("postalCode", text(&profile.postal_code))
        .with("preferredLanguage", text(&profile.preferred_language))
        .empty_lists(["provisionedPlans", "provisioningErrors", "securityComplianceNotificationMails"])
        .empty_lists(["securityComplianceNotificationPhones"])
        .with("state", text(&profile.state))
        .with("street", text(&profile.street))
        .with("technicalNotificationMails", json!(profile.technical_mails))
        .with("telephoneNumber", text(&profile.telephone))
        .nulls(["tenantType"])
        .with("verifiedDomains", organization.domains.iter().map(domain).collect::<Vec<_>>())
}

fn domain(domain: &Domain) -> Value {
    json!({
        "capabilities": "Email, OfficeCommunicationsOnline",
        "default": domain.default,
        "id": id(&domain.name),
        "initial": domain.initial,
        "name": domain.name,
        "type": "Managed",
    })
}

/// Sixteen hexadecimal digits that are always the same for a name; the original's mean nothing to clients either.
fn id(name: &str) -> String {
    // FNV-1a, 64 bits.
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016X}")
}
