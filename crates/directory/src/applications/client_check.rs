//! What a client shows to prove who it is, compared with what is registered. The request, its fields and the refusals
//! are the token service's; so is checking an assertion's signature and times.

use super::rows::{certificate, secret as kept};
use super::{Certificate, secret};
use crate::applications::certificate::thumbprint;
use tenantry_core::{AppId, Problem, Secret, Timestamp};
use tenantry_db::Connection;

/// What a secret is to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretMatch {
    /// One of its secrets.
    Good {
        /// When it stops being one.
        until: Timestamp,
    },
    /// One of its secrets, outside the time it is good for.
    Expired,
    /// None of its secrets.
    Wrong,
}

/// Compares a secret with those of the application. It costs one SHA-256, whatever was sent.
///
/// # Errors
/// Those of the database.
pub(crate) async fn secret_match(
    on: &mut impl Connection,
    app: AppId,
    given: &Secret,
    now: Timestamp,
) -> Result<SecretMatch, Problem> {
    let digest = secret::digest(given);
    let kept = kept::of_app(on, app).await?;
    // All are compared, so that the time taken does not tell which one matched.
    let matching: Vec<_> = kept.iter().filter(|kept| secret::same(&kept.digest, &digest)).collect();
    let good = matching.iter().find(|kept| kept.starts_at <= now && now < kept.expires_at);
    Ok(match good {
        Some(good) => SecretMatch::Good { until: good.expires_at },
        None if matching.is_empty() => SecretMatch::Wrong,
        None => SecretMatch::Expired,
    })
}

/// The certificate of the application that an assertion names, by SHA-1 (`x5t`) or SHA-256 (`x5t#S256`), padded or
/// not. Whether it is good at present is asked with [`Certificate::is_good_at`].
///
/// # Errors
/// Those of the database.
pub(crate) async fn certificate_matching(
    on: &mut impl Connection,
    app: AppId,
    sent: &str,
) -> Result<Option<Certificate>, Problem> {
    match thumbprint(sent) {
        Some(thumbprint) => certificate::by_thumbprint(on, app, &thumbprint).await,
        None => Ok(None),
    }
}

impl Certificate {
    /// Whether it is within its time.
    #[must_use]
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.starts_at <= now && now < self.expires_at
    }

    /// The public key, as `ring` takes it for RS256 and PS256: modulus and exponent, big-endian.
    #[must_use]
    pub fn public_key(&self) -> (&[u8], &[u8]) {
        (&self.modulus, &self.exponent)
    }
}
