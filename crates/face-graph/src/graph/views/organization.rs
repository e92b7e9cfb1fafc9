//! The organisation.

use crate::odata::Entity;
use serde_json::{Value, json};
use tenantry_core::TenantKind;
use tenantry_directory::{Domain, Organization, Tenant};

/// All of an organisation.
pub(crate) fn organization(organization: &Organization) -> Entity {
    let (tenant, profile) = (&organization.tenant, &organization.profile);
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    let phones: Vec<&String> = profile.telephone.iter().collect();
    // A partner that administers its customers' tenants says so here (directory.md 3.2).
    let partner = (tenant.kind == TenantKind::Partner).then_some("resellerPartnerDelegatedAdmin");
    Entity::new()
        .with("id", tenant.id.to_string())
        .nulls(["deletedDateTime"])
        .empty_lists(["assignedPlans"])
        .with("businessPhones", json!(phones))
        .with("city", text(&profile.city))
        .with("country", text(&profile.country))
        .with("countryLetterCode", tenant.country.clone())
        .with("createdDateTime", tenant.created_at.to_string())
        .with("defaultUsageLocation", text(&profile.default_usage_location))
        .with("displayName", tenant.name.clone())
        .nulls(["isMultipleDataLocationsForServicesEnabled"])
        .with("marketingNotificationEmails", json!(profile.marketing_mails))
        .nulls(["onPremisesLastSyncDateTime", "onPremisesSyncEnabled"])
        .maybe("partnerTenantType", partner)
        .with("postalCode", text(&profile.postal_code))
        .with("preferredLanguage", text(&profile.preferred_language))
        .nulls(["privacyProfile"])
        .empty_lists(["provisionedPlans", "securityComplianceNotificationMails"])
        .empty_lists(["securityComplianceNotificationPhones"])
        .with("state", text(&profile.state))
        .with("street", text(&profile.street))
        .with("technicalNotificationMails", json!(profile.technical_mails))
        .with("tenantType", "AAD")
        .with("verifiedDomains", organization.domains.iter().map(domain).collect::<Vec<_>>())
}

fn domain(domain: &Domain) -> Value {
    json!({
        "capabilities": "Email, OfficeCommunicationsOnline",
        "isDefault": domain.default,
        "isInitial": domain.initial,
        "name": domain.name,
        "type": "Managed",
    })
}

/// What anybody may know of a tenant whose id they have.
pub(crate) fn information(tenant: &Tenant) -> Entity {
    Entity::new()
        .with("tenantId", tenant.id.to_string())
        .nulls(["federationBrandName"])
        .with("displayName", tenant.name.clone())
        .with("defaultDomainName", tenant.default_domain.clone())
}
