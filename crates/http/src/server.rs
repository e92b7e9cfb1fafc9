//! Accepts connections: TCP, TLS, and an orderly end. What is spoken on them is `protocol`'s.
//!
//! Nothing a client does may stop the others: every connection has a task of its own, a place among a limited
//! number, and deadlines for the handshake and for the head of each request.

use crate::{Ground, Site, protocol};
use rustls::ServerConfig;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tenantry_core::{Problem, Reason};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// Connections at a time. More wait in the backlog of the system.
const CONNECTIONS: u32 = 4096;
/// For the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For requests under way when the server is told to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// The first byte of every TLS connection.
const TLS_HANDSHAKE_BYTE: u8 = 0x16;

/// Takes a port. Port 0 takes a free one; the address returned is the real one.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Problem> {
    let failed = |error: std::io::Error| {
        let advice = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there; stop it or choose another port",
            ErrorKind::PermissionDenied => "ports below 1024 need a right; grant it or choose a higher port",
            _ => "check the address",
        };
        Problem::new(Reason::Unavailable, format!("cannot listen on {address}: {advice}")).because(error)
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let real = listener.local_addr().map_err(failed)?;
    Ok((listener, real))
}

/// Serves until `shutdown` completes, then lets requests under way finish. Says whether all of them did in time.
pub async fn serve<W: Ground>(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    site: Arc<Site<W>>,
    shutdown: impl Future<Output = ()>,
) -> bool {
    let acceptor = TlsAcceptor::from(tls);
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let (stop, stopped) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let accept = async {
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(cause = %error, "a connection could not be accepted");
                pause().await;
                continue;
            }
        };
        let (acceptor, site, stopped) = (acceptor.clone(), Arc::clone(&site), stopped.clone());
        tokio::spawn(async move {
            connection(stream, acceptor, site, stopped).await;
            drop(place);
        });
    }
    drop(listener);
    drop(stopped);
    let _ = stop.send(());
    let all = tokio::time::timeout(DRAIN, places.acquire_many(CONNECTIONS)).await.is_ok();
    if !all {
        tracing::warn!("some requests did not finish within {} s and are cut off", DRAIN.as_secs());
    }
    all
}

/// Accepting fails when file descriptors run out; trying again at once would only burn the processor.
#[expect(clippy::disallowed_methods, reason = "waits for the machine, not for the world")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn connection<W: Ground>(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    site: Arc<Site<W>>,
    stopped: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let handshake = async {
        let mut first = [0; 1];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first[0] != TLS_HANDSHAKE_BYTE {
            plain_text(stream).await;
            return None;
        }
        acceptor.accept(stream).await.inspect_err(|error| tracing::debug!(cause = %error, "TLS handshake failed")).ok()
    };
    let Ok(Some(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await else { return };
    protocol::serve(stream, site, stopped).await;
}

/// Somebody typed `http://`. A sentence helps more than a TLS alert in binary.
async fn plain_text(mut stream: TcpStream) {
    let body = "{\"error\":{\"code\":\"malformed_body\",\"message\":\"this port speaks TLS; begin the address with https://\"}}";
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // What was sent is taken first: closing over unread bytes makes the system reset the connection, and the
    // sentence would be lost.
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::bench::{Bench, site};
    use crate::{Answer, Authority, Call, Face, Route};
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
    use tempfile::TempDir;
    use tenantry_core::clock::{Clock, SystemClock};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;

    pub(crate) struct Running {
        address: SocketAddr,
        ca: CertificateDer<'static>,
        pub(crate) stop: oneshot::Sender<()>,
        pub(crate) ended: JoinHandle<bool>,
        _directory: TempDir,
    }

    async fn hello(call: Call<Bench>) -> Result<Answer, Problem> {
        Answer::ok(&format!("hello {}", call.param("name")?))
    }

    async fn panics(_: Call<Bench>) -> Result<Answer, Problem> {
        panic!("on purpose")
    }

    pub(crate) async fn start() -> Running {
        let directory = tempfile::tempdir().unwrap();
        let authority = Authority::open(directory.path(), &["api.example".to_owned()], SystemClock.now()).unwrap();
        let face = Face::new("test").routes([
            Route::get("/hello/{name}", "hello.get", "Greets", hello).open(),
            Route::post("/hello/{name}", "hello.post", "Greets", hello).open().body_limit(3),
            Route::get("/panics", "panics.get", "Panics", panics).open(),
        ]);
        let site = site([face]).await;
        let (listener, address) = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { stopped.await.unwrap_or_default() };
        let ended = tokio::spawn(serve(listener, Arc::clone(&authority.tls), site, shutdown));
        let ca = CertificateDer::from_pem_file(&authority.ca_path).unwrap();
        Running { address, ca, stop, ended, _directory: directory }
    }

    async fn connect(
        to: &Running,
        name: &'static str,
        trusted: bool,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        connect_offering(to, name, trusted, &[], version).await
    }

    /// As a client that trusts the authority and offers protocols.
    pub(crate) async fn connect_as(
        to: &Running,
        protocols: &[&[u8]],
        version: &'static SupportedProtocolVersion,
    ) -> TlsStream<TcpStream> {
        connect_offering(to, "localhost", true, protocols, version).await.unwrap()
    }

    async fn connect_offering(
        to: &Running,
        name: &'static str,
        trusted: bool,
        protocols: &[&[u8]],
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        if trusted {
            roots.add(to.ca.clone()).unwrap();
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let stream = TcpStream::connect(to.address).await?;
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name).unwrap(), stream).await
    }

    /// Sends a request and reads one answer by its Content-Length, so that the connection can go on.
    async fn ask(stream: &mut TlsStream<TcpStream>, head: &str, body: &str) -> (String, String) {
        let request = format!("{head} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\r\n\r\n") {
            seen.push(stream.read_u8().await.unwrap());
        }
        let seen = String::from_utf8(seen).unwrap().to_ascii_lowercase();
        let length =
            seen.split("content-length: ").nth(1).map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
        let mut body = vec![0; if head.starts_with("HEAD") { 0 } else { length }];
        stream.read_exact(&mut body).await.unwrap();
        (seen, String::from_utf8(body).unwrap())
    }

    #[tokio::test]
    async fn a_client_that_trusts_the_authority_is_served_over_tls() {
        let server = start().await;
        for (name, trusted, version, served) in [
            ("localhost", true, &version::TLS13, true),
            ("localhost", true, &version::TLS12, true),
            ("127.0.0.1", true, &version::TLS13, true),
            ("::1", true, &version::TLS13, true),
            ("api.example", true, &version::TLS13, true),
            ("other.example", true, &version::TLS13, false),
            ("localhost", false, &version::TLS13, false),
        ] {
            let connected = connect(&server, name, trusted, version).await;
            assert_eq!(connected.is_ok(), served, "{name} {version:?} trusted: {trusted}");
            let Ok(mut stream) = connected else { continue };
            let (head, body) = ask(&mut stream, "GET /Hello/World", "").await;
            assert!(head.starts_with("http/1.1 200 ok\r\n") && head.contains("ms-requestid: "), "{head}");
            assert_eq!(body, "\"hello World\"");
        }
    }

    #[tokio::test]
    async fn one_connection_carries_many_requests_whatever_happens_to_each() {
        let server = start().await;
        let mut stream = connect(&server, "localhost", true, &version::TLS13).await.unwrap();
        for (head, body, status, seen) in [
            ("GET /hello/a", "", 200, "hello a"),
            ("HEAD /hello/ab", "", 200, ""),
            ("POST /hello/b", "123", 200, "hello b"),
            ("GET /panics", "", 500, "internal"),
            ("GET /nowhere", "", 404, "nothing is served at `/nowhere`"),
            ("DELETE /hello/a", "", 405, "method_not_allowed"),
            ("GET /hello/c", "", 200, "hello c"),
        ] {
            let (answered, text) = ask(&mut stream, head, body).await;
            assert!(answered.starts_with(&format!("http/1.1 {status} ")), "{head}: {answered}");
            assert!(text.contains(seen), "{head}: {text}");
            if head.starts_with("HEAD") {
                assert!(answered.contains("content-length: 10\r\n"), "{answered}");
            }
        }
    }

    #[tokio::test]
    async fn a_body_that_is_refused_does_not_lose_the_refusal() {
        let server = start().await;
        let mut stream = connect(&server, "localhost", true, &version::TLS13).await.unwrap();
        // Far more than the buffers of both ends hold.
        let long = "x".repeat(8 << 20);
        for (head, status) in [("POST /hello/a", 413), ("POST /nowhere", 404), ("GET /hello/a", 200)] {
            let body = if status == 200 { "" } else { long.as_str() };
            let (answered, _) = ask(&mut stream, head, body).await;
            assert!(answered.starts_with(&format!("http/1.1 {status} ")), "{head}: {answered}");
        }
    }

    #[tokio::test]
    async fn plain_http_is_told_to_come_back_with_tls() {
        let server = start().await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("https://"), "{answer}");
    }

    #[tokio::test]
    async fn the_end_is_orderly() {
        let server = start().await;
        let mut idle = connect(&server, "localhost", true, &version::TLS13).await.unwrap();
        ask(&mut idle, "GET /hello/a", "").await;
        server.stop.send(()).unwrap();
        // An idle connection must not hold up the end.
        assert!(server.ended.await.unwrap());
        assert!(TcpStream::connect(server.address).await.is_err());
    }

    #[tokio::test]
    async fn a_port_in_use_is_named() {
        let (_listener, address) = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        assert_ne!(address.port(), 0);
        let problem = bind(address).await.unwrap_err();
        assert!(problem.message().contains(&address.to_string()), "{problem:?}");
        assert!(problem.message().contains("another program"), "{problem:?}");
    }
}
