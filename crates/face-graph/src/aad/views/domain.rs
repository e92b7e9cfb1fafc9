//! Domains and the DNS records that go with them.

use super::NAMESPACE;
use crate::odata::Entity;
use serde_json::json;
use tenantry_directory::{DnsRecord, Domain, RecordData};

/// What a verified domain is good for.
const SERVICES: [&str; 1] = ["Email"];

/// All of a domain.
pub(crate) fn domain(domain: &Domain) -> Entity {
    let services: &[&str] = if domain.is_verified() { &SERVICES } else { &[] };
    Entity::new()
        .with("authenticationType", "Managed")
        .nulls(["availabilityStatus"])
        .with("isAdminManaged", true)
        .with("isDefault", domain.default)
        .with("isDefaultForCloudRedirections", false)
        .with("isInitial", domain.initial)
        .with("isRoot", domain.root)
        .with("isVerified", domain.is_verified())
        .with("name", domain.name.clone())
        .with("supportedServices", json!(services))
        .nulls(["forceDeleteState", "state"])
}

/// A DNS record to be published.
pub(crate) fn record(record: &DnsRecord) -> Entity {
    let of = |kind: &str, record_type: &'static str| {
        Entity::new()
            .with("odata.type", format!("{NAMESPACE}.DomainDns{kind}Record"))
            .with("dnsRecordId", record.id.to_string())
            .with("isOptional", record.optional)
            .with("label", record.label.clone())
            .with("recordType", record_type)
            .maybe("supportedService", (!record.service.is_empty()).then_some(record.service))
            .with("ttl", record.ttl)
    };
    match &record.data {
        RecordData::Txt { text } => of("Txt", "Txt").with("text", text.clone()),
        RecordData::Mx { exchange, preference } => {
            of("Mx", "Mx").with("mailExchange", exchange.clone()).with("preference", *preference)
        }
        RecordData::Cname { canonical } => of("Cname", "CName").with("canonicalName", canonical.clone()),
    }
}
