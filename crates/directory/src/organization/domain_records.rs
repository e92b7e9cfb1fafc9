//! The DNS records an owner publishes: to prove a domain, and to have its mail come here.

use super::domain::Domain;
use super::{domain_list, domain_rows};
use sha2::{Digest, Sha256};
use tenantry_access::{OrganizationRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;
use uuid::{Builder, Uuid};

/// A record to be published.
///
/// Source: directory.md 2.2 (verificationDnsRecords).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    /// Names the record; the same each time it is asked for.
    pub id: Uuid,
    /// The name it is published under.
    pub label: String,
    /// Seconds others may keep it.
    pub ttl: u32,
    /// Whether things work without it.
    pub optional: bool,
    /// What it is for: `Email`; empty for a proof.
    pub service: &'static str,
    /// What it says.
    pub data: RecordData,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordData {
    /// A text.
    Txt {
        /// The text.
        text: String,
    },
    /// Where mail goes.
    Mx {
        /// The host.
        exchange: String,
        /// Lower comes first.
        preference: u16,
    },
    /// Another name for a host.
    Cname {
        /// The host.
        canonical: String,
    },
}

const TTL: u32 = 3600;
/// The lowest preference there is, so that the record never draws mail.
const NEVER_CHOSEN: u16 = 32_767;

/// The records of which one proves the domain: a TXT record, or an MX record that draws no mail. None for a domain that
/// is verified.
///
/// # Errors
/// `DomainNotFound`.
pub async fn domain_verification_records(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    name: &str,
) -> Result<Vec<DnsRecord>, Problem> {
    let domain = domain_list::domain_find(ctx, db, tenant, name).await?;
    Ok(proofs(&domain))
}

fn proofs(domain: &Domain) -> Vec<DnsRecord> {
    let Some(code) = &domain.code else { return Vec::new() };
    let exchange = format!("{}.msv1.invalid", code.trim_start_matches("MS="));
    vec![
        record(domain, "", TTL, domain.name.clone(), RecordData::Txt { text: code.clone() }),
        record(domain, "", TTL, domain.name.clone(), RecordData::Mx { exchange, preference: NEVER_CHOSEN }),
    ]
}

/// The records that bring a verified domain's mail to this world. Their hosts are in the world's own domain; who runs the
/// world publishes these. None for a domain that is not verified.
///
/// # Errors
/// `DomainNotFound`.
pub async fn domain_service_records(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    name: &str,
) -> Result<Vec<DnsRecord>, Problem> {
    let tenant = allow::<OrganizationRead, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut reader = db.reader().await?;
    let domain = domain_list::one(&mut reader, tenant, name).await?;
    let domains = domain_rows::all(&mut reader, tenant).await?;
    let initial = domains.iter().find(|domain| domain.initial).and_then(|domain| domain.name.split_once('.'));
    Ok(match initial {
        Some((_, suffix)) if domain.is_verified() => services(&domain, suffix),
        _ => Vec::new(),
    })
}

fn services(domain: &Domain, suffix: &str) -> Vec<DnsRecord> {
    let exchange = format!("{}.mail.{suffix}", domain.name.replace('.', "-"));
    let text = format!("v=spf1 include:spf.mail.{suffix} -all");
    let autodiscover = format!("autodiscover.{}", domain.name);
    let canonical = format!("autodiscover.mail.{suffix}");
    vec![
        record(domain, "Email", TTL, domain.name.clone(), RecordData::Mx { exchange, preference: 0 }),
        record(domain, "Email", TTL, domain.name.clone(), RecordData::Txt { text }),
        record(domain, "Email", TTL, autodiscover, RecordData::Cname { canonical }),
    ]
}

/// The id is derived from what the record is for, so that it stays the same without a table.
fn record(domain: &Domain, service: &'static str, ttl: u32, label: String, data: RecordData) -> DnsRecord {
    let kind = match &data {
        RecordData::Txt { .. } => "TXT",
        RecordData::Mx { .. } => "MX",
        RecordData::Cname { .. } => "CNAME",
    };
    let digest = Sha256::digest(format!("dns-record {} {service} {label} {kind}", domain.tenant));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    DnsRecord { id: Builder::from_custom_bytes(bytes).into_uuid(), label, ttl, optional: false, service, data }
}
