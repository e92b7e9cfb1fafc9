//! Reads request bodies, never more than the route allows.
//!
//! A limit that counts only the bytes on the wire is no limit: a gzip body of 100 kB can hold 100 MB. So the
//! same limit is applied twice, to what arrives and to what it inflates to, and inflating stops at it. What all
//! requests together hold is bounded as well, by [`Room`](crate::room::Room).

use crate::room::Held;
use bytes::{Bytes, BytesMut};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;
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

/// Reads a body of at most `limit` bytes, inflated if it is compressed. It counts as held as long as `held` lives.
pub async fn read<B>(body: B, headers: &HeaderMap, limit: usize, held: &mut Held) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut body = pin!(body);
    let arrived = match arrive(body.as_mut(), headers, limit, held).await {
        Ok(arrived) => arrived,
        Err(problem) => {
            discard(body, headers).await;
            return Err(problem);
        }
    };
    let packing = packing(headers)?;
    if arrived.is_empty() || packing == Packing::Plain {
        return Ok(arrived);
    }
    if arrived.len() <= INFLATE_INLINE {
        return inflate(packing, &arrived, limit, held);
    }
    // The room goes along, and comes back with what is in it.
    let mut lent = held.lend();
    let inflated = tokio::task::spawn_blocking(move || {
        let inflated = inflate(packing, &arrived, limit, &mut lent);
        (inflated, lent)
    });
    let (inflated, lent) = inflated.await.map_err(Problem::internal)?;
    *held = lent;
    inflated
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

async fn arrive<B>(mut body: Pin<&mut B>, headers: &HeaderMap, limit: usize, held: &mut Held) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    packing(headers)?;
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    let announced = announced.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced > limit {
        return Err(too_large("the body", limit));
    }
    held.check(announced)?;
    let collect = async {
        let mut arrived = Arrived::Nothing;
        let mut bytes = 0_usize;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| {
                Problem::new(Reason::MalformedBody, "the body broke off; send the request again").because(error)
            })?;
            let Ok(data) = frame.into_data() else { continue };
            bytes = bytes.saturating_add(data.len());
            if bytes > limit {
                return Err(too_large("the body", limit));
            }
            held.grow(data.len())?;
            arrived.add(data, announced);
        }
        Ok(arrived.into_bytes())
    };
    tokio::time::timeout(PATIENCE, collect).await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        let message = format!("the body did not arrive within {seconds} seconds; send it in smaller parts");
        Err(Problem::new(Reason::MalformedBody, message))
    })
}

/// What arrived so far. Most bodies are one piece, and are handed on as it came.
enum Arrived {
    Nothing,
    One(Bytes),
    Many(BytesMut),
}

impl Arrived {
    fn add(&mut self, data: Bytes, announced: usize) {
        match self {
            Self::Nothing => *self = Self::One(data),
            Self::One(first) => {
                let mut many = BytesMut::with_capacity(announced.max(first.len() + data.len()));
                many.extend_from_slice(first);
                many.extend_from_slice(&data);
                *self = Self::Many(many);
            }
            Self::Many(many) => many.extend_from_slice(&data),
        }
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::One(data) => data,
            Self::Many(many) => many.freeze(),
        }
    }
}

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Plain,
    /// One or several members.
    Gzip,
    /// What HTTP calls deflate: a zlib stream (RFC 9110 8.4.1.2).
    Deflate,
}

impl Packing {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }
}

/// Inflates up to `limit` bytes. The packed bytes are given back, the inflated ones held.
fn inflate(packing: Packing, packed: &Bytes, limit: usize, held: &mut Held) -> Result<Bytes, Problem> {
    match packing {
        Packing::Plain => return Ok(packed.clone()),
        Packing::Gzip => unpack(MultiGzDecoder::new(&packed[..]), packed.len(), limit, held),
        Packing::Deflate => unpack(ZlibDecoder::new(&packed[..]), packed.len(), limit, held),
    }
    .map_err(|fault| match fault {
        Unpacking::Refused(problem) => problem,
        Unpacking::Damaged(error) => {
            let message = format!("the body is announced as {} but does not inflate", packing.name());
            Problem::new(Reason::MalformedBody, message).because(error)
        }
    })
    .inspect(|_| held.shrink(packed.len()))
}

enum Unpacking {
    Refused(Problem),
    Damaged(std::io::Error),
}

fn unpack(mut from: impl Read, packed: usize, limit: usize, held: &mut Held) -> Result<Bytes, Unpacking> {
    /// Room is taken in steps of this.
    const STEP: usize = 256 << 10;
    let mut plain = Vec::with_capacity(packed.saturating_mul(4).min(limit).min(STEP));
    loop {
        let before = plain.len();
        let step = u64::try_from(STEP).unwrap_or(u64::MAX);
        from.by_ref().take(step).read_to_end(&mut plain).map_err(Unpacking::Damaged)?;
        let more = plain.len() - before;
        if plain.len() > limit {
            return Err(Unpacking::Refused(too_large("the inflated body", limit)));
        }
        if more == 0 {
            return Ok(Bytes::from(plain));
        }
        held.grow(more).map_err(Unpacking::Refused)?;
    }
}

fn packing(headers: &HeaderMap) -> Result<Packing, Problem> {
    let mut packing = Packing::Plain;
    for value in headers.get_all(CONTENT_ENCODING) {
        let text = value.to_str().unwrap_or("?").trim();
        let found = match text.to_ascii_lowercase().as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => Packing::Gzip,
            "deflate" => Packing::Deflate,
            _ => return Err(unknown_encoding(text)),
        };
        if packing != Packing::Plain {
            return Err(unknown_encoding(&format!("{}, {}", packing.name(), found.name())));
        }
        packing = found;
    }
    Ok(packing)
}

fn unknown_encoding(seen: &str) -> Problem {
    let seen: String = seen.chars().take(60).collect();
    let message =
        format!("Content-Encoding: `{seen}` is not understood; send gzip or deflate, or leave the header away");
    Problem::new(Reason::Unsupported, message).at("Content-Encoding")
}

fn too_large(what: &str, limit: usize) -> Problem {
    Problem::new(Reason::TooLarge, format!("{what} is larger than the {limit} bytes this operation takes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Room;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use http::{HeaderName, HeaderValue};
    use http_body_util::Full;
    use std::io::Write;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    async fn check(headers: &[(HeaderName, &str)], body: Vec<u8>, limit: usize) -> Result<Bytes, Problem> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()));
        let room = Room::new(1 << 30);
        let mut held = room.enter();
        let read = read(Full::new(Bytes::from(body)), &headers.collect(), limit, &mut held).await;
        if let Ok(bytes) = &read {
            assert_eq!(room.taken(), bytes.len(), "what is read is held, and nothing else");
        }
        drop(held);
        assert_eq!(room.taken(), 0);
        read
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
            ("deflate", vec![(encoding.clone(), "Deflate")], zlib(b"ab"), Ok("ab")),
            ("deflate, too long", vec![(encoding.clone(), "deflate")], zlib(&[0; 11]), Err(Reason::TooLarge)),
            (
                "gzip called deflate",
                vec![(encoding.clone(), "deflate")],
                gzip(b"")[..9].to_vec(),
                Err(Reason::MalformedBody),
            ),
            (
                "both",
                vec![(encoding.clone(), "gzip"), (encoding.clone(), "deflate")],
                b"a".to_vec(),
                Err(Reason::Unsupported),
            ),
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

    #[tokio::test]
    async fn all_bodies_together_are_bounded_on_the_wire_and_inflated() {
        let room = Room::new(1_000_000);
        let mut other = room.enter();
        other.grow(900_000).unwrap();
        let packed = gzip(&vec![b'a'; 2_000_000]);
        let gzip = HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        for (name, body, headers) in
            [("plain", vec![b'a'; 100_001], HeaderMap::new()), ("inflated", packed.clone(), gzip.clone())]
        {
            let mut held = room.enter();
            let refused = read(Full::new(Bytes::from(body)), &headers, 4 << 20, &mut held).await.unwrap_err();
            assert_eq!((refused.reason(), refused.retry_after_seconds()), (Reason::Throttled, Some(1)), "{name}");
            drop(held);
            assert_eq!(room.taken(), 900_000, "{name}: a refused body is held by nobody");
        }
        drop(other);
        let mut held = room.enter();
        let whole = read(Full::new(Bytes::from(packed)), &gzip, 4 << 20, &mut held).await.unwrap();
        assert_eq!((whole.len(), room.taken()), (2_000_000, 2_000_000), "alone it may");
    }
}
