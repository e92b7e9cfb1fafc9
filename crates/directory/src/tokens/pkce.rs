//! Proof key for code exchange: whoever redeems a code shows that it was the one who asked for it.
//!
//! The client sends a challenge with the authorize request and the text it was made from with the code. An attacker
//! who sees the code in the browser has seen only the challenge.
//!
//! Source: RFC 7636; RFC 9700 2.1.1 (enforced whenever a challenge was sent, and always for public clients).

use super::OauthRefusal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tenantry_core::Secret;

/// How a challenge is made from its verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// SHA-256, base64url.
    S256,
    /// The verifier itself.
    Plain,
}

/// A challenge, as stored with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) text: String,
    pub(crate) method: Method,
}

impl Method {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::S256, Self::Plain].into_iter().find(|method| method.name() == name)
    }
}

/// Reads the challenge of an authorize request. Without a method it is a plain one: so the standard has it.
pub(crate) fn challenge(text: Option<&str>, method: Option<&str>) -> Result<Option<Challenge>, OauthRefusal> {
    let Some(text) = text else {
        return match method {
            Some(_) => Err(OauthRefusal::FieldMissing { field: "code_challenge" }),
            None => Ok(None),
        };
    };
    let method = match method {
        None => Method::Plain,
        Some(name) => Method::from_name(name)
            .ok_or_else(|| OauthRefusal::field("code_challenge_method", "must be S256 or plain"))?,
    };
    if !well_formed(text) {
        return Err(OauthRefusal::field("code_challenge", "must be 43 to 128 letters, digits and -._~"));
    }
    Ok(Some(Challenge { text: text.to_owned(), method }))
}

/// Whether the verifier is the one behind the challenge. One that nobody asked for is refused too: the client
/// believes in a protection that it does not have (RFC 9700 4.8.2).
pub(crate) fn check(challenge: Option<&Challenge>, verifier: Option<&Secret>) -> Result<(), OauthRefusal> {
    let verifier = verifier.map(Secret::reveal).filter(|text| !text.is_empty());
    let (challenge, verifier) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        (Some(_), None) => return Err(OauthRefusal::FieldMissing { field: "code_verifier" }),
        (None, Some(_)) => return Err(OauthRefusal::VerifierWrong),
    };
    let made = match challenge.method {
        Method::S256 => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        Method::Plain => verifier.to_owned(),
    };
    if well_formed(verifier) && crate::secret::same(&made, &challenge.text) {
        Ok(())
    } else {
        Err(OauthRefusal::VerifierWrong)
    }
}

fn well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_code_is_redeemed_by_whoever_asked_for_it() {
        let other = VERIFIER.replace('d', "e");
        for (sent, verifier, expected) in [
            (None, None, Ok(())),
            (Some((CHALLENGE, Some("S256"))), Some(VERIFIER), Ok(())),
            (Some((VERIFIER, Some("plain"))), Some(VERIFIER), Ok(())),
            (Some((VERIFIER, None)), Some(VERIFIER), Ok(())),
            (Some((CHALLENGE, Some("S256"))), Some(other.as_str()), Err(501_481)),
            (Some((CHALLENGE, Some("S256"))), Some(CHALLENGE), Err(501_481)),
            (Some((CHALLENGE, Some("S256"))), None, Err(900_144)),
            (Some((CHALLENGE, Some("S256"))), Some(""), Err(900_144)),
            (Some((CHALLENGE, None)), Some(VERIFIER), Err(501_481)),
            (None, Some(VERIFIER), Err(501_481)),
        ] {
            let challenge = sent.and_then(|(text, method)| challenge(Some(text), method).unwrap());
            let verifier = verifier.map(Secret::new);
            let seen = check(challenge.as_ref(), verifier.as_ref()).map_err(|refusal| refusal.code());
            assert_eq!(seen, expected, "{sent:?} {verifier:?}");
        }
    }

    #[test]
    fn a_challenge_has_a_form() {
        for (text, method, expected) in [
            (None, None, None),
            (None, Some("S256"), Some(900_144)),
            (Some("short"), Some("S256"), Some(90_014)),
            (Some(&*"x".repeat(129)), None, Some(90_014)),
            (Some("has a blank in it, and is long enough for one"), None, Some(90_014)),
            (Some(CHALLENGE), Some("s256"), Some(90_014)),
            (Some(CHALLENGE), Some("S512"), Some(90_014)),
        ] {
            assert_eq!(challenge(text, method).err().map(|refusal| refusal.code()), expected, "{text:?} {method:?}");
        }
    }
}
