//! A load generator: so many connections over TLS, each sending one request after the other and reading the answer whole.
//!
//! It knows just enough HTTP to do that cheaply: it runs on the same cores as the server it measures. But on threads of its
//! own, so that the time the server computed can be told from the time it took beside the load.

use crate::measure::{Run, cpu_nanos_beside, permille, stopwatch};
use crate::served::Served;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What to send where.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) authority: Arc<ClientConfig>,
    /// The request as bytes; every connection sends the same.
    pub(crate) request: Arc<[u8]>,
    pub(crate) connections: usize,
    pub(crate) requests_each: usize,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) run: Run,
    /// Nanoseconds each request took, ascending.
    pub(crate) latencies: Vec<u64>,
    /// What all threads of this process but the load's computed meanwhile, in nanoseconds.
    pub(crate) server_cpu: u64,
}

/// What the threads of the load are called.
const LOAD: &str = "load";

fn threads() -> &'static Runtime {
    static THREADS: OnceLock<Runtime> = OnceLock::new();
    THREADS
        .get_or_init(|| Builder::new_multi_thread().worker_threads(2).thread_name(LOAD).enable_all().build().unwrap())
}

impl Outcome {
    /// Microseconds below which so many of a thousand requests stay.
    pub(crate) fn micros(&self, part: usize) -> u64 {
        permille(&self.latencies, part) / 1000
    }
}

/// Clients that trust this authority and nothing else.
pub(crate) fn trusting(ca: &Path) -> Arc<ClientConfig> {
    use rustls::pki_types::pem::PemObject;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

/// A GET as it goes over the wire.
pub(crate) fn get(path: &str, token: Option<&str>) -> Arc<[u8]> {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n{authorization}\r\n")
        .into_bytes()
        .into()
}

/// A form as it goes over the wire.
pub(crate) fn form(path: &str, body: &str) -> Arc<[u8]> {
    let kind = "application/x-www-form-urlencoded";
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
        .into()
}

/// A body of some kind as it goes over the wire.
pub(crate) fn post(path: &str, kind: &str, body: &str, token: Option<&str>) -> Arc<[u8]> {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: {kind}\r\n");
    format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes().into()
}

/// Where to send to, and how to trust it.
#[derive(Debug, Clone)]
pub(crate) struct Stands {
    address: SocketAddr,
    authority: Arc<ClientConfig>,
}

/// Where a served world stands.
pub(crate) fn stands(served: &Served) -> Stands {
    Stands { address: served.address, authority: served.client_tls.clone() }
}

/// Sends the load and waits for all answers. Every answer must be a 200.
pub(crate) async fn send(load: &Load) -> Outcome {
    let list = vec![Arc::clone(&load.request); load.requests_each];
    let stands = Stands { address: load.address, authority: load.authority.clone() };
    send_lists(&stands, vec![list; load.connections]).await
}

/// Sends each list on a connection of its own, one request after the other, and waits for all answers.
pub(crate) async fn send_lists(stands: &Stands, lists: Vec<Vec<Arc<[u8]>>>) -> Outcome {
    let stands = stands.clone();
    threads().spawn(async move { send_all(&stands, lists).await }).await.unwrap()
}

async fn send_all(stands: &Stands, lists: Vec<Vec<Arc<[u8]>>>) -> Outcome {
    let mut ready = Vec::new();
    for list in lists {
        ready.push((connect(stands).await, list));
    }
    let (watch, cpu) = (stopwatch(), cpu_nanos_beside(LOAD));
    let clients: Vec<_> = ready.into_iter().map(|(stream, list)| tokio::spawn(client(stream, list))).collect();
    let mut latencies = Vec::new();
    for client in clients {
        latencies.extend(client.await.unwrap());
    }
    let run = Run { units: u64::try_from(latencies.len()).unwrap(), nanos: watch() };
    let server_cpu = cpu_nanos_beside(LOAD).saturating_sub(cpu);
    latencies.sort_unstable();
    Outcome { run, latencies, server_cpu }
}

async fn connect(stands: &Stands) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(stands.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::clone(&stands.authority)).connect(name, stream).await.unwrap()
}

async fn client(mut stream: TlsStream<TcpStream>, requests: Vec<Arc<[u8]>>) -> Vec<u64> {
    let mut latencies = Vec::with_capacity(requests.len());
    let mut buffer = Vec::with_capacity(16 << 10);
    for request in requests {
        let watch = stopwatch();
        stream.write_all(&request).await.unwrap();
        answer(&mut stream, &mut buffer).await;
        latencies.push(watch());
    }
    latencies
}

/// Reads one answer and forgets it.
async fn answer(stream: &mut TlsStream<TcpStream>, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.unwrap();
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(buffer));
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{}", String::from_utf8_lossy(buffer));
        let length =
            text.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        let length: usize = length.unwrap().trim().parse().unwrap();
        if buffer.len() >= head + 4 + length {
            return;
        }
    }
}
