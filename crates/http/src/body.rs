//! Reads request bodies, never more than the route allows.
//!
//! A limit that counts only the bytes on the wire is no limit: a gzip body of 100 kB can hold 100 MB. So the
//! same limit is applied twice, to what arrives and to what it inflates to, and inflating stops at it.

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;
use std::error::Error;
use std::io::Read;
use std::pin::{Pin, pin};
use std::time::Duration;
use tenantry_core::{Problem, Reason};

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(120);

/// Compressed bodies above this are inflated away from the threads that serve everybody.
const INFLATE_INLINE: usize = 64 << 10;

/// Of a body that is refused, so much is still taken in, for so long. A server that closes over unread bytes makes
/// the system reset the connection, and the client never sees the refusal.
const DISCARD_BYTES: usize = 16 << 20;
const DISCARD_TIME: Duration = Duration::from_secs(5);

/// Reads a body of at most `limit` bytes, inflated if it is compressed.
pub async fn read<B>(body: B, headers: &HeaderMap, limit: usize) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut body = pin!(body);
    let arrived = match arrive(body.as_mut(), headers, limit).await {
        Ok(arrived) => arrived,
        Err(problem) => {
            discard(body, headers).await;
            return Err(problem);
        }
    };
    if arrived.is_empty() || !is_gzip(headers)? {
        return Ok(arrived);
    }
    if arrived.len() <= INFLATE_INLINE {
        return inflate(&arrived, limit);
    }
    tokio::task::spawn_blocking(move || inflate(&arrived, limit)).await.map_err(Problem::internal)?
}

/// Takes in what is left of a body that nobody wants, within bounds.
pub async fn discard<B>(body: B, headers: &HeaderMap)
where
    B: Body<Data = Bytes>,
{
    if headers.contains_key(EXPECT) {
        // The client waits for our word before it sends; the refusal is that word.
        return;
    }
    let mut body = pin!(body);
    let take = async {
        let mut taken = 0;
        while let Some(Ok(frame)) = body.frame().await {
            taken += frame.data_ref().map_or(0, Bytes::len);
            if taken > DISCARD_BYTES {
                return;
            }
        }
    };
    // Past the deadline the connection is closed as it is.
    let _ = tokio::time::timeout(DISCARD_TIME, take).await;
}

async fn arrive<B>(body: Pin<&mut B>, headers: &HeaderMap, limit: usize) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    is_gzip(headers)?;
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if announced.is_some_and(|length| length > u64::try_from(limit).unwrap_or(u64::MAX)) {
        return Err(too_large("the body", limit));
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large("the body", limit)),
        Ok(Err(error)) => {
            Err(Problem::new(Reason::MalformedBody, "the body broke off; send the request again").because(error))
        }
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            let message = format!("the body did not arrive within {seconds} seconds; send it in smaller parts");
            Err(Problem::new(Reason::MalformedBody, message))
        }
    }
}

/// Inflates gzip, one or several members, up to `limit` bytes.
fn inflate(packed: &[u8], limit: usize) -> Result<Bytes, Problem> {
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::with_capacity(packed.len().saturating_mul(4).min(limit));
    MultiGzDecoder::new(packed).take(one_more).read_to_end(&mut plain).map_err(|error| {
        Problem::new(Reason::MalformedBody, "the body is announced as gzip but does not inflate").because(error)
    })?;
    if plain.len() > limit {
        return Err(too_large("the inflated body", limit));
    }
    Ok(Bytes::from(plain))
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut gzip = false;
    for value in headers.get_all(CONTENT_ENCODING) {
        let text = value.to_str().unwrap_or("?").trim();
        if text.eq_ignore_ascii_case("gzip") || text.eq_ignore_ascii_case("x-gzip") {
            if gzip {
                return Err(unknown_encoding("gzip, gzip"));
            }
            gzip = true;
        } else if !text.is_empty() && !text.eq_ignore_ascii_case("identity") {
            return Err(unknown_encoding(text));
        }
    }
    Ok(gzip)
}

fn unknown_encoding(seen: &str) -> Problem {
    let seen: String = seen.chars().take(60).collect();
    let message = format!("Content-Encoding: `{seen}` is not understood; send gzip, or leave the header away");
    Problem::new(Reason::Unsupported, message).at("Content-Encoding")
}

fn too_large(what: &str, limit: usize) -> Problem {
    Problem::new(Reason::TooLarge, format!("{what} is larger than the {limit} bytes this operation takes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::{HeaderName, HeaderValue};
    use http_body_util::Full;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    async fn check(headers: &[(HeaderName, &str)], body: Vec<u8>, limit: usize) -> Result<Bytes, Problem> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        read(Full::new(Bytes::from(body)), &headers.collect(), limit).await
    }

    #[tokio::test]
    async fn bodies_are_read_up_to_the_limit() {
        let (encoding, length) = (CONTENT_ENCODING, CONTENT_LENGTH);
        for (name, headers, body, expected) in [
            ("at the limit", vec![], b"0123456789".to_vec(), Ok("0123456789")),
            ("one above", vec![], b"0123456789a".to_vec(), Err(Reason::TooLarge)),
            ("announced too long", vec![(length, "11")], b"0".to_vec(), Err(Reason::TooLarge)),
            ("none", vec![], vec![], Ok("")),
            ("identity", vec![(encoding.clone(), "identity")], b"a".to_vec(), Ok("a")),
            ("none, but called gzip", vec![(encoding.clone(), "gzip")], vec![], Ok("")),
            ("called gzip", vec![(encoding.clone(), "gzip")], b"a".to_vec(), Err(Reason::MalformedBody)),
            ("another encoding", vec![(encoding.clone(), "br")], b"a".to_vec(), Err(Reason::Unsupported)),
            ("twice", vec![(encoding, "gzip, gzip")], b"a".to_vec(), Err(Reason::Unsupported)),
        ] {
            let seen = check(&headers, body, 10).await;
            assert_eq!(seen.as_deref().map_err(Problem::reason), expected.map(str::as_bytes), "{name}");
        }
    }

    #[tokio::test]
    async fn gzip_is_inflated_and_bombs_are_not() {
        let headers = [(CONTENT_ENCODING, "GZIP")];
        let two_members = [gzip(b"one,"), gzip(b"two")].concat();
        assert_eq!(&check(&headers, two_members.clone(), 1000).await.unwrap()[..], b"one,two");
        assert_eq!(
            check(&headers, two_members[..30].to_vec(), 1000).await.unwrap_err().reason(),
            Reason::MalformedBody
        );

        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < 100 << 10, "{} bytes on the wire", bomb.len());
        let problem = check(&headers, bomb, 1 << 20).await.unwrap_err();
        assert_eq!(problem.reason(), Reason::TooLarge);
        assert_eq!(problem.message(), "the inflated body is larger than the 1048576 bytes this operation takes");
    }
}
