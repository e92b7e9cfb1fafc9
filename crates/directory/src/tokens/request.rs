//! What comes in at the token endpoint, and what goes out.
//!
//! Source: directory.md 1.5, 1.6.

use super::OauthRefusal;
use tenantry_core::{Secret, Timestamp};

/// How long a token lives, in seconds.
pub const TOKEN_LIFETIME_SECONDS: i64 = 3599;

/// Which version of the endpoints was asked. They differ in names of fields, forms of answers and issuers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `/{tenant}/oauth2/token`, with a `resource`.
    V1,
    /// `/{tenant}/oauth2/v2.0/token`, with a `scope`.
    V2,
}

/// What the operator of a world decides about sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignInRules {
    /// Whether the grant `password` is served. It hands a person's password to the application (RFC 9700 2.4), so it
    /// is off; a sandbox that must be faithful to old clients may switch it on.
    pub password_grant: bool,
    /// Whether clients live in another time than the world: those of a sandbox do. What they sign carries the time of
    /// their machine, so it is checked on that.
    pub clients_live_outside: bool,
}

/// The fields of a token request, as sent. An empty field counts as absent.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The tenant of the path: GUID, domain, or `common` / `organizations` for the tenant of whoever signs in.
    pub tenant: &'a str,
    /// Which grant.
    pub grant_type: Option<&'a str>,
    /// The application.
    pub client_id: Option<&'a str>,
    /// Its secret.
    pub client_secret: Option<&'a Secret>,
    /// The form of the assertion.
    pub client_assertion_type: Option<&'a str>,
    /// Or what it signed with the key of its certificate.
    pub client_assertion: Option<&'a Secret>,
    /// What for, at the version 1 endpoint.
    pub resource: Option<&'a str>,
    /// What for, at the version 2 endpoint.
    pub scope: Option<&'a str>,
    /// An authorization code. Some clients put the device code here.
    pub code: Option<&'a Secret>,
    /// Where the code was sent.
    pub redirect_uri: Option<&'a str>,
    /// What the code's challenge was made from.
    pub code_verifier: Option<&'a Secret>,
    /// A refresh token.
    pub refresh_token: Option<&'a Secret>,
    /// A device code.
    pub device_code: Option<&'a Secret>,
    /// On behalf of whom: an access token of a user for this application.
    pub assertion: Option<&'a Secret>,
    /// `on_behalf_of`.
    pub requested_token_use: Option<&'a str>,
    /// The user, in the password grant.
    pub username: Option<&'a str>,
    /// The password, in the password grant.
    pub password: Option<&'a Secret>,
    /// Whether `client_info=1` was sent.
    pub client_info: bool,
    /// What time it is where the client is; the world's, if absent. Only what the client signed is checked on it.
    pub clients_time: Option<Timestamp>,
}

impl<'a> TokenRequest<'a> {
    /// A request with nothing in it.
    #[must_use]
    pub const fn new(endpoint: Endpoint, tenant: &'a str) -> Self {
        Self {
            endpoint,
            tenant,
            grant_type: None,
            client_id: None,
            client_secret: None,
            client_assertion_type: None,
            client_assertion: None,
            resource: None,
            scope: None,
            code: None,
            redirect_uri: None,
            code_verifier: None,
            refresh_token: None,
            device_code: None,
            assertion: None,
            requested_token_use: None,
            username: None,
            password: None,
            client_info: false,
            clients_time: None,
        }
    }
}

/// A token and what the answer says about it. Times are in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// The JWT.
    pub access_token: Secret,
    /// Seconds it lives.
    pub expires_in: i64,
    /// Good until.
    pub expires_on: i64,
    /// Good from.
    pub not_before: i64,
    /// The resource as requested.
    pub resource: String,
    /// The scopes granted, for tokens of users.
    pub scope: Option<String>,
    /// To get the next one with.
    pub refresh_token: Option<Secret>,
    /// Who the user is, for the application itself.
    pub id_token: Option<Secret>,
    /// Names the account for the client's cache: base64url of JSON.
    pub client_info: Option<String>,
}

/// A field that has a value.
pub(crate) fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|text| !text.is_empty())
}

/// A field that must have one.
pub(crate) fn needed<'a>(value: Option<&'a str>, field: &'static str) -> Result<&'a str, OauthRefusal> {
    given(value).ok_or(OauthRefusal::FieldMissing { field })
}

/// A secret that must be there.
pub(crate) fn needed_secret<'a>(value: Option<&'a Secret>, field: &'static str) -> Result<&'a Secret, OauthRefusal> {
    value.filter(|secret| !secret.reveal().is_empty()).ok_or(OauthRefusal::FieldMissing { field })
}
