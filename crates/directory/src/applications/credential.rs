//! What an application proves itself with, as it is asked for and as it is shown. A secret's text is in neither: it is
//! given out once, when it is made.

use super::Certificate;
use super::rows::secret::KeptSecret;
use tenantry_core::{Secret, Timestamp};
use uuid::Uuid;

/// A secret as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretEntry {
    /// Its key id: names it for removal.
    pub key: Uuid,
    /// What its owner calls it.
    pub label: Option<String>,
    /// Its first three characters. The oldest secrets have none.
    pub hint: Option<String>,
    /// Good from.
    pub starts_at: Timestamp,
    /// Good until, exclusive.
    pub expires_at: Timestamp,
}

impl From<KeptSecret> for SecretEntry {
    fn from(kept: KeptSecret) -> Self {
        let KeptSecret { key, label, hint, digest: _, starts_at, expires_at } = kept;
        Self { key, label, hint, starts_at, expires_at }
    }
}

/// All that an application can prove itself with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// By the time they were added, then by key id.
    pub secrets: Vec<SecretEntry>,
    /// Likewise.
    pub certificates: Vec<Certificate>,
}

/// What is to become of an application's credentials: how clients of the older API write them. An entry that names a key
/// id the application has, and brings no value, stays; one with a value is added; those that are not named go. `None`
/// leaves the whole kind alone.
#[derive(Debug, Clone, Default)]
pub struct CredentialsChange {
    /// The secrets.
    pub secrets: Option<Vec<NewSecret>>,
    /// The certificates.
    pub certificates: Option<Vec<NewCertificate>>,
}

impl CredentialsChange {
    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.secrets.is_none() && self.certificates.is_none()
    }
}

/// A secret that is to be added.
#[derive(Debug, Clone, Default)]
pub struct NewSecret {
    /// Its key id; one is made if absent.
    pub key: Option<Uuid>,
    /// What its owner calls it.
    pub label: Option<String>,
    /// Good from; now if absent.
    pub starts_at: Option<Timestamp>,
    /// Good until; two years later if absent.
    pub expires_at: Option<Timestamp>,
    /// The text, if the client chose it itself. Refused unless it looks random; made if absent.
    pub value: Option<Secret>,
}

/// A certificate that is to be added.
#[derive(Debug, Clone, Default)]
pub struct NewCertificate {
    /// Its key id; one is made if absent.
    pub key: Option<Uuid>,
    /// What its owner calls it.
    pub label: Option<String>,
    /// Not before. The certificate's own beginning counts if it is later.
    pub starts_at: Option<Timestamp>,
    /// Not after. The certificate's own end counts if it is earlier.
    pub expires_at: Option<Timestamp>,
    /// X.509 in DER, or base64 of it, with or without the lines of PEM.
    pub certificate: Vec<u8>,
}
