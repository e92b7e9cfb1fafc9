//! What an organisation says of itself: address, telephone, who gets technical mail.

use super::domain::Domain;
use super::domain_rows;
use crate::{Tenant, rows};
use serde::{Deserialize, Serialize};
use tenantry_access::{OrganizationChange as Change, OrganizationRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, Tx, audit, sql};

/// An organisation: its tenant, what it says of itself, and its verified domains.
///
/// Source: directory.md 2.2 (tenantDetail), 3.2 (organization).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The tenant. Its country is that of the organisation, its name the one people read.
    pub tenant: Tenant,
    /// What it says of itself.
    pub profile: OrganizationProfile,
    /// Its verified domains: exactly one is the initial one, exactly one the default.
    pub domains: Vec<Domain>,
}

/// What an organisation says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationProfile {
    /// The street and number.
    pub street: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state or province.
    pub state: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country's name, as people write it.
    pub country: Option<String>,
    /// A telephone number.
    pub telephone: Option<String>,
    /// In what language it is written to: `en`.
    pub preferred_language: Option<String>,
    /// Where technical news go.
    pub technical_mails: Vec<String>,
    /// Where other news go.
    pub marketing_mails: Vec<String>,
    /// Where users are unless they say otherwise: two letters. It stands in for no user's own usage location.
    pub default_usage_location: Option<String>,
}

/// What an organisation's profile is to become. `None` stays as it is, an empty text or list takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationChange {
    /// The name people read.
    pub display_name: Option<String>,
    /// The street and number.
    pub street: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state or province.
    pub state: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country's name.
    pub country: Option<String>,
    /// A telephone number.
    pub telephone: Option<String>,
    /// The language it is written to.
    pub preferred_language: Option<String>,
    /// Where technical news go.
    pub technical_mails: Option<Vec<String>>,
    /// Where other news go.
    pub marketing_mails: Option<Vec<String>>,
    /// Where users are unless they say otherwise.
    pub default_usage_location: Option<String>,
}

const TEXT_MAX: usize = 256;
const MAILS_MAX: usize = 50;

/// The organisation of a tenant.
pub async fn organization_find(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Organization, Problem> {
    let scope = allow::<OrganizationRead, _>(ctx, TenantScope(tenant))?.into_target();
    read(&mut db.reader().await?, scope).await
}

/// Changes what an organisation says of itself. Names that were copied elsewhere (a partner's customer, issued
/// invoices) do not follow.
///
/// # Errors
/// `MissingField` for an empty name; `InvalidField` for texts over 256 characters, more than 50 addresses, and what is no
/// mail address or country.
pub async fn organization_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    change: OrganizationChange,
) -> Result<Organization, Problem> {
    let line = audit::open(ctx, db, "organization-change", &tenant.to_string()).await?;
    let outcome = save(ctx, db, tenant, change).await;
    line.close(ctx, db, outcome).await
}

async fn save(ctx: &OpContext, db: &Db, tenant: TenantId, change: OrganizationChange) -> Result<Organization, Problem> {
    let scope = allow::<Change, _>(ctx, TenantScope(tenant))?.into_target();
    let mut tx = db.begin().await?;
    domain_rows::lock(&mut tx, tenant).await?;
    let seen = read(&mut tx, scope).await?;
    let name = match &change.display_name {
        None => seen.tenant.name.clone(),
        Some(name) => text("displayName", name)?.ok_or_else(|| Problem::missing("displayName"))?,
    };
    let changed = Organization {
        profile: applied(seen.profile, change)?,
        tenant: Tenant { name, ..seen.tenant },
        domains: seen.domains,
    };
    write(&mut tx, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}

fn applied(mut profile: OrganizationProfile, change: OrganizationChange) -> Result<OrganizationProfile, Problem> {
    let texts = [
        ("street", &mut profile.street, change.street),
        ("city", &mut profile.city, change.city),
        ("state", &mut profile.state, change.state),
        ("postalCode", &mut profile.postal_code, change.postal_code),
        ("country", &mut profile.country, change.country),
        ("telephoneNumber", &mut profile.telephone, change.telephone),
        ("preferredLanguage", &mut profile.preferred_language, change.preferred_language),
    ];
    for (field, kept, sent) in texts {
        if let Some(sent) = sent {
            *kept = text(field, &sent)?;
        }
    }
    let mails = [
        ("technicalNotificationMails", &mut profile.technical_mails, change.technical_mails),
        ("marketingNotificationEmails", &mut profile.marketing_mails, change.marketing_mails),
    ];
    for (field, kept, sent) in mails {
        if let Some(sent) = sent {
            *kept = addresses(field, sent)?;
        }
    }
    if let Some(sent) = change.default_usage_location {
        profile.default_usage_location = country("defaultUsageLocation", &sent)?;
    }
    Ok(profile)
}

fn text(field: &str, sent: &str) -> Result<Option<String>, Problem> {
    let sent = sent.trim();
    let length = sent.chars().count();
    if length > TEXT_MAX {
        return Err(Problem::invalid(field, format!("has {length} characters; {TEXT_MAX} are the most")));
    }
    Ok((!sent.is_empty()).then(|| sent.to_owned()))
}

fn addresses(field: &str, sent: Vec<String>) -> Result<Vec<String>, Problem> {
    if sent.len() > MAILS_MAX {
        return Err(Problem::invalid(field, format!("has {} addresses; {MAILS_MAX} are the most", sent.len())));
    }
    let mut kept = Vec::with_capacity(sent.len());
    for one in sent {
        let Some(mail) = text(field, &one)? else { continue };
        let good = mail.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !good || mail.contains(char::is_whitespace) {
            return Err(Problem::invalid(field, format!("`{mail}` is no mail address such as ops@contoso.com")));
        }
        kept.push(mail);
    }
    Ok(kept)
}

fn country(field: &str, sent: &str) -> Result<Option<String>, Problem> {
    let Some(code) = text(field, sent)? else { return Ok(None) };
    let code = code.to_ascii_uppercase();
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(Some(code));
    }
    Err(Problem::invalid(field, format!("`{code}` is not a country code such as DE")))
}

async fn read(on: &mut impl Connection, scope: TenantScope) -> Result<Organization, Problem> {
    let missing = || Problem::new(Reason::TenantNotFound, format!("there is no tenant {}; check the id", scope.0));
    let tenant = rows::tenant_by_id(on, scope.0).await?.ok_or_else(missing)?;
    let kept = sql("SELECT profile FROM organization_profile WHERE tenant = $1").bind(scope.0).maybe(on).await?;
    let profile = match kept {
        Some(row) => row.parsed("profile", |text| serde_json::from_str(text))?,
        None => OrganizationProfile::default(),
    };
    let mut domains = domain_rows::all(on, scope.0).await?;
    domains.retain(Domain::is_verified);
    Ok(Organization { tenant, profile, domains })
}

async fn write(tx: &mut Tx, organization: &Organization) -> Result<(), Problem> {
    let profile = serde_json::to_string(&organization.profile).map_err(Problem::internal)?;
    sql("INSERT INTO organization_profile (tenant, profile) VALUES ($1, $2) \
         ON CONFLICT (tenant) DO UPDATE SET profile = $2")
    .bind(organization.tenant.id)
    .bind(profile)
    .run(tx)
    .await?;
    sql("UPDATE tenant SET name = $2 WHERE id = $1")
        .bind(organization.tenant.id)
        .bind(&organization.tenant.name)
        .run(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sent_changes() {
        let mut change = OrganizationChange {
            city: Some(" Bonn ".into()),
            technical_mails: Some(vec!["ops@contoso.com".into(), " ".into()]),
            default_usage_location: Some("de".into()),
            ..OrganizationChange::default()
        };
        let first = applied(OrganizationProfile::default(), change.clone()).unwrap();
        assert_eq!(first.city.as_deref(), Some("Bonn"));
        assert_eq!((first.technical_mails.len(), first.default_usage_location.as_deref()), (1, Some("DE")));
        change = OrganizationChange { city: Some(String::new()), ..OrganizationChange::default() };
        let second = applied(first.clone(), change).unwrap();
        assert_eq!(second, OrganizationProfile { city: None, ..first });
    }

    #[test]
    fn what_cannot_be_is_refused_by_field() {
        let none = OrganizationChange::default;
        for (change, field) in [
            (OrganizationChange { street: Some("x".repeat(257)), ..none() }, "street"),
            (OrganizationChange { technical_mails: Some(vec!["ops".into()]), ..none() }, "technicalNotificationMails"),
            (OrganizationChange { default_usage_location: Some("DEU".into()), ..none() }, "defaultUsageLocation"),
        ] {
            let refused = applied(OrganizationProfile::default(), change).unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some(field)));
        }
    }
}
