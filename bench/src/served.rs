//! A world behind its faces, over TLS, in this process.

use crate::load::trusting;
use rustls::{ClientConfig, ServerConfig};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tenantry_core::Timestamp;
use tenantry_http::{Authority, ByDirectory, Face, Site, bind, serve};
use tenantry_testkit::ORIGIN;
use tenantry_worlds::World;
use tokio::task::JoinHandle;

/// Where it is, and how to trust it.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) server_tls: Arc<ServerConfig>,
    pub(crate) client_tls: Arc<ClientConfig>,
}

/// Serves the world's faces until the runtime ends.
pub(crate) async fn served(world: &Arc<World>, directory: &Path) -> Served {
    served_until(world, directory, std::future::pending()).await.0
}

/// Serves them until then; what is waited for says whether all ended by themselves.
pub(crate) async fn served_until(
    world: &Arc<World>,
    directory: &Path,
    until: impl Future<Output = ()> + Send + 'static,
) -> (Served, JoinHandle<bool>) {
    let faces: [Face; 3] =
        [tenantry_face_login::face(), tenantry_face_partner_center::face(ORIGIN), tenantry_face_tenantry::face(ORIGIN)];
    let site = Arc::new(Site::new(Arc::clone(world), Arc::new(ByDirectory), faces).unwrap());
    let authority = Authority::open(&directory.join("tls"), &[], now()).unwrap();
    let (listener, address) = bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (server_tls, client_tls) = (Arc::clone(&authority.tls), trusting(&authority.ca_path));
    let tls = Arc::clone(&server_tls);
    let serving = tokio::spawn(async move { serve(listener, tls, site, until).await });
    (Served { address, server_tls, client_tls }, serving)
}

/// Certificates are checked on real time.
fn now() -> Timestamp {
    use tenantry_core::Clock;
    tenantry_core::clock::SystemClock.now()
}
