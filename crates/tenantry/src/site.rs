//! Wiring: which faces a world has, and serving them until somebody says stop.

use crate::output::Output;
use crate::place::Place;
use crate::runtime::asked_to_stop;
use std::net::SocketAddr;
use std::sync::Arc;
use tenantry_core::Problem;
use tenantry_core::clock::{Clock, SystemClock};
use tenantry_http::{Authority, ByDirectory, Site, serve, trust_hints};
use tenantry_worlds::World;
use tokio::net::TcpListener;

/// All faces of a world behind its origin.
pub(crate) fn site(world: &Arc<World>) -> Result<Arc<Site>, Problem> {
    let origin = &world.settings().origin;
    let faces = [tenantry_face_login::face(), tenantry_face_partner_center::face(origin)];
    Site::new(Arc::clone(world), Arc::new(ByDirectory), faces).map(Arc::new)
}

/// An open port. Taken before the world is opened: its tokens name the address.
pub(crate) struct Door {
    listener: TcpListener,
    /// Scheme, host and port.
    pub(crate) origin: String,
}

impl Door {
    pub(crate) async fn open(port: u16) -> Result<Self, Problem> {
        let (listener, address) = tenantry_http::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
        Ok(Self { listener, origin: format!("https://localhost:{}", address.port()) })
    }

    /// Serves a world until the program is asked to stop, then closes it in order.
    pub(crate) async fn serve(self, world: Arc<World>, place: &Place, output: &mut Output<'_>) -> Result<(), Problem> {
        // Certificates are checked by clients outside the world, so they run on real time.
        let authority = Authority::open(&place.data_dir.join("tls"), &[], SystemClock.now())?;
        let site = site(&world)?;
        output.tell(format_args!("\nServing {}. Stop with Ctrl-C.", self.origin));
        if authority.is_new {
            output.tell("Clients must trust its certificate once:");
            for (client, line) in trust_hints(&authority.ca_path) {
                output.tell(format_args!("  {line}\n      for {client}"));
            }
        }
        let jobs = (!world.settings().sandbox).then(|| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.keep_running().await })
        });
        serve(self.listener, authority.tls, site, asked_to_stop()).await;
        if let Some(jobs) = jobs {
            jobs.abort();
        }
        world.close().await
    }
}
