//! Domains and the DNS records that go with them; and contracts.

use super::typed;
use crate::odata::Entity;
use serde_json::json;
use tenantry_directory::{Contract, DnsRecord, Domain, RecordData};

/// What a verified domain is good for.
const SERVICES: [&str; 1] = ["Email"];

/// All of a domain. Its id is its name.
pub(crate) fn domain(domain: &Domain) -> Entity {
    let services: &[&str] = if domain.is_verified() { &SERVICES } else { &[] };
    Entity::new()
        .with("id", domain.name.clone())
        .with("authenticationType", "Managed")
        .nulls(["availabilityStatus"])
        .with("isAdminManaged", true)
        .with("isDefault", domain.default)
        .with("isInitial", domain.initial)
        .with("isRoot", domain.root)
        .with("isVerified", domain.is_verified())
        .nulls(["passwordNotificationWindowInDays", "passwordValidityPeriodInDays"])
        .with("supportedServices", json!(services))
        .nulls(["manufacturer", "model", "state"])
}

/// A DNS record to be published.
pub(crate) fn record(record: &DnsRecord) -> Entity {
    let of = |record_type: &'static str| {
        Entity::new()
            .with("id", record.id.to_string())
            .with("isOptional", record.optional)
            .with("label", record.label.clone())
            .with("recordType", record_type)
            .maybe("supportedService", (!record.service.is_empty()).then_some(record.service))
            .with("ttl", record.ttl)
    };
    match &record.data {
        RecordData::Txt { text } => typed(of("Txt").with("text", text.clone()), "domainDnsTxtRecord"),
        RecordData::Mx { exchange, preference } => {
            let entity = of("Mx").with("mailExchange", exchange.clone()).with("preference", *preference);
            typed(entity, "domainDnsMxRecord")
        }
        RecordData::Cname { canonical } => {
            typed(of("CName").with("canonicalName", canonical.clone()), "domainDnsCnameRecord")
        }
    }
}

/// The properties contracts can be found by.
pub(crate) const CONTRACT_FILTERS: &[&str] = &["contractType", "customerId", "defaultDomainName", "displayName", "id"];

/// All of a contract.
pub(crate) fn contract(contract: &Contract) -> Entity {
    Entity::new()
        .with("id", contract.id.to_string())
        .nulls(["deletedDateTime"])
        .with("contractType", Contract::KIND)
        .with("customerId", contract.customer.to_string())
        .with("defaultDomainName", contract.default_domain.clone())
        .with("displayName", contract.display_name.clone())
}
