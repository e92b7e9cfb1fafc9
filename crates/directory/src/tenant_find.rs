//! Finding a tenant by what people and clients call it.

use crate::{OauthRefusal, Tenant, rows};
use tenantry_core::{Problem, TenantId};
use tenantry_db::Db;

/// The tenant of a GUID or of one of its domains, in any letter case; `None` if there is none.
///
/// # Errors
/// Those of the database.
pub async fn tenant_find(db: &Db, text: &str) -> Result<Option<Tenant>, Problem> {
    let mut reader = db.reader().await?;
    match TenantId::parse(text) {
        Ok(id) => rows::tenant_by_id(&mut reader, id).await,
        Err(_) => rows::tenant_by_domain(&mut reader, &text.to_ascii_lowercase()).await,
    }
}

/// The root of the world; `None` before it is set up.
///
/// # Errors
/// Those of the database.
pub async fn provider_find(db: &Db) -> Result<Option<Tenant>, Problem> {
    rows::tenant_provider(&mut db.reader().await?).await
}

/// Whether a sign-in path leaves the tenant open: the caller's own is meant.
pub(crate) fn is_open(text: &str) -> bool {
    ["common", "organizations"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The tenant that a sign-in path names; `None` for `common` and `organizations`, which mean the caller's own.
///
/// # Errors
/// `TenantUnknown` for a name nobody has, `TenantMalformed` for what is no name at all.
pub async fn tenant_of_sign_in(db: &Db, text: &str) -> Result<Option<Tenant>, OauthRefusal> {
    if is_open(text) {
        return Ok(None);
    }
    if let Some(tenant) = tenant_find(db, text).await? {
        return Ok(Some(tenant));
    }
    let tenant = text.to_owned();
    let dns = text.contains('.') && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if dns || TenantId::parse(text).is_ok() {
        Err(OauthRefusal::TenantUnknown { tenant })
    } else {
        Err(OauthRefusal::TenantMalformed { tenant })
    }
}
