//! Giving an application one more secret, so that the old one can be retired without a gap.

use crate::rows::{self, KeptSecret};
use crate::secret;
use tenantry_core::{AppId, OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::Tx;
use uuid::Uuid;

/// How long a secret lives unless somebody says otherwise: two years, the longest the field offers.
pub const SECRET_LIFETIME_SECONDS: i64 = 730 * 86_400;

/// Adds a secret that ends after so many seconds of world time. The text is given out here and never again; the
/// id names the secret for [`crate::secret_remove`].
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
    if rows::application_home(tx, app).await? != Some(tenant) {
        return Err(unknown(app));
    }
    let (id, text) = (ctx.chance.guid(), secret::draw(&ctx.chance));
    let kept = KeptSecret { digest: secret::digest(&text), expires_at: ctx.now().plus_seconds(lifetime_seconds) };
    rows::secret_insert(tx, id, (tenant, app), &kept, ctx.now()).await?;
    Ok((id, text))
}

pub(crate) fn unknown(app: AppId) -> Problem {
    Problem::new(Reason::ApplicationNotFound, format!("there is no application {app} in this tenant"))
}
