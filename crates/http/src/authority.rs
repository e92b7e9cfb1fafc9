//! A certificate authority of one's own, made on first start.
//!
//! Every client library of this field demands `https` (directory.md 1.2), and nobody issues certificates for
//! `localhost`. So the first start makes an authority (P-256, because old TLS 1.2 stacks know it) and a
//! certificate for the server. Clients are told once to trust the authority; the server's certificate can then
//! be renewed, or get more host names, without telling them again.
//!
//! Files: `ca.pem`, `ca.key`, `authority.json` (the authority; written in an order that makes `ca.pem` the mark
//! of a whole one), `server.pem`, `server.key`, `server.json`. Keys are readable by their owner only.
//!
//! Keys come from the machine's randomness and validity from real time, not from a world: the clients that
//! check them live outside.

use crate::protocol;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenantry_core::{Problem, Reason, Timestamp};
use time::OffsetDateTime;

const DAY: i64 = 86_400;
/// An authority lasts ten years: renewing it means telling every client.
const CA_DAYS: i64 = 3_650;
/// The longest that all clients take from a server.
const LEAF_DAYS: i64 = 397;
/// How long before its end a certificate is renewed.
const RENEW_DAYS: i64 = 30;
/// How far the clocks of clients may be behind ours.
const SKEW_DAYS: i64 = 1;

/// Names every certificate is good for.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A local authority and the server's certificate under it.
#[derive(Debug)]
pub struct Authority {
    /// The certificate that clients are told to trust.
    pub ca_path: PathBuf,
    /// Whether the authority was made just now, so that clients have to be told.
    pub is_new: bool,
    /// What [`crate::serve`] needs: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
    pub tls: Arc<ServerConfig>,
}

/// What is known of a stored certificate without parsing it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// Digest of the authority's certificate.
    authority: String,
    /// Seconds since 1970.
    not_after: i64,
    /// Host names and addresses, sorted; none for the authority itself.
    names: Vec<String>,
}

impl Authority {
    /// Loads the authority of a directory or makes one, and renews the server's certificate if it ends soon or
    /// the names changed. `hosts` are names beside `localhost`; `now` is real time.
    pub fn open(directory: &Path, hosts: &[String], now: Timestamp) -> Result<Self, Problem> {
        fs::create_dir_all(directory).map_err(|error| unwritable(directory, error))?;
        let files = Files(directory);
        let is_new =
            !files.path("ca.pem").exists() || files.note("authority.json")?.is_some_and(|n| ends_soon(&n, now));
        if is_new {
            make_authority(&files, now)?;
        }
        let ca_pem = files.read("ca.pem")?;
        let digest = digest(&ca_pem);
        if files.note("authority.json")?.is_none_or(|note| note.authority != digest) {
            let message = format!(
                "{} is not the certificate this authority was made with; put the old file back, or move all files \
                 of the directory away to have a new authority made",
                files.path("ca.pem").display()
            );
            return Err(Problem::new(Reason::Corrupt, message));
        }
        let mut names: Vec<String> = LOCAL.iter().map(|name| (*name).to_owned()).collect();
        names.extend(hosts.iter().map(|host| host.to_ascii_lowercase()));
        names.sort();
        names.dedup();
        let fresh = files
            .note("server.json")
            .ok()
            .flatten()
            .is_some_and(|note| note.authority == digest && note.names == names && !ends_soon(&note, now));
        if !fresh || !files.path("server.pem").exists() || !files.path("server.key").exists() {
            make_leaf(&files, names, digest, now)?;
        }
        let tls = server_config(&files.read("server.pem")?, &ca_pem, &files.read("server.key")?)?;
        Ok(Self { ca_path: files.path("ca.pem"), is_new, tls })
    }
}

fn make_authority(files: &Files<'_>, now: Timestamp) -> Result<(), Problem> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(Problem::internal)?;
    let mut params = authority_params();
    let not_after = validity(&mut params, now, CA_DAYS)?;
    let pem = params.self_signed(&key).map_err(Problem::internal)?.pem();
    let note = Note { authority: digest(&pem), not_after, names: Vec::new() };
    files.write("ca.key", &key.serialize_pem(), true)?;
    files.write_note("authority.json", &note)?;
    files.write("ca.pem", &pem, false)
}

fn make_leaf(files: &Files<'_>, names: Vec<String>, authority: String, now: Timestamp) -> Result<(), Problem> {
    let ca_key = KeyPair::from_pem(&files.read("ca.key")?).map_err(|error| {
        Problem::new(Reason::Corrupt, format!("{} holds no private key", files.path("ca.key").display())).because(error)
    })?;
    let issuer = Issuer::new(authority_params(), ca_key);
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(Problem::internal)?;
    let mut params = CertificateParams::new(names.clone()).map_err(|error| {
        Problem::invalid("hosts", "a host name has characters a certificate cannot hold").because(error)
    })?;
    params.distinguished_name = named("Tenantry server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let not_after = validity(&mut params, now, LEAF_DAYS)?;
    let pem = params.signed_by(&key, &issuer).map_err(Problem::internal)?.pem();
    files.remove("server.json")?;
    files.write("server.key", &key.serialize_pem(), true)?;
    files.write("server.pem", &pem, false)?;
    files.write_note("server.json", &Note { authority, not_after, names })
}

/// The same each time, because the issuer of later certificates is rebuilt from it and the stored key.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("Tenantry local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::OrganizationName, "Tenantry");
    names.push(DnType::CommonName, name);
    names
}

fn validity(params: &mut CertificateParams, now: Timestamp, days: i64) -> Result<i64, Problem> {
    let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).map_err(Problem::internal);
    let not_after = now.plus_seconds(days * DAY).seconds();
    params.not_before = at(now.plus_seconds(-SKEW_DAYS * DAY).seconds())?;
    params.not_after = at(not_after)?;
    Ok(not_after)
}

const fn ends_soon(note: &Note, now: Timestamp) -> bool {
    note.not_after <= now.plus_seconds(RENEW_DAYS * DAY).seconds()
}

/// The authority goes along in the chain: clients that pin it find it there.
fn server_config(leaf: &str, ca: &str, key: &str) -> Result<Arc<ServerConfig>, Problem> {
    let damaged = |error: rustls::pki_types::pem::Error| Problem::internal(error);
    let chain = vec![
        CertificateDer::from_pem_slice(leaf.as_bytes()).map_err(damaged)?,
        CertificateDer::from_pem_slice(ca.as_bytes()).map_err(damaged)?,
    ];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(damaged)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(Problem::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(Problem::internal)?;
    config.alpn_protocols = protocol::NAMES.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}

/// What makes each client trust the authority: who it is for, and the line to type.
#[must_use]
pub fn trust_hints(ca_path: &Path) -> Vec<(&'static str, String)> {
    let path = format!("'{}'", ca_path.display().to_string().replace('\'', r"'\''"));
    vec![
        ("curl", format!("export CURL_CA_BUNDLE={path}")),
        ("Python (requests, msal, azure-identity)", format!("export REQUESTS_CA_BUNDLE={path}")),
        ("Python (httpx, aiohttp), .NET on Linux, OpenSSL, Go", format!("export SSL_CERT_FILE={path}")),
        ("Node", format!("export NODE_EXTRA_CA_CERTS={path}")),
        (
            "Java",
            format!(
                "keytool -importcert -noprompt -alias tenantry -file {path} -keystore tenantry.p12 -storetype PKCS12 \
                 -storepass tenantry && export JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=tenantry.p12 \
                 -Djavax.net.ssl.trustStorePassword=tenantry'"
            ),
        ),
    ]
}

/// The files of one directory.
struct Files<'a>(&'a Path);

impl Files<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> Result<String, Problem> {
        let path = self.path(name);
        fs::read_to_string(&path).map_err(|error| {
            Problem::new(Reason::Unavailable, format!("cannot read {}", path.display())).because(error)
        })
    }

    /// A note that is there but unreadable is refused, not overwritten: the files beside it may be precious.
    fn note(&self, name: &str) -> Result<Option<Note>, Problem> {
        if !self.path(name).exists() {
            return Ok(None);
        }
        let damaged =
            |error| Problem::new(Reason::Corrupt, format!("{} is damaged", self.path(name).display())).because(error);
        serde_json::from_str(&self.read(name)?).map(Some).map_err(damaged)
    }

    fn write_note(&self, name: &str, note: &Note) -> Result<(), Problem> {
        self.write(name, &serde_json::to_string_pretty(note).map_err(Problem::internal)?, false)
    }

    /// Writes beside and renames, so that no reader sees half a file.
    fn write(&self, name: &str, text: &str, private: bool) -> Result<(), Problem> {
        let (path, beside) = (self.path(name), self.path(&format!("{name}.new")));
        let write = || {
            self.remove_if_there(&beside)?;
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o644 });
            let mut file = options.open(&beside)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().map_err(|error| unwritable(&path, error))
    }

    fn remove(&self, name: &str) -> Result<(), Problem> {
        let path = self.path(name);
        self.remove_if_there(&path).map_err(|error| unwritable(&path, error))
    }

    fn remove_if_there(&self, path: &Path) -> std::io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn unwritable(path: &Path, error: std::io::Error) -> Problem {
    Problem::new(Reason::Unavailable, format!("cannot write {}", path.display())).because(error)
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn open(directory: &TempDir, hosts: &[&str], at: &str) -> Result<(bool, String, String), Problem> {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let authority = Authority::open(directory.path(), &hosts, Timestamp::parse(at).unwrap())?;
        let read = |name| fs::read_to_string(directory.path().join(name)).unwrap();
        Ok((authority.is_new, read("ca.pem"), read("server.pem")))
    }

    #[test]
    fn certificates_last_until_a_name_or_the_calendar_asks_for_new_ones() {
        let directory = tempfile::tempdir().unwrap();
        let (mut ca, mut server) = (String::new(), String::new());
        for (at, hosts, new_ca, new_server) in [
            ("2024-01-01", vec![], true, true),
            ("2024-01-02", vec![], false, false),
            ("2024-01-02", vec!["API.example", "login.example"], false, true),
            ("2024-01-03", vec!["login.example", "api.example"], false, false),
            ("2025-01-01", vec!["login.example", "api.example"], false, false),
            ("2025-01-04", vec!["login.example", "api.example"], false, true),
            ("2033-11-01", vec!["login.example", "api.example"], false, true),
            ("2033-12-15", vec!["login.example", "api.example"], true, true),
        ] {
            let (is_new, ca_now, server_now) = open(&directory, &hosts, at).unwrap();
            assert_eq!((is_new, ca_now != ca, server_now != server), (new_ca, new_ca, new_server), "{at} {hosts:?}");
            (ca, server) = (ca_now, server_now);
        }
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        open(&directory, &[], "2024-01-01").unwrap();
        for (name, mode) in [("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644)] {
            let seen = fs::metadata(directory.path().join(name)).unwrap().permissions().mode();
            assert_eq!(seen & 0o777, mode, "{name}");
        }
    }

    #[test]
    fn a_foreign_certificate_is_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        open(&directory, &[], "2024-01-01").unwrap();
        fs::write(directory.path().join("ca.pem"), "mine").unwrap();
        let problem = open(&directory, &[], "2024-01-01").unwrap_err();
        assert!(problem.message().contains("ca.pem is not the certificate"), "{problem:?}");
        assert_eq!(fs::read_to_string(directory.path().join("ca.pem")).unwrap(), "mine");
        fs::remove_file(directory.path().join("ca.pem")).unwrap();
        assert!(open(&directory, &[], "2024-01-01").unwrap().0, "without it, a new authority is made");
    }

    #[test]
    fn hints_quote_the_path() {
        let hints = trust_hints(Path::new("/it's here/ca.pem"));
        assert_eq!(hints.len(), 5);
        assert!(hints.iter().all(|(_, line)| line.contains(r"'/it'\''s here/ca.pem'")), "{hints:?}");
    }
}
