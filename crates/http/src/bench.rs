//! The smallest world there is, for the tests of this crate.

use crate::{Answer, Authenticate, Boxed, Face, Ground, Site};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use tenantry_core::Identity;
use tenantry_core::clock::ManualClock;
use tenantry_core::{AppId, Chance, Clock, ObjectId, OpContext, Problem, Reason, TenantId, TenantKind, Timestamp};
use tenantry_db::{Db, Location};
use uuid::Uuid;

pub(crate) struct Bench {
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<Chance>,
    _directory: TempDir,
}

impl Bench {
    pub(crate) async fn new() -> Arc<Self> {
        let directory = tempfile::tempdir().unwrap();
        let db = Db::open(Location::File(directory.path().join("world.sqlite"))).await.unwrap();
        let at = Timestamp::parse("2020-06-01T00:00:00Z").unwrap();
        db.migrate(&[tenantry_db::SLICE], at).await.unwrap();
        let (clock, chance) = (Arc::new(ManualClock::at(at)), Arc::new(Chance::from_seed(1)));
        Arc::new(Self { db, clock, chance, _directory: directory })
    }
}

impl Ground for Bench {
    fn db(&self) -> &Db {
        &self.db
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn chance(&self) -> &Arc<Chance> {
        &self.chance
    }
}

/// Takes the token `tenant-N` for the face whose audience is `test`: an application of tenant N.
pub(crate) struct ByName;

impl Authenticate<Bench> for ByName {
    fn authenticate<'a>(
        &'a self,
        _: &'a Arc<Bench>,
        _: &'a OpContext,
        bearer: &'a str,
        audiences: &'a [&'a str],
    ) -> Boxed<'a, Result<Identity, Problem>> {
        Box::pin(async move {
            let number = bearer.strip_prefix("tenant-").and_then(|n| n.parse().ok()).filter(|_| audiences == ["test"]);
            let guid = Uuid::from_u128(number.ok_or_else(|| Problem::new(Reason::TokenInvalid, "not known"))?);
            Ok(Identity::application(
                AppId::new(guid),
                ObjectId::new(guid),
                (TenantId::new(guid), TenantKind::Partner),
                BTreeSet::new(),
            ))
        })
    }
}

pub(crate) async fn site(faces: impl IntoIterator<Item = Face<Bench>>) -> Arc<Site<Bench>> {
    Arc::new(Site::new(Bench::new().await, Arc::new(ByName), faces).unwrap())
}

/// Sends a request without a socket: method and path, `name: value` lines, body.
pub(crate) async fn send(site: &Arc<Site<Bench>>, what: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (method, path) = what.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response: Response<Full<Bytes>> =
        site.respond(request.body(Full::new(Bytes::from(body.to_owned()))).unwrap()).await;
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// A header as text, for comparing.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}
