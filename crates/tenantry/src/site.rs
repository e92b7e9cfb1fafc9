//! Wiring: which faces a world has, and serving them until somebody says stop.

use crate::listen::{HOST, Listen};
use crate::output::Output;
use crate::place::Place;
use crate::runtime::asked_to_stop;
use std::net::SocketAddr;
use std::sync::Arc;
use tenantry_core::Problem;
use tenantry_core::clock::{Clock, SystemClock};
use tenantry_directory::SignInRules;
use tenantry_http::{Authority, BODY_BYTES_MAX, ByDirectory, Site, serve, trust_hints};
use tenantry_notify::Post;
use tenantry_worlds::World;
use tokio::net::TcpListener;

/// All faces of a world behind its origin.
fn site(world: &Arc<World>, rules: SignInRules, body_bytes: usize) -> Result<Arc<Site>, Problem> {
    let origin = &world.settings().origin;
    let rules = SignInRules { clients_live_outside: world.settings().sandbox, ..rules };
    let faces = [
        tenantry_face_login::face_with(rules),
        tenantry_face_partner_center::face(origin),
        tenantry_face_tenantry::face(origin),
    ];
    let faces = faces.into_iter().chain(tenantry_face_graph::faces(origin));
    let site = Site::new(Arc::clone(world), Arc::new(ByDirectory), faces)?;
    Ok(Arc::new(site.body_bytes_max(body_bytes)))
}

/// The local authority of a place, with a certificate for the name clients use. It is checked by clients outside the
/// world, so it runs on real time.
pub(crate) fn authority(place: &Place, host: &str) -> Result<Authority, Problem> {
    place.prepare()?;
    let hosts: Vec<_> = (host != HOST).then(|| host.to_owned()).into_iter().collect();
    Authority::open(&place.tls(), &hosts, SystemClock.now())
}

/// An open port. Taken before the world is opened: its tokens name the address.
pub(crate) struct Door {
    listener: TcpListener,
    warning: Option<String>,
    rules: SignInRules,
    public_webhooks_only: bool,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Scheme, host and port.
    pub(crate) origin: String,
    /// Who signed the certificate.
    pub(crate) authority: Authority,
    /// Memory of all request bodies.
    pub(crate) body_bytes: usize,
}

impl Door {
    pub(crate) async fn open(listen: &Listen, place: &Place) -> Result<Self, Problem> {
        let (listener, address) = tenantry_http::bind(listen.listen).await.map_err(|taken| taken.at("listen"))?;
        let origin = listen.origin(address.port());
        let authority = authority(place, &listen.host)?;
        let rules = SignInRules { password_grant: listen.password_grant, ..SignInRules::default() };
        let (warning, public_webhooks_only) = (listen.warning(&origin), listen.public_webhooks_only());
        Ok(Self {
            listener,
            warning,
            rules,
            public_webhooks_only,
            address,
            origin,
            authority,
            body_bytes: BODY_BYTES_MAX,
        })
    }

    /// Serves a world until the program is asked to stop, then closes it in order.
    pub(crate) async fn serve(self, world: Arc<World>, place: &Place, output: &mut Output<'_>) -> Result<(), Problem> {
        let site = site(&world, self.rules, self.body_bytes)?;
        place.keep_origin(&self.origin)?;
        if let Some(warning) = self.warning {
            output.tell(warning);
        }
        output.tell(format_args!("Serving {}. Stop with Ctrl-C.", self.origin));
        let jobs = {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.keep_running().await })
        };
        // A receiver on this machine may have a certificate of the local authority.
        let post = Post::new(vec![self.authority.ca_path]).public_only(self.public_webhooks_only);
        let telling = tokio::spawn(Arc::clone(&world).keep_telling(post, tenantry_face_partner_center::wording()));
        serve(self.listener, self.authority.tls, site, asked_to_stop()).await;
        telling.abort();
        jobs.abort();
        world.close().await?;
        output.tell("Stopped; everything is saved.");
        Ok(())
    }
}

/// How to make clients trust the authority, a line each.
pub(crate) fn trust_text(authority: &Authority) -> String {
    let lines = trust_hints(&authority.ca_path).into_iter().map(|(client, line)| format!("  # {client}\n  {line}\n"));
    lines.collect()
}
