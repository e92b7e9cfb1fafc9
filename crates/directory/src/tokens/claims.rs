//! What a token says. One shape for both versions, applications and users; fields that do not apply are left out.
//!
//! Source: directory.md 1.7.

use serde::{Deserialize, Serialize};

/// The claims of an access token.
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
    /// How a user signed in: `pwd`, `mfa`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) amr: Vec<String>,
    /// The client id in version 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appid: Option<String>,
    /// How the client showed who it is, in 1.0: 0 = not at all, 1 = by secret, 2 = by certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appidacr: Option<String>,
    /// The client id in version 2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) azp: Option<String>,
    /// As `appidacr`, in 2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) azpacr: Option<String>,
    /// The user's names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    /// Where the identity comes from: the issuer of the user's or application's home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idp: Option<String>,
    /// `app`: nobody's user; or `user`.
    pub(crate) idtyp: String,
    /// The user's display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The user, or the service principal.
    pub(crate) oid: String,
    /// The user principal name, in 2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_username: Option<String>,
    /// The permissions of an application.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    /// What the application may do for the user, separated by blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    /// The user, as this application knows it; for an application the same as `oid`.
    pub(crate) sub: String,
    /// The tenant acted in.
    pub(crate) tid: String,
    /// The user principal name, in 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unique_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    /// Ours, not the field's: `tokensValidFrom` of the user when the sign-in behind the token happened, in microseconds
    /// since 1970. A token of a user counts only while the user has the same. `iat` cannot say it: it knows seconds, and
    /// a password may be changed in the second a token was made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tokens_valid_from: Option<i64>,
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

    /// Whether it is of a user.
    pub(crate) fn of_user(&self) -> bool {
        self.idtyp == "user"
    }
}

/// The claims of an ID token: who the user is, for the application itself. It has no audience but the client and no
/// `idtyp`, so that it never passes for an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IdClaims {
    /// The client.
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) amr: Vec<String>,
    /// Left half of the SHA-256 of the access token that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at_hash: Option<String>,
    /// The same of the code that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) c_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idp: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// As the client sent it. Absent when it sent none: msal-node rejects one it did not ask for (directory.md 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    pub(crate) oid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_username: Option<String>,
    pub(crate) sub: String,
    pub(crate) tid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unique_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    pub(crate) uti: String,
    pub(crate) ver: String,
}
