//! Checking a client assertion: a statement "I am this application", signed with the key of a certificate that was
//! registered for it.
//!
//! Real clients write them in more ways than a strict reader would take (directory.md 1.5): RS256 and PS256, the
//! thumbprint as SHA-1 with or without padding or as SHA-256, dates with decimal fractions, with and without `nbf`. All
//! of these are read. What counts is never taken from the assertion itself: the key is one of the application's own,
//! whatever `x5c` says.

use crate::applications::Certificate;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters};
use serde::Deserialize;
use serde_json::value::RawValue;
use tenantry_core::Timestamp;

/// How far clocks may differ, in seconds.
const SKEW_SECONDS: i64 = 300;
/// The longest an assertion may live, in seconds: one day, as the field allows. Clients make them for ten minutes.
const LONGEST_SECONDS: i64 = 86_400;
/// An assertion with a long chain has some 10 kB.
const LONGEST_TEXT: usize = 32 << 10;

/// An assertion taken apart, and not believed yet.
#[derive(Debug)]
pub(crate) struct Assertion<'a> {
    header: Header,
    body: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// A good assertion.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Its own name, if it has one.
    pub(crate) jti: Option<String>,
    /// The servers it is for. Whether one of them is this one is the caller's to say: that takes the names of tenants.
    pub(crate) audiences: Vec<String>,
    /// Until when it could be shown again.
    pub(crate) until: Timestamp,
}

/// What is wrong with one, in the words of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No JWT of a form we read, or made with a method we do not take.
    Malformed(&'static str),
    /// The certificate is not valid today.
    KeyExpired { from: Timestamp, until: Timestamp },
    /// Signed by another key.
    Signature,
    /// Expired, from the future, or made to live too long.
    Time(String),
    /// Made by or about another application.
    Foreign(String),
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    x5t: Option<String>,
    #[serde(default, rename = "x5t#S256")]
    x5t_s256: Option<String>,
    /// Some older libraries put the thumbprint here.
    #[serde(default)]
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Claims<'a> {
    aud: Audience,
    iss: String,
    sub: String,
    #[serde(borrow)]
    exp: &'a RawValue,
    #[serde(borrow, default)]
    iat: Option<&'a RawValue>,
    #[serde(borrow, default)]
    nbf: Option<&'a RawValue>,
    #[serde(default)]
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl<'a> Assertion<'a> {
    /// Takes one apart.
    pub(crate) fn read(text: &'a str) -> Result<Self, Fault> {
        let no_jwt = || Fault::Malformed("it is not a signed JWT");
        if text.len() > LONGEST_TEXT {
            return Err(Fault::Malformed("it is too long"));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or_else(no_jwt)?;
        let (header, body) = signed.split_once('.').ok_or_else(no_jwt)?;
        let (Some(header), Some(body), Some(signature)) = (decode(header), decode(body), decode(signature)) else {
            return Err(no_jwt());
        };
        let header = serde_json::from_slice(&header).map_err(|_| Fault::Malformed("its header cannot be read"))?;
        Ok(Self { header, body, signed, signature })
    }

    /// The thumbprint of the certificate it says it was made with, as sent.
    pub(crate) fn thumbprint(&self) -> Result<&str, Fault> {
        let Header { x5t_s256, x5t, kid, .. } = &self.header;
        let named = x5t_s256.as_deref().or(x5t.as_deref()).or(kid.as_deref());
        named.ok_or(Fault::Malformed("its header must have x5t or x5t#S256"))
    }

    /// Checks it as one of the application `app`, made with this certificate of it.
    pub(crate) fn verify(&self, app: &str, certificate: &Certificate, now: Timestamp) -> Result<Shown, Fault> {
        if !certificate.is_good_at(now) {
            return Err(Fault::KeyExpired { from: certificate.starts_at, until: certificate.expires_at });
        }
        let (modulus, exponent) = certificate.public_key();
        PublicKeyComponents { n: modulus, e: exponent }
            .verify(method(&self.header.alg)?, self.signed.as_bytes(), &self.signature)
            .map_err(|_| Fault::Signature)?;
        // Only now is it worth looking at what it says.
        let claims: Claims<'_> = serde_json::from_slice(&self.body)
            .map_err(|_| Fault::Malformed("it must have the claims aud, iss, sub, exp"))?;
        for (claim, text) in [("iss", &claims.iss), ("sub", &claims.sub)] {
            if !text.eq_ignore_ascii_case(app) {
                return Err(Fault::Foreign(format!("its `{claim}` is {text}")));
            }
        }
        let until = times(&claims, now)?;
        let audiences = match claims.aud {
            Audience::One(one) => vec![one],
            Audience::Many(many) => many,
        };
        Ok(Shown { jti: claims.jti.filter(|jti| !jti.is_empty()), audiences, until })
    }
}

/// When it ends, if it counts now.
fn times(claims: &Claims<'_>, now: Timestamp) -> Result<Timestamp, Fault> {
    let read = |raw: &RawValue| {
        seconds(raw.get()).map(Timestamp::from_seconds).ok_or(Fault::Malformed("its dates are not numbers"))
    };
    let until = read(claims.exp)?;
    let given = claims.iat.or(claims.nbf).map(read).transpose()?;
    let from = claims.nbf.map(read).transpose()?;
    if now >= until.plus_seconds(SKEW_SECONDS) {
        return Err(Fault::Time(format!("it expired at {until}; it is {now} now")));
    }
    for (claim, at) in [("iat", given), ("nbf", from)] {
        if let Some(at) = at.filter(|at| *at > now.plus_seconds(SKEW_SECONDS)) {
            return Err(Fault::Time(format!("its `{claim}` is {at}; it is {now} now")));
        }
    }
    let made = given.unwrap_or(now);
    if until > made.plus_seconds(LONGEST_SECONDS) || until > now.plus_seconds(LONGEST_SECONDS + SKEW_SECONDS) {
        return Err(Fault::Time(format!("it lives until {until}, longer than the {LONGEST_SECONDS} s allowed")));
    }
    Ok(until.plus_seconds(SKEW_SECONDS))
}

/// Seconds of a JSON number, cut: `1795362314.1704543`. Text, because floats are not for dates.
fn seconds(number: &str) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let plain = !whole.is_empty() && whole.len() <= 12 && whole.bytes().all(|b| b.is_ascii_digit());
    (plain && fraction.bytes().all(|b| b.is_ascii_digit())).then(|| whole.parse().ok()).flatten()
}

fn method(alg: &str) -> Result<&'static RsaParameters, Fault> {
    match alg {
        "RS256" => Ok(&RSA_PKCS1_2048_8192_SHA256),
        "PS256" => Ok(&RSA_PSS_2048_8192_SHA256),
        _ => Err(Fault::Malformed("its `alg` must be RS256 or PS256")),
    }
}

/// base64url, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_to_the_second() {
        for (text, expected) in [
            ("1795362314", Some(1_795_362_314)),
            ("1795362314.1704543", Some(1_795_362_314)),
            ("1795362314.", Some(1_795_362_314)),
            ("1e9", None),
            ("-5", None),
            ("\"1795362314\"", None),
            ("1795362314.17e1", None),
            ("99999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
