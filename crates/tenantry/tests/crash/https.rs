//! A client of the real program: HTTP/1.1 over TLS on one connection, as small as it can be.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use std::io::{Error, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::sync::Arc;

pub struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
    /// Sent with each request once there is one.
    pub token: Option<String>,
}

impl Client {
    /// Connects to the program on this machine, trusting the authority it made.
    pub fn connect(port: u16, authority: &Path) -> std::io::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority).map_err(Error::other)?).map_err(Error::other)?;
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").map_err(Error::other)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(Error::other)?;
        let stream = StreamOwned::new(connection, TcpStream::connect((Ipv4Addr::LOCALHOST, port))?);
        Ok(Self { stream, token: None })
    }

    /// Sends a request and reads the whole answer. An error means that nobody knows what became of it.
    pub fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) -> std::io::Result<(u16, Value)> {
        let token = self.token.as_ref().map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{token}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.stream.write_all(head.as_bytes())?;
        self.stream.write_all(body.as_bytes())?;
        self.stream.flush()?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).map_err(Error::other)?.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or("0");
        let mut body = vec![0; length.parse().map_err(Error::other)?];
        self.stream.read_exact(&mut body)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    pub fn post(&mut self, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        self.send("POST", path, "application/json", &body.to_string())
    }
}
