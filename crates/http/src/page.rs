//! Continuation tokens: where a list goes on.
//!
//! Some clients send nothing but the token with the next request, not even the page size
//! (partner-center-v1.md 1.6), so a token carries everything: which list, and whatever the face put in (size,
//! filter, the last key seen). Tokens are opaque and versioned. The checksum finds tokens that were cut or
//! edited; it is not there for security, because a list is always read under the caller's own tenant, and a
//! forged position there shows nothing the caller may not see.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tenantry_core::Problem;

const VERSION: u32 = 1;
const CHECKSUM_BYTES: usize = 4;

#[derive(Serialize, Deserialize)]
struct Token<S> {
    v: u32,
    list: String,
    state: S,
}

/// Read first, so that a token of another list or version is named as such and not as one of a wrong shape.
#[derive(Deserialize)]
struct Head {
    v: u32,
    list: String,
}

/// Makes a token for the next page of `list` (any text that names the list, such as its path).
pub fn encode<S: Serialize>(list: &str, state: &S) -> Result<String, Problem> {
    let token = Token { v: VERSION, list: list.to_owned(), state };
    let mut bytes = serde_json::to_vec(&token).map_err(Problem::internal)?;
    let checksum = checksum(&bytes);
    bytes.extend_from_slice(&checksum);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads a token made for the same list; anything else is an invalid `MS-ContinuationToken`.
pub fn decode<S: DeserializeOwned>(list: &str, token: &str) -> Result<S, Problem> {
    let refused = |why: &str| Problem::invalid("MS-ContinuationToken", format!("{why}; start again without a token"));
    let damaged = || refused("the token is not one of ours, or was changed or cut short");
    let bytes = URL_SAFE_NO_PAD.decode(token.trim().trim_end_matches('=')).map_err(|_| damaged())?;
    let split = bytes.len().checked_sub(CHECKSUM_BYTES).ok_or_else(damaged)?;
    let (json, sum) = bytes.split_at(split);
    if sum != checksum(json) {
        return Err(damaged());
    }
    let head: Head = serde_json::from_slice(json).map_err(|_| damaged())?;
    if head.v != VERSION {
        return Err(refused("the token was made by another version"));
    }
    if head.list != list {
        return Err(refused("the token belongs to another list or query"));
    }
    serde_json::from_slice::<Token<S>>(json)
        .map(|token| token.state)
        .map_err(|_| refused("the token belongs to another list or query"))
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|place| digest[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Reason;

    type State = (usize, String);

    #[test]
    fn a_token_gives_back_what_went_in() {
        let state: State = (40, "Straße / ü".to_owned());
        let token = encode("customers", &state).unwrap();
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{token}");
        assert_eq!(decode::<State>("customers", &token).unwrap(), state);
        assert_eq!(decode::<State>("customers", &format!(" {token}==")).unwrap(), state);
    }

    #[test]
    fn other_tokens_are_refused_with_the_reason() {
        let good = encode("customers", &(40_usize, "key")).unwrap();
        let later = {
            let mut bytes = br#"{"v":2,"list":"customers","state":[40,"key"]}"#.to_vec();
            let sum = checksum(&bytes);
            bytes.extend_from_slice(&sum);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        for (list, token, why) in [
            ("users", good.clone(), "another list"),
            ("customers", encode("customers", &"shape").unwrap(), "another list"),
            ("customers", good[..good.len() - 1].to_owned(), "cut short"),
            ("customers", good[..good.len() - 4].to_owned(), "cut short"),
            ("customers", format!("{}A{}", &good[..9], &good[10..]), "changed"),
            ("customers", later, "another version"),
            ("customers", "x y".to_owned(), "not one of ours"),
            ("customers", String::new(), "cut short"),
        ] {
            let problem = decode::<State>(list, &token).unwrap_err();
            assert_eq!(problem.reason(), Reason::InvalidField);
            assert!(problem.message().contains(why), "{token}: {problem:?}");
        }
    }
}
