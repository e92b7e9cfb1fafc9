//! Writing credentials down, inside a transaction of an act that asked and opened its audit line.

use super::credential::{NewCertificate, NewSecret, SecretEntry};
use super::rows::{certificate, secret as secrets};
use super::secret_add::kept;
use super::{Application, Certificate, SECRET_LIFETIME_SECONDS, secret};
use crate::people::text::optional;
use tenantry_core::{OpContext, Problem, Reason, Secret, Timestamp};
use tenantry_db::Tx;
use uuid::Uuid;

/// More than anybody rotates at once. Each is compared when a client signs in.
const CREDENTIALS_MAX: usize = 50;
const LABEL_MAX: usize = 256;

/// What was added.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Secrets in the order they were asked for; with the text if it was made here. It is not kept.
    pub secrets: Vec<(SecretEntry, Option<Secret>)>,
    /// Certificates in the order they were asked for.
    pub certificates: Vec<Certificate>,
}

/// Adds secrets and certificates.
///
/// # Errors
/// `InvalidField`; `AlreadyExists` for a key id or certificate that is there; `TooLarge` beyond 50 of a kind.
pub(crate) async fn add(
    ctx: &OpContext,
    tx: &mut Tx,
    application: &Application,
    new_secrets: Vec<NewSecret>,
    new_certificates: Vec<NewCertificate>,
) -> Result<Written, Problem> {
    let owner = (application.tenant, application.app);
    let mut written = Written::default();
    for new in new_secrets {
        written.secrets.push(secret_write(ctx, tx, application, new).await?);
    }
    for new in new_certificates {
        let new = certificate_of(ctx, new)?;
        if !certificate::insert(tx, owner, &new, ctx.now()).await? {
            return Err(there("certificate", new.key));
        }
        written.certificates.push(new);
    }
    if !written.secrets.is_empty() || !written.certificates.is_empty() {
        let counts =
            [secrets::of_app(tx, application.app).await?.len(), certificate::of_app(tx, application.app).await?.len()];
        if let Some(count) = counts.into_iter().find(|count| *count > CREDENTIALS_MAX) {
            let message =
                format!("{count} credentials of one kind are too many; remove some, {CREDENTIALS_MAX} can be");
            return Err(Problem::new(Reason::TooLarge, message));
        }
        tx.changes_access();
    }
    Ok(written)
}

async fn secret_write(
    ctx: &OpContext,
    tx: &mut Tx,
    application: &Application,
    new: NewSecret,
) -> Result<(SecretEntry, Option<Secret>), Problem> {
    let label = optional("passwordCredentials.displayName", new.label.as_deref(), LABEL_MAX)?;
    let starts_at = new.starts_at.unwrap_or_else(|| ctx.now());
    let expires_at = new.expires_at.unwrap_or_else(|| starts_at.plus_seconds(SECRET_LIFETIME_SECONDS));
    in_order("passwordCredentials.endDateTime", starts_at, expires_at)?;
    let key = new.key.unwrap_or_else(|| ctx.chance.guid());
    let (text, shown) = match new.value {
        Some(chosen) => {
            secret::check_chosen(&chosen)?;
            (chosen, false)
        }
        None => (secret::draw(&ctx.chance), true),
    };
    let kept = kept(key, label, &text, (starts_at, expires_at));
    if !secrets::insert(tx, (application.tenant, application.app), &kept, ctx.now()).await? {
        return Err(there("secret", key));
    }
    Ok((SecretEntry::from(kept), shown.then_some(text)))
}

fn certificate_of(ctx: &OpContext, new: NewCertificate) -> Result<Certificate, Problem> {
    let label = optional("keyCredentials.displayName", new.label.as_deref(), LABEL_MAX)?;
    let read = Certificate::read(new.key.unwrap_or_else(|| ctx.chance.guid()), label, &new.certificate)?;
    let starts_at = new.starts_at.map_or(read.starts_at, |asked| asked.max(read.starts_at));
    let expires_at = new.expires_at.map_or(read.expires_at, |asked| asked.min(read.expires_at));
    in_order("keyCredentials.endDateTime", starts_at, expires_at)?;
    Ok(Certificate { starts_at, expires_at, ..read })
}

fn in_order(field: &'static str, starts_at: Timestamp, expires_at: Timestamp) -> Result<(), Problem> {
    if starts_at < expires_at {
        return Ok(());
    }
    Err(Problem::invalid(field, format!("{expires_at} is not after the beginning, {starts_at}; give a later end")))
}

fn there(what: &str, key: Uuid) -> Problem {
    let message = format!("the {what} {key} is there already, by its key id or as it is; leave it or remove it first");
    Problem::new(Reason::AlreadyExists, message)
}
