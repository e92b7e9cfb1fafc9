//! What a token says. One shape for both versions; fields of the other version are left out.
//!
//! Source: directory.md 1.7.

use serde::{Deserialize, Serialize};

/// The claims of an application's access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Whom it is for: the resource as requested (1.0), or the API's app id (2.0).
    pub(crate) aud: String,
    /// Who made it: our origin, the tenant, and in 2.0 the version.
    pub(crate) iss: String,
    /// Issued at, in seconds since 1970, as are the next two.
    pub(crate) iat: i64,
    /// Not before.
    pub(crate) nbf: i64,
    /// Good until, exclusive.
    pub(crate) exp: i64,
    /// The client id in version 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appid: Option<String>,
    /// How the client showed who it is, in 1.0: 1 = by secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appidacr: Option<String>,
    /// The client id in version 2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) azp: Option<String>,
    /// As `appidacr`, in 2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) azpacr: Option<String>,
    /// Where the identity comes from: the same issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idp: Option<String>,
    /// `app`: nobody's user.
    pub(crate) idtyp: String,
    /// The service principal.
    pub(crate) oid: String,
    /// The same.
    pub(crate) sub: String,
    /// The tenant.
    pub(crate) tid: String,
    /// Names the token in logs.
    pub(crate) uti: String,
    /// `1.0` or `2.0`.
    pub(crate) ver: String,
    /// Template ids of the directory roles held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wids: Vec<String>,
}

impl Claims {
    /// The client id, wherever it stands.
    pub(crate) fn client(&self) -> Option<&str> {
        self.appid.as_deref().or(self.azp.as_deref())
    }
}
