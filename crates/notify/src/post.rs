//! The one way out: a POST to a receiver. One try, bounded in time; redirects are not followed, because they would lead
//! past the rules for addresses, and of the answer only its status is read.
//!
//! What is said about a failure goes to the partner. So it names the kind of failure and nothing of the network that the
//! server stands in.

use crate::public_address::{is_link_local, is_public};
use crate::receiver_url::ReceiverUrl;
use crate::trust;
use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http_body_util::Full;
use hyper::client::conn::http1::handshake;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tenantry_core::Problem;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a receiver may take, from its name to its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one of its addresses may take to be reached.
const CONNECT_PATIENCE: Duration = Duration::from_secs(4);
/// Addresses of a name that are tried.
const ADDRESSES_MAX: usize = 3;
const JSON: &str = "application/json; charset=utf-8";

/// What calls receivers.
#[derive(Debug, Default)]
pub struct Post {
    more_roots: Vec<PathBuf>,
    public_only: bool,
    tls: OnceLock<Arc<ClientConfig>>,
}

/// What became of one try: the status of the answer, or why there is none.
pub(crate) type Outcome = Result<u16, &'static str>;

impl Post {
    /// Trusts the certificates that the machine trusts, and those in these files (PEM).
    #[must_use]
    pub const fn new(more_roots: Vec<PathBuf>) -> Self {
        Self { more_roots, public_only: false, tls: OnceLock::new() }
    }

    /// Whether sandboxes too call public addresses only. Otherwise a receiver of theirs may be on this machine or in the
    /// network it stands in: right on a developer's machine, and a door to both where others can reach the server.
    #[must_use]
    pub fn public_only(self, public_only: bool) -> Self {
        Self { public_only, ..self }
    }

    /// Sends a body once.
    ///
    /// # Errors
    /// Ours only; what the receiver did is the outcome.
    pub(crate) async fn send(
        &self,
        url: &ReceiverUrl,
        sandbox: bool,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<Outcome, Problem> {
        let mut request = Request::post(&url.path_and_query)
            .header(HOST, &url.authority)
            .header(USER_AGENT, "Tenantry")
            .header(CONTENT_TYPE, JSON);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(Problem::internal)?;
        let tls = if url.tls { Some(self.tls()?) } else { None };
        let call = call(url, sandbox && !self.public_only, tls, request);
        Ok(timeout(PATIENCE, call).await.unwrap_or(Err("the receiver took longer than 10 seconds")))
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, Problem> {
        if let Some(known) = self.tls.get() {
            return Ok(Arc::clone(known));
        }
        let made = trust::tls(&self.more_roots)?;
        Ok(Arc::clone(self.tls.get_or_init(|| made)))
    }
}

async fn call(
    url: &ReceiverUrl,
    inside: bool,
    tls: Option<Arc<ClientConfig>>,
    request: Request<Full<Bytes>>,
) -> Outcome {
    let stream = connect(url, inside).await?;
    let Some(tls) = tls else { return exchange(TokioIo::new(stream), request).await };
    let name = ServerName::try_from(url.host.clone()).map_err(|_| "the receiver's name is none of a certificate")?;
    let stream = TlsConnector::from(tls).connect(name, stream).await.map_err(|error| {
        // Which rule of trust was broken is in it, and for the operator.
        tracing::debug!("TLS with {}: {error}", url.host);
        "TLS failed; the receiver's certificate must be valid for its name and from an authority that is trusted here"
    })?;
    exchange(TokioIo::new(stream), request).await
}

/// Connects to what the name stands for now; the address that was judged is the one that is called.
async fn connect(url: &ReceiverUrl, inside: bool) -> Result<TcpStream, &'static str> {
    let found = lookup_host((url.host.as_str(), url.port)).await.map_err(|_| "the receiver's name is not known")?;
    let may_be_called = |address: &SocketAddr| match (inside, url.tls) {
        (true, true) => !is_link_local(address.ip()),
        (true, false) => address.ip().is_loopback(),
        (false, _) => is_public(address.ip()),
    };
    let mut addresses = found.filter(may_be_called).take(ADDRESSES_MAX).peekable();
    if addresses.peek().is_none() {
        return Err("the receiver's name stands for no address that may be called");
    }
    for address in addresses {
        if let Ok(Ok(stream)) = timeout(CONNECT_PATIENCE, TcpStream::connect(address)).await {
            return Ok(stream);
        }
    }
    Err("the receiver cannot be reached")
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Outcome
where
    S: Read + Write + Unpin + Send + 'static,
{
    const BROKEN: &str = "the receiver ended the connection without an answer";
    let (mut sender, connection) = handshake(stream).await.map_err(|_| BROKEN)?;
    let answer = sender.send_request(request);
    tokio::pin!(answer, connection);
    // The connection moves the bytes; it ends with this function, and with it whatever else the receiver would say.
    tokio::select! {
        answered = &mut answer => answered.map(|answer| answer.status().as_u16()).map_err(|_| BROKEN),
        _ = &mut connection => answer.await.map(|answer| answer.status().as_u16()).map_err(|_| BROKEN),
    }
}
