//! Large answers are sent compressed to clients that ask for it.
//!
//! Files and lists of lines shrink to a tenth, and the line to the client is the slow part. Small answers are sent as
//! they are: the head alone is as long. So are pages and answers that set cookies: a secret beside text that a stranger
//! can choose must not be compressed with it, or its length tells the secret (BREACH). And so is what has an ETag: it
//! names exact bytes.
//!
//! What might have been compressed says `Vary: Accept-Encoding`, compressed or not, so that no cache hands the one to
//! a client of the other.

use crate::Answer;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, SET_COOKIE, VARY,
};
use http::{HeaderMap, HeaderValue};
use std::io::Write;

/// Answers below this many bytes are not worth it.
const BYTES_MIN: usize = 8 << 10;
/// Answers above this are compressed away from the threads that serve everybody.
const INLINE_MAX: usize = 64 << 10;

/// What the client takes, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Plain,
    Gzip,
}

/// Reads it from the head of a request.
pub(crate) fn asked(headers: &HeaderMap) -> Takes {
    if takes_gzip(headers) { Takes::Gzip } else { Takes::Plain }
}

/// Compresses an answer if it is worth it and the client takes it.
pub(crate) async fn compress(takes: Takes, answer: Answer) -> Answer {
    if !may_shrink(&answer) {
        return answer;
    }
    let mut answer = answer;
    answer.headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if takes == Takes::Plain {
        return answer;
    }
    let plain = answer.body.clone();
    let packed = if plain.len() <= INLINE_MAX {
        gzip(&plain)
    } else {
        tokio::task::spawn_blocking(move || gzip(&plain)).await.ok().flatten()
    };
    // Should it fail, or not shrink, the plain answer is as good.
    if let Some(packed) = packed.filter(|packed| packed.len() < answer.body.len()) {
        answer.body = packed;
        answer.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        answer.headers.remove(ACCEPT_RANGES);
    }
    answer
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether the answer is of a kind that is ever compressed.
fn may_shrink(answer: &Answer) -> bool {
    let headers = &answer.headers;
    let bound = [CONTENT_ENCODING, CONTENT_RANGE, ETAG, SET_COOKIE];
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = match kind.as_str() {
        "text/html" => false,
        "application/json" | "application/x-ndjson" | "application/xml" => true,
        kind => kind.starts_with("text/") || kind.ends_with("+json") || kind.ends_with("+xml"),
    };
    text && answer.status.is_success()
        && answer.body.len() >= BYTES_MIN
        && !bound.iter().any(|name| headers.contains_key(name))
}

/// Whether the client takes gzip, by RFC 9110 12.5.3: named with a weight above zero, or covered by `*` and not named.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let mut any = false;
    for value in asked.get_all(ACCEPT_ENCODING) {
        for item in value.to_str().unwrap_or_default().split(',') {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            // A weight is 0 if nothing but zeros is in it.
            let refused = weight.is_some_and(|weight| weight.bytes().all(|byte| matches!(byte, b'0' | b'.')));
            if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
                return !refused;
            }
            any |= coding == "*" && !refused;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use http::StatusCode;
    use std::io::Read;

    fn asking(encodings: &str) -> Takes {
        let mut headers = HeaderMap::new();
        if !encodings.is_empty() {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(encodings).unwrap());
        }
        asked(&headers)
    }

    fn long() -> String {
        "a line of a file, ".repeat(10_000)
    }

    #[tokio::test]
    async fn what_clients_ask_for_they_get() {
        for (encodings, packed) in [
            ("gzip", true),
            ("deflate, gzip;q=0.5, br", true),
            ("GZIP; q=1.0", true),
            ("*", true),
            ("br, *;q=0.1", true),
            ("", false),
            ("identity", false),
            ("br", false),
            ("gzip;q=0", false),
            ("gzip;q=0.000, *", false),
            ("*;q=0", false),
        ] {
            let answer = compress(asking(encodings), Answer::text(StatusCode::OK, long())).await;
            assert_eq!(answer.headers.contains_key(CONTENT_ENCODING), packed, "{encodings}");
            assert_eq!(answer.headers[VARY], "Accept-Encoding", "{encodings}");
            if packed {
                assert!(answer.body.len() < 5_000);
                let mut plain = String::new();
                GzDecoder::new(&answer.body[..]).read_to_string(&mut plain).unwrap();
                assert_eq!(plain, long());
            }
        }
    }

    #[tokio::test]
    async fn what_is_small_secret_named_or_packed_already_is_sent_as_it_is() {
        let long = long();
        for (name, answer) in [
            ("small", Answer::text(StatusCode::OK, "a".repeat(BYTES_MIN - 1))),
            ("a page", Answer::html(StatusCode::OK, long.clone(), "")),
            ("a cookie", Answer::text(StatusCode::OK, long.clone()).with(SET_COOKIE, "a=b")),
            ("an etag", Answer::text(StatusCode::OK, long.clone()).with(ETAG, "\"1\"")),
            ("packed", Answer::text(StatusCode::OK, long.clone()).with(CONTENT_ENCODING, "br")),
            ("a part", Answer::text(StatusCode::OK, long.clone()).with(CONTENT_RANGE, "bytes 0-1/2")),
            ("a document", Answer::pdf(long.clone())),
            ("a refusal", Answer::text(StatusCode::BAD_REQUEST, long.clone())),
        ] {
            assert_eq!(compress(asking("gzip"), answer.clone()).await, answer, "{name}");
        }
        for kind in ["application/json; charset=utf-8", "text/csv", "application/x-ndjson", "application/problem+json"]
        {
            let answer = compress(asking("gzip"), Answer::bytes(StatusCode::OK, kind, long.clone())).await;
            assert!(answer.headers.contains_key(CONTENT_ENCODING), "{kind}");
        }
    }
}
