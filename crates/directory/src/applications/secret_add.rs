//! Giving an application one more secret, so that the old one can be retired without a gap.

use super::rows::{application, secret as rows};
use super::secret;
use tenantry_core::{AppId, OpContext, Problem, Reason, Secret, TenantId, Timestamp};
use tenantry_db::Tx;
use uuid::Uuid;

/// How long a secret lives unless somebody says otherwise: two years, the longest the field offers.
pub const SECRET_LIFETIME_SECONDS: i64 = 730 * 86_400;

/// Adds a secret that ends after so many seconds of world time. The text is given out here and never again; the
/// id names the secret for [`crate::secret_remove`].
///
/// Asks no policy and writes no audit line: for acts that have done both. Faces call [`crate::credential_add_secret`].
///
/// # Errors
/// `ApplicationNotFound` if the tenant did not register the application; `InvalidField` for a lifetime of
/// nothing.
pub async fn secret_add(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    app: AppId,
    lifetime_seconds: i64,
) -> Result<(Uuid, Secret), Problem> {
    if lifetime_seconds <= 0 {
        return Err(Problem::invalid(
            "lifetime_seconds",
            format!("{lifetime_seconds} is no time at all; give 1 or more"),
        ));
    }
    if application::home(tx, app).await? != Some(tenant) {
        return Err(unknown(app));
    }
    let text = secret::draw(&ctx.chance);
    let kept = kept(ctx.chance.guid(), None, &text, (ctx.now(), ctx.now().plus_seconds(lifetime_seconds)));
    let key = kept.key;
    rows::insert(tx, (tenant, app), &kept, ctx.now()).await?;
    tx.changes_access();
    Ok((key, text))
}

/// What is kept of a secret.
pub(crate) fn kept(
    key: Uuid,
    label: Option<String>,
    text: &Secret,
    (starts_at, expires_at): (Timestamp, Timestamp),
) -> rows::KeptSecret {
    let (hint, digest) = (Some(secret::hint(text)), secret::digest(text));
    rows::KeptSecret { key, label, hint, digest, starts_at, expires_at }
}

pub(crate) fn unknown(app: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::ApplicationNotFound, format!("there is no application {app} in this tenant"))
}
