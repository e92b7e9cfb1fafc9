//! Whose certificates a receiver may show: those the machine trusts, and what the operator adds.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenantry_core::Problem;

/// Where systems keep what they trust: Debian and Alpine, Fedora, older Red Hat, SUSE, the BSDs and macOS.
const SYSTEM: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// TLS 1.2 and 1.3 with the first system bundle there is, and the files named. A file that cannot be read is passed over
/// with a word in the log: a receiver that needed it is then refused, and its record says why.
pub(crate) fn tls(more: &[PathBuf]) -> Result<Arc<ClientConfig>, Problem> {
    let mut roots = RootCertStore::empty();
    let system = SYSTEM.iter().map(Path::new).find(|path| path.is_file());
    for path in system.into_iter().chain(more.iter().map(PathBuf::as_path)) {
        match CertificateDer::pem_file_iter(path) {
            // Bundles hold old certificates that are none any more; what is left is trusted.
            Ok(certificates) => {
                roots.add_parsable_certificates(certificates.flatten());
            }
            Err(error) => tracing::warn!("certificates of {} are not trusted: {error}", path.display()),
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Problem::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
