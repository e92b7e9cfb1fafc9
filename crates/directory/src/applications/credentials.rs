//! Giving applications credentials through the directory, and taking them away. Whoever adds one can be the application
//! from then on, so it takes the right to give what the application has ([`super::guard::may_become`]).

use super::application_find::present;
use super::credential::{Credentials, CredentialsChange, NewCertificate, NewSecret, SecretEntry};
use super::credential_write::{self, Written};
use super::guard::{may, may_become};
use super::rows::{certificate, secret};
use super::{Application, Certificate};
use crate::people::text::shown;
use std::collections::BTreeSet;
use tenantry_access::{ApplicationManage, ApplicationRead};
use tenantry_core::{OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};
use uuid::Uuid;

/// The credentials of an application, without the secrets' texts: these are not kept.
///
/// # Errors
/// `ApplicationNotFound`.
pub async fn credentials_of(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<Credentials, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let application = present(&mut reader, tenant, id).await?;
    listed(&mut reader, &application).await
}

async fn listed(on: &mut impl Connection, application: &Application) -> Result<Credentials, Problem> {
    let secrets = secret::of_app(on, application.app).await?.into_iter().map(SecretEntry::from).collect();
    Ok(Credentials { secrets, certificates: certificate::of_app(on, application.app).await? })
}

/// Adds a secret to an application, found by object id or client id. The text is given out here and never again; none
/// is given if the client chose it.
///
/// # Errors
/// `ApplicationNotFound`; `InvalidField` for a chosen secret that can be guessed, or an end before the beginning;
/// `AlreadyExists` for a key id in use; `Forbidden` if the application has more than the caller may give.
pub async fn credential_add_secret(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    new: NewSecret,
) -> Result<(SecretEntry, Option<Secret>), Problem> {
    let line = audit::open(ctx, db, "application-secret-add", &shown(id)).await?;
    let outcome = add(ctx, db, tenant, id, (vec![new], Vec::new())).await;
    let written = line.close(ctx, db, outcome).await?;
    written.secrets.into_iter().next().ok_or_else(|| Problem::internal("a secret was added and is not there"))
}

/// Adds a certificate to an application, found by object id or client id.
///
/// # Errors
/// `ApplicationNotFound`; `InvalidField` for what is no certificate with an RSA key of 2048 bits or more;
/// `AlreadyExists` if the application has it; `Forbidden` if the application has more than the caller may give.
pub async fn certificate_add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    new: NewCertificate,
) -> Result<Certificate, Problem> {
    let line = audit::open(ctx, db, "application-certificate-add", &shown(id)).await?;
    let outcome = add(ctx, db, tenant, id, (Vec::new(), vec![new])).await;
    let written = line.close(ctx, db, outcome).await?;
    written.certificates.into_iter().next().ok_or_else(|| Problem::internal("a certificate was added and is not there"))
}

async fn add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    (secrets, certificates): (Vec<NewSecret>, Vec<NewCertificate>),
) -> Result<Written, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let application = present(&mut tx, tenant, id).await?;
    may_become(ctx, &mut tx, &application).await?;
    let written = credential_write::add(ctx, &mut tx, &application, secrets, certificates).await?;
    tx.commit().await?;
    Ok(written)
}

/// Makes the credentials of an application these, as [`CredentialsChange`] says.
///
/// # Errors
/// As for adding; `InvalidField` for an entry that names nothing and brings nothing.
pub async fn credentials_set(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    secrets: Option<Vec<NewSecret>>,
    certificates: Option<Vec<NewCertificate>>,
) -> Result<Credentials, Problem> {
    let line = audit::open(ctx, db, "application-credentials-set", &shown(id)).await?;
    let outcome = set(ctx, db, tenant, id, CredentialsChange { secrets, certificates }).await;
    line.close(ctx, db, outcome).await
}

async fn set(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    change: CredentialsChange,
) -> Result<Credentials, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let application = present(&mut tx, tenant, id).await?;
    write(ctx, &mut tx, &application, change).await?;
    let after = listed(&mut tx, &application).await?;
    tx.commit().await?;
    Ok(after)
}

/// Writes a change of credentials, within the transaction of an act that asked.
pub(crate) async fn write(
    ctx: &OpContext,
    tx: &mut Tx,
    application: &Application,
    CredentialsChange { secrets, certificates }: CredentialsChange,
) -> Result<(), Problem> {
    let tenant = application.tenant;
    let before = listed(tx, application).await?;
    let (mut new_secrets, mut new_certificates) = (Vec::new(), Vec::new());
    if let Some(asked) = secrets {
        let (stay, new): (Vec<_>, Vec<_>) = asked.into_iter().partition(|entry| entry.value.is_none());
        let have = before.secrets.iter().map(|kept| kept.key).collect();
        for key in gone("passwordCredentials", &have, stay.iter().map(|entry| entry.key))? {
            secret::delete(tx, tenant, key).await?;
        }
        new_secrets = new;
    }
    if let Some(asked) = certificates {
        let is_known = |entry: &NewCertificate| {
            entry.certificate.is_empty() || before.certificates.iter().any(|kept| Some(kept.key) == entry.key)
        };
        let (stay, new): (Vec<_>, Vec<_>) = asked.into_iter().partition(is_known);
        let have = before.certificates.iter().map(|kept| kept.key).collect();
        for key in gone("keyCredentials", &have, stay.iter().map(|entry| entry.key))? {
            certificate::delete(tx, tenant, application.app, key).await?;
        }
        new_certificates = new;
    }
    if !new_secrets.is_empty() || !new_certificates.is_empty() {
        may_become(ctx, tx, application).await?;
    }
    credential_write::add(ctx, tx, application, new_secrets, new_certificates).await?;
    tx.changes_access();
    Ok(())
}

/// The keys that are had and not named among those that stay.
fn gone(
    field: &'static str,
    have: &BTreeSet<Uuid>,
    stay: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<Uuid>, Problem> {
    let stay: BTreeSet<_> = stay
        .map(|key| match key.filter(|key| have.contains(key)) {
            Some(key) => Ok(key),
            None => Err(Problem::invalid(
                field,
                "an entry brings no value and names no credential of the application; give a value or its key id",
            )),
        })
        .collect::<Result<_, _>>()?;
    Ok(have.difference(&stay).copied().collect())
}

/// Removes a secret or certificate of an application, by its key id. It stops working at once; tokens it got live on
/// until they expire.
///
/// # Errors
/// `ApplicationNotFound`; `ObjectNotFound` if the application has no such credential.
pub async fn credential_remove(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str, key: Uuid) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "application-credential-remove", &format!("{} of {}", key, shown(id))).await?;
    let outcome = remove(ctx, db, tenant, id, key).await;
    line.close(ctx, db, outcome).await
}

async fn remove(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str, key: Uuid) -> Result<(), Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let application = present(&mut tx, tenant, id).await?;
    let removed = secret_of(&mut tx, &application, key).await?
        || certificate::delete(&mut tx, tenant, application.app, key).await?;
    if !removed {
        let message = format!("application {} has no credential {key}; list them to see which it has", application.app);
        return Err(Problem::new(Reason::ObjectNotFound, message));
    }
    tx.changes_access();
    tx.commit().await
}

/// Removes the secret if it is this application's.
async fn secret_of(tx: &mut Tx, application: &Application, key: Uuid) -> Result<bool, Problem> {
    let has = secret::of_app(tx, application.app).await?.iter().any(|kept| kept.key == key);
    Ok(has && secret::delete(tx, application.tenant, key).await?)
}
