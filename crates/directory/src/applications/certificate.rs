//! Certificates that applications sign in with.
//!
//! A certificate is only a carrier here: of a public key, of the time it is good for, and of two thumbprints that
//! clients name it by. Nobody checks who issued it. Whoever registers it vouches for it, as with a secret.
//!
//! Taken apart with the DER reader that the `rsa` crate brings along: of the certificate's body three members
//! count, so a library for all of X.509 would be mostly code that must be right and never runs.
//!
//! Source: RFC 5280 4.1; directory.md 1.5 (client assertion: `x5t` and `x5t#S256`, padded or not).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rsa::pkcs1::RsaPublicKey;
use rsa::pkcs1::der::asn1::{AnyRef, BitStringRef, GeneralizedTime, UtcTime};
use rsa::pkcs1::der::{self, Decode, Reader, SliceReader, Tag, Tagged};
use rsa::pkcs8::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use tenantry_core::{Problem, Timestamp};
use uuid::Uuid;

/// A certificate of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its key id: names it for removal.
    pub key: Uuid,
    /// What its owner calls it.
    pub label: Option<String>,
    /// The certificate itself, in DER.
    pub der: Vec<u8>,
    /// SHA-1 of the DER, base64url without padding: `x5t`.
    pub sha1: String,
    /// SHA-256 likewise: `x5t#S256`.
    pub sha256: String,
    /// The public key's modulus, big-endian, without leading zeros.
    pub modulus: Vec<u8>,
    /// The public key's exponent, likewise.
    pub exponent: Vec<u8>,
    /// Good from.
    pub starts_at: Timestamp,
    /// Good until, exclusive.
    pub expires_at: Timestamp,
}

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Field 0 of the body, explicitly tagged: the version.
const VERSION: u8 = 0xA0;
const DER_MAX: usize = 16 * 1024;
/// What the verifier takes; below, a key is not safe any more.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
const FIELD: &str = "keyCredentials";

impl Certificate {
    /// Reads one, from DER or from PEM's base64 with or without its lines.
    ///
    /// # Errors
    /// `InvalidField`: not a certificate, no RSA key, or one the verifier does not take.
    pub(crate) fn read(key: Uuid, label: Option<String>, given: &[u8]) -> Result<Self, Problem> {
        let der = unwrapped(given)?;
        let wrong = |what: &str| Problem::invalid(FIELD, format!("{what}; send an X.509 certificate in DER, base64"));
        let (validity, key_info) = body(&der).map_err(|error| wrong(&format!("this is no certificate ({error})")))?;
        let key_info = SubjectPublicKeyInfoRef::from_der(&key_info)
            .map_err(|error| wrong(&format!("its public key cannot be read ({error})")))?;
        if key_info.algorithm.oid != RSA_ENCRYPTION {
            return Err(wrong("its key is no RSA key, and assertions are signed with RS256 or PS256"));
        }
        let bits: BitStringRef<'_> = key_info.subject_public_key;
        let public = bits.as_bytes().and_then(|bytes| RsaPublicKey::from_der(bytes).ok());
        let public = public.ok_or_else(|| wrong("its RSA key cannot be read"))?;
        let (modulus, exponent) = (public.modulus.as_bytes().to_vec(), public.public_exponent.as_bytes().to_vec());
        let length = bit_length(&modulus);
        if !MODULUS_BITS.contains(&length) {
            let (least, most) = (MODULUS_BITS.start(), MODULUS_BITS.end());
            return Err(wrong(&format!("its RSA key has {length} bits; use one of {least} to {most}")));
        }
        let odd = exponent.last().is_some_and(|last| last % 2 == 1);
        if !odd || exponent == [1] || exponent.len() > 4 {
            return Err(wrong("its RSA exponent is not one that is in use, such as 65537"));
        }
        let [starts_at, expires_at] = validity;
        if expires_at <= starts_at {
            return Err(wrong(&format!("it ends at {expires_at}, before it begins at {starts_at}")));
        }
        let print = |algorithm| URL_SAFE_NO_PAD.encode(digest(algorithm, &der));
        let (sha1, sha256) = (print(&SHA1_FOR_LEGACY_USE_ONLY), print(&SHA256));
        Ok(Self { key, label, der, sha1, sha256, modulus, exponent, starts_at, expires_at })
    }
}

/// The thumbprint in our form: base64url without padding. Clients also send padding, the other alphabet, or hex.
/// `None` for what is no thumbprint.
pub(crate) fn thumbprint(sent: &str) -> Option<String> {
    let length = |bytes: &Vec<u8>| matches!(bytes.len(), 20 | 32);
    let hex = || -> Option<Vec<u8>> {
        let even = sent.is_ascii() && sent.len().is_multiple_of(2);
        let pairs = even.then(|| sent.as_bytes().chunks(2))?;
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    };
    let plain: String = sent.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let decoded = URL_SAFE_NO_PAD.decode(plain).ok().filter(length);
    decoded.or_else(|| hex().filter(length)).map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

/// DER as it is; base64 and PEM decoded.
fn unwrapped(given: &[u8]) -> Result<Vec<u8>, Problem> {
    if given.len() > DER_MAX * 2 {
        return Err(Problem::invalid(FIELD, format!("{} bytes are no certificate; send one only", given.len())));
    }
    // DER begins with the tag of a sequence, which is the letter `0`; no base64 of a sequence begins with it.
    if given.first() == Some(&0x30) {
        return Ok(given.to_vec());
    }
    let text = std::str::from_utf8(given).ok();
    let lines = text.map(|text| text.lines().filter(|line| !line.starts_with("-----")).collect::<String>());
    let compact = lines.map(|lines| lines.split_whitespace().collect::<String>());
    let decoded = compact.and_then(|text| STANDARD.decode(text).ok()).filter(|der| der.first() == Some(&0x30));
    decoded.ok_or_else(|| {
        Problem::invalid(FIELD, "this is neither DER nor base64 of it; send an X.509 certificate in DER, base64")
    })
}

type Validity = [Timestamp; 2];

/// The validity and the key of a certificate: fields 5 and 7 of its body, or 4 and 6 if it says no version.
fn body(der: &[u8]) -> der::Result<(Validity, Vec<u8>)> {
    let mut body = members(AnyRef::from_der(der)?)?.decode().and_then(members)?;
    if body.peek_byte() == Some(VERSION) {
        body.tlv_bytes()?;
    }
    let (_serial, _algorithm, _issuer) = (body.tlv_bytes()?, body.tlv_bytes()?, body.tlv_bytes()?);
    let mut times = members(body.decode()?)?;
    let validity = [time(times.decode()?)?, time(times.decode()?)?];
    let (_subject, key) = (body.tlv_bytes()?, body.tlv_bytes()?);
    // The last second of a certificate still counts (RFC 5280 4.1.2.5); our ends are exclusive.
    let [starts_at, last] = validity;
    Ok(([starts_at, last.plus_seconds(1)], key.to_vec()))
}

/// What is in a sequence.
fn members(sequence: AnyRef<'_>) -> der::Result<SliceReader<'_>> {
    sequence.tag().assert_eq(Tag::Sequence)?;
    SliceReader::new(sequence.value())
}

fn time(any: AnyRef<'_>) -> der::Result<Timestamp> {
    let since_1970 = match any.tag() {
        Tag::UtcTime => any.decode_as::<UtcTime>()?.to_unix_duration(),
        _ => any.decode_as::<GeneralizedTime>()?.to_unix_duration(),
    };
    let seconds = i64::try_from(since_1970.as_secs()).map_err(|_| der::ErrorKind::Overflow)?;
    Ok(Timestamp::from_seconds(seconds))
}

fn bit_length(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE;

    #[test]
    fn thumbprints_are_known_however_they_are_written() {
        let sha1 = [0xFB; 20];
        let ours = URL_SAFE_NO_PAD.encode(sha1);
        for sent in [ours.clone(), URL_SAFE.encode(sha1), STANDARD.encode(sha1), "fb".repeat(20), "FB".repeat(20)] {
            assert_eq!(thumbprint(&sent).as_deref(), Some(ours.as_str()), "{sent}");
        }
        for sent in ["", "abc", "not a thumbprint", &"fb".repeat(19), "ä".repeat(20).as_str()] {
            assert_eq!(thumbprint(sent), None, "{sent}");
        }
    }
}
