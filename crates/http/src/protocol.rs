//! One connection, in the protocol its client chose while greeting (ALPN): HTTP/2 or HTTP/1.1.
//!
//! HTTP/2 lets one connection carry many requests at once, which is what senders of usage want, and gives a client
//! new ways to be a burden; each is bounded here. Streams at a time, bytes of a head, and bytes that may be under way
//! before anybody reads them are limited. A client that opens streams only to cancel them ("rapid reset",
//! CVE-2023-44487) is sent away after a few that nobody had time to look at. One that keeps silent is asked whether it
//! is there, and one that asks for nothing is sent away as an idle HTTP/1.1 connection is.

use crate::{Ground, Site};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;

/// The protocols, best first, as they are named in the greeting.
pub(crate) const NAMES: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// For the head of a request, and so for an idle connection.
const HEAD: Duration = Duration::from_secs(60);
/// Bytes of a request's head: tokens with many groups are long.
const HEAD_BYTES: usize = 128 << 10;
/// For a connection that was told to end and has nothing under way.
const GOODBYE: Duration = Duration::from_secs(10);

/// Requests under way at a time on one connection.
const STREAMS: u32 = 128;
/// Streams that a client cancelled before anybody looked at them; more end the connection.
const CANCELLED_UNSEEN: usize = 20;
/// Streams that this side had to end for mistakes of the client; more end the connection.
const ENDED_FOR_MISTAKES: usize = 256;
/// Bytes of a body that may be under way before the handler reads them, of one request and of all on a connection.
const STREAM_WINDOW: u32 = 512 << 10;
const CONNECTION_WINDOW: u32 = 1 << 20;
/// Bytes of answers kept for a client that reads slowly.
const SEND_BUFFER: usize = 1 << 20;
/// A silent client is asked this often, and given as long to answer.
const ASK: Duration = Duration::from_secs(30);

/// Serves a connection until it ends, or until it is told to and has finished what was under way.
pub(crate) async fn serve<W: Ground>(stream: TlsStream<TcpStream>, site: Arc<Site<W>>, stopped: watch::Receiver<()>) {
    let second = stream.get_ref().1.alpn_protocol() == Some(NAMES[0]);
    let stream = TokioIo::new(stream);
    let activity = Activity::default();
    let service = service_fn({
        let activity = activity.clone();
        move |request: Request<Incoming>| answer(Arc::clone(&site), request, activity.begin())
    });
    if second {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX))
            .max_pending_accept_reset_streams(CANCELLED_UNSEEN)
            .max_local_error_reset_streams(ENDED_FOR_MISTAKES)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(ASK)
            .keep_alive_timeout(ASK);
        let connection = pin!(builder.serve_connection(stream, service));
        run(connection, http2::Connection::graceful_shutdown, stopped, Some(activity)).await;
    } else {
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES).keep_alive(true);
        let connection = pin!(builder.serve_connection(stream, service));
        // It looks after idle connections itself: a head has to come in time.
        run(connection, http1::Connection::graceful_shutdown, stopped, None).await;
    }
}

async fn answer<W: Ground>(
    site: Arc<Site<W>>,
    request: Request<Incoming>,
    _busy: Busy,
) -> Result<Response<http_body_util::Full<bytes::Bytes>>, Infallible> {
    Ok(site.respond(request).await)
}

/// Runs a connection to its end. `end` asks it to finish what is under way and take nothing new.
async fn run<C>(
    mut connection: Pin<&mut C>,
    end: fn(Pin<&mut C>),
    mut stopped: watch::Receiver<()>,
    activity: Option<Activity>,
) where
    C: Future<Output = Result<(), hyper::Error>>,
{
    let idle = async {
        match &activity {
            Some(activity) => activity.idle().await,
            None => std::future::pending().await,
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            end(connection.as_mut());
            connection.await
        }
        () = idle => {
            end(connection.as_mut());
            // One that does not even greet has nothing to finish, and would never end.
            tokio::time::timeout(GOODBYE, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(cause = %error, "connection ended early");
    }
}

/// Requests of one connection: how many are under way, and how many there were.
#[derive(Debug, Clone, Default)]
struct Activity(Arc<Requests>);

#[derive(Debug, Default)]
struct Requests {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// A request that is under way.
struct Busy(Activity);

impl Activity {
    fn begin(&self) -> Busy {
        self.0.begun.fetch_add(1, Ordering::AcqRel);
        Busy(self.clone())
    }

    /// Waits until nothing was asked for as long as a head may take.
    #[expect(clippy::disallowed_methods, reason = "waits for a client, not for the world")]
    async fn idle(&self) {
        loop {
            let before = self.0.begun.load(Ordering::Acquire);
            tokio::time::sleep(HEAD).await;
            let now = self.0.begun.load(Ordering::Acquire);
            if now == before && self.0.ended.load(Ordering::Acquire) == now {
                return;
            }
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.ended.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::{Running, connect_as, start};
    use bytes::{Buf, Bytes};
    use h2::SendStream;
    use h2::client::{ResponseFuture, SendRequest};
    use http::{Method, StatusCode};
    use rustls::version;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// An HTTP/2 connection of a client, driven in the background; how it ended comes through the handle.
    async fn client(server: &Running) -> (SendRequest<Bytes>, tokio::task::JoinHandle<Result<(), h2::Error>>) {
        let stream = connect_as(server, &[b"h2", b"http/1.1"], &version::TLS13).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]), "the best both know is taken");
        let (send, connection) = h2::client::handshake(stream).await.unwrap();
        (send, tokio::spawn(connection))
    }

    fn ask(
        send: &mut SendRequest<Bytes>,
        method: Method,
        path: &str,
        last: bool,
    ) -> (ResponseFuture, SendStream<Bytes>) {
        let request = Request::builder().method(method).uri(format!("https://localhost{path}")).body(()).unwrap();
        send.send_request(request, last).unwrap()
    }

    async fn text(answered: ResponseFuture) -> (StatusCode, String) {
        let answer = answered.await.unwrap();
        let (status, mut body) = (answer.status(), answer.into_body());
        let mut text = Vec::new();
        while let Some(part) = body.data().await {
            let part = part.unwrap();
            body.flow_control().release_capacity(part.len()).unwrap();
            text.extend_from_slice(part.chunk());
        }
        (status, String::from_utf8(text).unwrap())
    }

    #[tokio::test]
    async fn many_requests_at_once_share_a_connection_whatever_happens_to_each() {
        let server = start().await;
        let (mut send, _) = client(&server).await;
        let mut asked = Vec::new();
        for n in 0..60 {
            send = send.ready().await.unwrap();
            for (method, path, body, status, seen) in [
                (Method::GET, format!("/hello/{n}"), "", 200, format!("hello {n}")),
                (Method::POST, format!("/hello/{n}"), "123", 200, format!("hello {n}")),
                (Method::POST, format!("/hello/{n}"), "1234", 413, "larger than the 3 bytes".to_owned()),
                (Method::GET, "/panics".to_owned(), "", 500, "internal".to_owned()),
                (Method::GET, "/nowhere".to_owned(), "", 404, "nothing is served".to_owned()),
            ] {
                if asked.len() % 100 == 99 {
                    send = send.ready().await.unwrap();
                }
                let (answered, mut stream) = ask(&mut send, method, &path, body.is_empty());
                if !body.is_empty() {
                    stream.send_data(Bytes::from(body), true).unwrap();
                }
                asked.push((path, answered, status, seen));
                if asked.len() >= 100 {
                    for (path, answered, status, seen) in asked.drain(..) {
                        let (got, text) = text(answered).await;
                        assert!(got.as_u16() == status && text.contains(&seen), "{path}: {got} {text}");
                    }
                }
            }
        }
        for (path, answered, status, seen) in asked {
            let (got, text) = text(answered).await;
            assert!(got.as_u16() == status && text.contains(&seen), "{path}: {got} {text}");
        }
    }

    #[tokio::test]
    async fn who_knows_only_http_1_is_served_as_before() {
        let server = start().await;
        for offered in [&[&b"http/1.1"[..]][..], &[]] {
            let stream = connect_as(&server, offered, &version::TLS12).await;
            assert_eq!(stream.get_ref().1.alpn_protocol(), offered.first().copied());
            let io = TokioIo::new(stream);
            let (mut send, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            let request = Request::get("/hello/x").header("host", "localhost").body(String::new()).unwrap();
            assert_eq!(send.send_request(request).await.unwrap().status(), StatusCode::OK);
        }
    }

    /// A frame by RFC 9113 4.1: length, type, flags, stream, payload.
    fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    }

    #[tokio::test]
    async fn a_client_that_only_cancels_is_sent_away() {
        const HEADERS: u8 = 1;
        const RST_STREAM: u8 = 3;
        const SETTINGS: u8 = 4;
        const GOAWAY: u8 = 7;
        const ENHANCE_YOUR_CALM: u32 = 11;
        let server = start().await;
        let mut stream = connect_as(&server, &[b"h2"], &version::TLS13).await;
        let mut sent = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(SETTINGS, 0, 0, &[])].concat();
        // GET https://localhost/, by the tables of RFC 7541; the head and the request end with it. Then CANCEL.
        let head = [&[0x82, 0x87, 0x84, 0x41, 9][..], b"localhost"].concat();
        for stream in (1..600).step_by(2) {
            sent.extend(frame(HEADERS, 5, stream, &head));
            sent.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
        }
        stream.write_all(&sent).await.unwrap();
        stream.flush().await.unwrap();
        loop {
            let mut head = [0; 9];
            stream.read_exact(&mut head).await.unwrap();
            let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
            stream.read_exact(&mut payload).await.unwrap();
            if head[3] == GOAWAY {
                assert_eq!(payload[4..8], ENHANCE_YOUR_CALM.to_be_bytes());
                break;
            }
        }
        // Others are served.
        let (mut send, _connection) = client(&server).await;
        let (answered, _) = ask(&mut send, Method::GET, "/hello/y", true);
        assert_eq!(text(answered).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn streams_and_heads_are_bounded() {
        let server = start().await;
        let (send, _connection) = client(&server).await;
        let mut send = send.ready().await.unwrap();
        // The settings of the server have come once an answer has.
        let (answered, _) = ask(&mut send, Method::GET, "/hello/x", true);
        assert_eq!(text(answered).await.0, StatusCode::OK);
        assert_eq!(send.current_max_send_streams(), STREAMS as usize);
        let request = Request::get("https://localhost/hello/x").header("x", "y".repeat(HEAD_BYTES)).body(()).unwrap();
        let (refused, _) = send.send_request(request, true).unwrap();
        match refused.await {
            Ok(answer) => assert_eq!(answer.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            Err(error) => assert!(error.is_reset() || error.is_go_away(), "{error:?}"),
        }
    }

    #[tokio::test]
    async fn the_end_is_orderly() {
        let server = start().await;
        let (mut send, ended) = client(&server).await;
        let (answered, _) = ask(&mut send, Method::GET, "/hello/x", true);
        assert_eq!(text(answered).await.0, StatusCode::OK);
        server.stop.send(()).unwrap();
        assert!(server.ended.await.unwrap(), "an idle connection must not hold up the end");
        assert!(ended.await.unwrap().is_ok(), "the client is told, not cut off");
    }
}
