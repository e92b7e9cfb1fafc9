//! The keys a world signs its tokens with, and the name (origin) it signs as.
//!
//! RSA with SHA-256 (RS256), 2048 bits. The `rsa` crate makes the key, because it takes our chance as its source;
//! `ring` signs and verifies, because it is fast and runs in constant time. The private key is kept in the world's
//! database: whoever has the database has the world anyway, and a snapshot or branch must go on verifying tokens.

use super::certificate;
use super::client::{Known, Remembered};
use super::granted::Permitted;
use super::memory::Memory;
use super::request::{Endpoint, TOKEN_LIFETIME_SECONDS};
use super::rows::key::{self as rows, KeptKey};
use super::token_verify::Verified;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{AppId, Clock, OpContext, Problem, Reason, Secret, TenantId, Timestamp};
use tenantry_db::{Db, audit};

const KEY_BITS: usize = 2048;
/// How long a replaced key goes on verifying, in seconds: as long as the last token it signed counts anywhere, with
/// the five minutes that clocks may differ on each side.
const RETIRED_KEPT_SECONDS: i64 = TOKEN_LIFETIME_SECONDS + 2 * 300;
/// Verified tokens and clients remembered, of each generation.
const TOKENS: usize = 4096;
const CLIENTS: usize = 1024;

/// A world's token signing keys, and what the token service remembers between calls.
pub struct Keys {
    origin: String,
    clock: Arc<dyn Clock>,
    /// The one that signs first. Replaced as a whole by a rotation.
    ring: RwLock<Arc<[Key]>>,
    /// Tokens by their SHA-256.
    pub(crate) verified: Memory<[u8; 32], Verified>,
    /// Clients by the tenant they act in.
    pub(crate) clients: Memory<(Option<TenantId>, AppId), Known>,
    /// Clients that showed a secret, by the SHA-256 of what they said.
    pub(crate) secrets: Memory<[u8; 32], Remembered>,
    /// What consent allows applications for themselves: by tenant, application and API.
    pub(crate) permissions: Memory<(TenantId, AppId, AppId), Permitted>,
}

struct Key {
    kid: String,
    pair: KeyPair,
    public: PublicKeyComponents<Vec<u8>>,
    certificate: Vec<u8>,
    retires_at: Option<Timestamp>,
}

/// A public key in a key list (directory.md 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// `RSA`.
    pub kty: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Its name, as in the header of tokens.
    pub kid: String,
    /// SHA-1 of the certificate; the same text.
    pub x5t: String,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
    /// The certificate, base64.
    pub x5c: Vec<String>,
    /// The issuer of the tokens it signs.
    pub issuer: String,
}

#[derive(Serialize)]
struct HeaderOut<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
    x5t: &'a str,
}

#[derive(Deserialize)]
struct HeaderIn {
    alg: String,
    #[serde(default)]
    kid: String,
}

impl Keys {
    /// Loads the world's keys; makes the first one if there is none. `origin` is scheme, host and port that clients
    /// reach the world by: the beginning of every issuer.
    ///
    /// # Errors
    /// Those of the database; `Corrupt` if a stored key is none.
    pub async fn open(ctx: &OpContext, db: &Db, origin: &str) -> Result<Self, Problem> {
        let mut kept = rows::all(&mut db.reader().await?).await?;
        if kept.is_empty() {
            // Outside the transaction: making a key takes a while, and SQLite has one writer.
            let made = make(ctx)?;
            let mut tx = db.begin().await?;
            rows::insert(&mut tx, &made, ctx.now()).await?;
            tx.commit().await?;
            kept.push(made);
        }
        Ok(Self {
            origin: origin.trim_end_matches('/').to_owned(),
            clock: Arc::clone(&ctx.clock),
            ring: RwLock::new(load(kept)?),
            verified: Memory::new(TOKENS),
            clients: Memory::new(CLIENTS),
            secrets: Memory::new(CLIENTS),
            permissions: Memory::new(CLIENTS),
        })
    }

    /// Scheme, host and port, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The issuer of a tenant's tokens: the tenant's GUID, or the literal `{tenantid}` in documents for all tenants
    /// (directory.md 1.3, 1.7).
    #[must_use]
    pub fn issuer(&self, tenant: &str, version: Endpoint) -> String {
        match version {
            Endpoint::V1 => format!("{}/{tenant}/", self.origin),
            Endpoint::V2 => format!("{}/{tenant}/v2.0", self.origin),
        }
    }

    /// The public keys, for the key list of an issuer: the one that signs, and those whose tokens still count.
    #[must_use]
    pub fn jwks(&self, issuer: &str) -> Vec<Jwk> {
        let jwk = |key: &Key| Jwk {
            kty: "RSA",
            usage: "sig",
            kid: key.kid.clone(),
            x5t: key.kid.clone(),
            n: URL_SAFE_NO_PAD.encode(&key.public.n),
            e: URL_SAFE_NO_PAD.encode(&key.public.e),
            x5c: vec![STANDARD.encode(&key.certificate)],
            issuer: issuer.to_owned(),
        };
        self.ring().iter().filter(|key| key.counts(self.clock.now())).map(jwk).collect()
    }

    fn ring(&self) -> Arc<[Key]> {
        // A ring is replaced in one step, so it is never half written.
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the keys again: another process of the world may have made a new one.
    pub async fn reload(&self, db: &Db) -> Result<(), Problem> {
        let ring = load(rows::all(&mut db.reader().await?).await?)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Writes and signs a token.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<Secret, Problem> {
        let ring = self.ring();
        let key = ring.first().ok_or_else(|| Problem::internal("a world without a signing key"))?;
        let header = HeaderOut { typ: "JWT", alg: "RS256", kid: &key.kid, x5t: &key.kid };
        let header = serde_json::to_vec(&header).map_err(Problem::internal)?;
        let claims = serde_json::to_vec(claims).map_err(Problem::internal)?;
        let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = sign(&key.pair, token.as_bytes())?;
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(Secret::new(token))
    }

    /// Signs a message that is no token, such as what partners are told; gives the key's name too. A message is a JSON
    /// object, and a token begins with other letters, so nobody can have one taken for the other.
    ///
    /// # Errors
    /// `Internal` for a message that is no object.
    pub fn sign_message(&self, message: &[u8]) -> Result<(String, Vec<u8>), Problem> {
        if message.first() != Some(&b'{') {
            return Err(Problem::internal("only JSON objects are signed as messages"));
        }
        let ring = self.ring();
        let key = ring.first().ok_or_else(|| Problem::internal("a world without a signing key"))?;
        Ok((key.kid.clone(), sign(&key.pair, message)?))
    }

    /// The certificate (X.509, DER) of the key of that name, if it is one of ours that still counts. Its name is the SHA-1
    /// of the certificate; what is read is compared as bytes, so base64url in another letter case names nothing.
    #[must_use]
    pub fn certificate(&self, kid: &str) -> Option<Vec<u8>> {
        let (ring, now) = (self.ring(), self.clock.now());
        ring.iter().find(|key| key.kid == kid && key.counts(now)).map(|key| key.certificate.clone())
    }

    /// The same as [`Keys::read`]; knows also a key that another process of the world made a moment ago.
    pub(crate) async fn read_anywhere<T: DeserializeOwned>(&self, db: &Db, token: &str) -> Result<T, Problem> {
        let read = self.read(token);
        if read.is_err() && db.takes_many() && self.is_made_elsewhere(db, token).await? {
            self.reload(db).await?;
            return self.read(token);
        }
        read
    }

    /// Whether the key that a token names is one of the world's that we have not read yet.
    async fn is_made_elsewhere(&self, db: &Db, token: &str) -> Result<bool, Problem> {
        let header = token.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
        let header = header.and_then(|header| serde_json::from_slice::<HeaderIn>(&header).ok());
        let Some(HeaderIn { kid, .. }) = header else { return Ok(false) };
        if self.ring().iter().any(|key| key.kid == kid) {
            return Ok(false);
        }
        rows::is_there(&mut db.reader().await?, &kid).await
    }

    /// What a token says, if one of our keys signed it. Only RS256 is known here, so a token cannot choose "none",
    /// or have the public key taken for a password.
    pub(crate) fn read<T: DeserializeOwned>(&self, token: &str) -> Result<T, Problem> {
        let forged = |what: &str| Problem::new(Reason::TokenInvalid, format!("the bearer token {what}; get a new one"));
        let no_jwt = || forged("is not a signed JWT");
        let (signed, signature) = token.rsplit_once('.').ok_or_else(no_jwt)?;
        let (header, claims) = signed.split_once('.').ok_or_else(no_jwt)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| no_jwt());
        let header: HeaderIn = serde_json::from_slice(&decode(header)?).map_err(|_| no_jwt())?;
        if header.alg != "RS256" {
            return Err(forged("is not signed with RS256"));
        }
        let (ring, now) = (self.ring(), self.clock.now());
        let key = ring.iter().find(|key| key.kid == header.kid && key.counts(now)).ok_or_else(|| {
            forged("is signed by a key that is not ours (perhaps it was made for another server or world)")
        })?;
        let signature = decode(signature)?;
        key.public
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .map_err(|_| forged("has a wrong signature"))?;
        serde_json::from_slice(&decode(claims)?).map_err(|_| forged("lacks claims of an access token"))
    }
}

/// Makes a new signing key. Tokens are signed with it from now on; the old one stays in the key list and verifies for
/// as long as a token signed with it can count, and is then deleted by the next rotation.
///
/// # Errors
/// `Forbidden` for everybody but the provider.
pub async fn keys_rotate(ctx: &OpContext, db: &Db, keys: &Keys) -> Result<(), Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let line = audit::open(ctx, db, "keys-rotate", "world").await?;
    let outcome = rotate(ctx, db, keys).await;
    line.close(ctx, db, outcome).await
}

async fn rotate(ctx: &OpContext, db: &Db, keys: &Keys) -> Result<(), Problem> {
    let made = make(ctx)?;
    let mut tx = db.begin().await?;
    rows::delete_retired(&mut tx, ctx.now()).await?;
    rows::retire(&mut tx, ctx.now().plus_seconds(RETIRED_KEPT_SECONDS)).await?;
    rows::insert(&mut tx, &made, ctx.now()).await?;
    // The other processes of the world hear of it and read the keys again.
    tx.changes_access();
    tx.commit().await?;
    keys.reload(db).await
}

fn load(kept: Vec<KeptKey>) -> Result<Arc<[Key]>, Problem> {
    kept.into_iter().map(Key::load).collect()
}

impl Key {
    fn load(kept: KeptKey) -> Result<Self, Problem> {
        let damaged = |error| Problem::corrupt(format!("signing key {}: {error}", kept.kid));
        let pair = KeyPair::from_pkcs8(&kept.private_key).map_err(damaged)?;
        let public = PublicKeyComponents::from(pair.public());
        Ok(Self { kid: kept.kid, pair, public, certificate: kept.certificate, retires_at: kept.retires_at })
    }

    /// Whether tokens it signed may still count.
    fn counts(&self, now: Timestamp) -> bool {
        self.retires_at.is_none_or(|at| now < at)
    }
}

fn make(ctx: &OpContext) -> Result<KeptKey, Problem> {
    let key = ctx.chance.with(|rng| RsaPrivateKey::new(rng, KEY_BITS)).map_err(Problem::internal)?;
    let private_key = key.to_pkcs8_der().map_err(Problem::internal)?.as_bytes().to_vec();
    let pair = KeyPair::from_pkcs8(&private_key).map_err(|error| Problem::internal(error.to_string()))?;
    let body = certificate::body(pair.public().as_ref(), ctx.chance.bytes(), ctx.now());
    let certificate = certificate::whole(&body, &sign(&pair, &body)?);
    let kid = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate));
    Ok(KeptKey { kid, private_key, certificate, retires_at: None })
}

/// The signature does not depend on the random source: `ring` uses it to hide the timing of the private key. So
/// the same world gives the same tokens.
fn sign(pair: &KeyPair, text: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(signature)
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, {} of them)", self.origin, self.ring().len())
    }
}
