//! Writing tokens: which claims, in which version, for whom.
//!
//! Source: directory.md 1.6 (the answer), 1.7 (claims).

use super::claims::{Claims, IdClaims};
use super::client::Shown;
use super::person::{Acting, SignedInBy};
use super::request::{Endpoint, TOKEN_LIFETIME_SECONDS};
use super::resource::{MICROSOFT_GRAPH, Target};
use super::scope::Asked;
use super::{IssuedToken, Keys};
use crate::people::User;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Secret, TenantId};

/// Tokens count from a little before they are made, for servers whose clocks lag (directory.md 1.7).
const NOT_BEFORE_SECONDS: i64 = 300;

/// Who issues to whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mint<'a> {
    pub(crate) ctx: &'a OpContext,
    pub(crate) keys: &'a Keys,
    pub(crate) endpoint: Endpoint,
    pub(crate) app: AppId,
    pub(crate) shown: Shown,
}

/// A user's grant that was found good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ForUser<'a> {
    pub(crate) by: &'a SignedInBy,
    pub(crate) user: &'a User,
    pub(crate) acting: &'a Acting,
    pub(crate) target: &'a Target,
    pub(crate) asked: &'a Asked,
    /// The scopes granted.
    pub(crate) granted: &'a [String],
    pub(crate) nonce: Option<&'a str>,
    pub(crate) client_info: bool,
}

impl Mint<'_> {
    /// The tokens of an application that acts for itself.
    pub(crate) fn for_application(
        &self,
        (principal, acting): (ObjectId, &Acting),
        target: &Target,
        permissions: Vec<String>,
    ) -> Result<IssuedToken, Problem> {
        let id = principal.to_string();
        let claims = Claims {
            idp: Some(self.issuer(target, acting.tenant)),
            roles: permissions,
            wids: acting.templates(),
            ..self.claims(target, acting.tenant, (id.clone(), id))
        };
        self.answer(&claims, target)
    }

    /// The tokens of an application that acts for a user.
    pub(crate) fn for_user(&self, grant: ForUser<'_>) -> Result<IssuedToken, Problem> {
        let ForUser { by, user, acting, target, asked, granted, .. } = grant;
        let two = self.version_2(target);
        let (one_name, two_name) = if two { (None, Some(user.name.clone())) } else { (Some(user.name.clone()), None) };
        let claims = Claims {
            amr: by.methods(),
            family_name: user.profile.surname.clone(),
            given_name: user.profile.given_name.clone(),
            idp: Some(self.issuer(target, user.tenant)),
            idtyp: "user".to_owned(),
            name: Some(user.profile.display_name.clone()),
            preferred_username: two_name,
            scp: Some(scopes_in_token(target, asked, granted)),
            tokens_valid_from: Some(by.valid_from.micros()),
            unique_name: one_name.clone(),
            upn: one_name,
            wids: acting.templates(),
            ..self.claims(target, acting.tenant, (user.id.to_string(), pairwise(self.app, user.id)))
        };
        let issued = self.answer(&claims, target)?;
        let id_token = if asked.wants("openid") {
            let hash = half_hash(issued.access_token.reveal());
            Some(self.id_token(grant, (Some(hash), None))?)
        } else {
            None
        };
        let client_info = grant.client_info.then(|| client_info(user.id, user.tenant));
        Ok(IssuedToken { scope: Some(asked.answer(granted)), id_token, client_info, ..issued })
    }

    /// An ID token, with the hashes of what comes with it: access token and code.
    pub(crate) fn id_token(
        &self,
        grant: ForUser<'_>,
        (at_hash, c_hash): (Option<String>, Option<String>),
    ) -> Result<Secret, Problem> {
        let ForUser { by, user, acting, asked, .. } = grant;
        let now = self.ctx.now().seconds();
        let two = self.endpoint == Endpoint::V2;
        let issuer = |tenant: TenantId| self.keys.issuer(&tenant.to_string(), self.endpoint);
        // Version 1 tells everything; in version 2 names and addresses are scopes.
        let profile = !two || asked.wants("profile");
        let email = if !two || asked.wants("email") { user.profile.mail.clone() } else { None };
        let classic = (!two).then(|| user.name.clone());
        self.keys.sign(&IdClaims {
            aud: self.app.to_string(),
            iss: issuer(acting.tenant),
            iat: now,
            nbf: now - NOT_BEFORE_SECONDS,
            exp: now + TOKEN_LIFETIME_SECONDS,
            amr: if two { Vec::new() } else { by.methods() },
            at_hash,
            c_hash,
            email,
            family_name: user.profile.surname.clone().filter(|_| profile),
            given_name: user.profile.given_name.clone().filter(|_| profile),
            idp: (user.tenant != acting.tenant).then(|| issuer(user.tenant)),
            name: profile.then(|| user.profile.display_name.clone()),
            nonce: grant.nonce.map(str::to_owned),
            oid: user.id.to_string(),
            // Libraries do not start without it (directory.md 1.6), so it does not wait for `profile`.
            preferred_username: two.then(|| user.name.clone()),
            sub: pairwise(self.app, user.id),
            tid: acting.tenant.to_string(),
            unique_name: classic.clone(),
            upn: classic,
            uti: self.uti(),
            ver: if two { "2.0" } else { "1.0" }.to_owned(),
        })
    }

    fn version_2(&self, target: &Target) -> bool {
        self.endpoint == Endpoint::V2 && target.takes_version_2
    }

    fn issuer(&self, target: &Target, tenant: TenantId) -> String {
        let version = if self.version_2(target) { Endpoint::V2 } else { Endpoint::V1 };
        self.keys.issuer(&tenant.to_string(), version)
    }

    fn uti(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.ctx.chance.bytes::<16>())
    }

    /// What all access tokens have.
    fn claims(&self, target: &Target, tenant: TenantId, (oid, sub): (String, String)) -> Claims {
        let now = self.ctx.now().seconds();
        let two = self.version_2(target);
        let (one_app, two_app) = if two { (None, Some(self.app)) } else { (Some(self.app), None) };
        let shown = || self.shown.claim().to_owned();
        Claims {
            aud: if two { target.api.to_string() } else { target.resource.clone() },
            iss: self.issuer(target, tenant),
            iat: now,
            nbf: now - NOT_BEFORE_SECONDS,
            exp: now + TOKEN_LIFETIME_SECONDS,
            amr: Vec::new(),
            appid: one_app.map(|app| app.to_string()),
            appidacr: one_app.map(|_| shown()),
            azp: two_app.map(|app| app.to_string()),
            azpacr: two_app.map(|_| shown()),
            family_name: None,
            given_name: None,
            idp: None,
            idtyp: "app".to_owned(),
            name: None,
            oid,
            preferred_username: None,
            roles: Vec::new(),
            scp: None,
            sub,
            tid: tenant.to_string(),
            tokens_valid_from: None,
            unique_name: None,
            upn: None,
            uti: self.uti(),
            ver: if two { "2.0" } else { "1.0" }.to_owned(),
            wids: Vec::new(),
        }
    }

    fn answer(&self, claims: &Claims, target: &Target) -> Result<IssuedToken, Problem> {
        Ok(IssuedToken {
            access_token: self.keys.sign(claims)?,
            expires_in: TOKEN_LIFETIME_SECONDS,
            expires_on: claims.exp,
            not_before: claims.nbf,
            resource: target.resource.clone(),
            scope: None,
            refresh_token: None,
            id_token: None,
            client_info: None,
        })
    }
}

/// The `scp` of a token. Only Microsoft Graph knows the scopes of sign-in.
fn scopes_in_token(target: &Target, asked: &Asked, granted: &[String]) -> String {
    let graph = target.resource.trim_end_matches('/').eq_ignore_ascii_case(MICROSOFT_GRAPH);
    let sign_in = asked.openid.iter().filter(|word| graph && *word != "offline_access");
    let mut scopes: Vec<_> = granted.iter().chain(sign_in).map(String::as_str).collect();
    scopes.dedup();
    scopes.join(" ")
}

/// The user as one application knows it: two applications cannot tell from it that they have the same user.
pub(crate) fn pairwise(app: AppId, user: ObjectId) -> String {
    let mut hash = Sha256::new();
    hash.update(app.guid().as_bytes());
    hash.update(user.guid().as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Left half of the SHA-256, base64url (OpenID Connect Core 3.1.3.6).
pub(crate) fn half_hash(text: &str) -> String {
    let hash = Sha256::digest(text);
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}

/// Names the account: libraries key their caches by it.
pub(crate) fn client_info(user: ObjectId, home: TenantId) -> String {
    URL_SAFE_NO_PAD.encode(format!("{{\"uid\":\"{user}\",\"utid\":\"{home}\"}}"))
}
