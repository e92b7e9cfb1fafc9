//! A world with one partner and one application, behind a site without a socket.

use crate::{SignIn, face};
use http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Map, Value};
use std::sync::Arc;
use tempfile::TempDir;
use tenantry_core::clock::ManualClock;
use tenantry_core::context::Application;
use tenantry_core::{AppId, Chance, Clock, OpContext, Problem, Reason, Role, Secret, TenantKind, Timestamp};
use tenantry_db::{Db, Location};
use tenantry_directory::{Keys, NewTenant, SLICE, Tenant, application_register, tenant_create};
use tenantry_http::{Answer, Authenticate, Boxed, Bytes, Ground, Site};

pub(crate) struct World {
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<Chance>,
    keys: Keys,
    _folder: TempDir,
}

impl Ground for World {
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

impl SignIn for World {
    fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// All routes are open, so nobody is ever asked.
struct Nobody;

impl Authenticate<World> for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Arc<World>,
        _: &'a OpContext,
        _: &'a str,
        _: &'a [&'a str],
    ) -> Boxed<'a, Result<Application, Problem>> {
        Box::pin(async { Err(Problem::new(Reason::TokenInvalid, "an open route asked for a token")) })
    }
}

pub(crate) struct House {
    site: Arc<Site<World>>,
    pub(crate) tenant: Tenant,
    pub(crate) app: AppId,
    pub(crate) secret: Secret,
}

impl House {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(Location::File(folder.path().join("world.sqlite"))).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-01-10T16:00:00Z").unwrap()));
        let chance = Arc::new(Chance::from_seed(1));
        let ctx = OpContext::system("test", clock.clone(), chance.clone());
        db.migrate(&[tenantry_db::SLICE, SLICE], ctx.now()).await.unwrap();
        let keys = Keys::open(&ctx, &db, "https://localhost:8443").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let (kind, domain) = (TenantKind::Partner, "contoso.example.test");
        let new = NewTenant { kind, name: "Contoso", domain, country: "DE" };
        let tenant = tenant_create(&ctx, &mut tx, new).await.unwrap();
        let (registered, secret) =
            application_register(&ctx, &mut tx, tenant.id, "Panel", &[Role::AdminAgent]).await.unwrap();
        tx.commit().await.unwrap();
        let world = Arc::new(World { db, clock, chance, keys, _folder: folder });
        let site = Arc::new(Site::new(world, Arc::new(Nobody), [face()]).unwrap());
        Self { site, tenant, app: registered.app, secret }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.site.world().db
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.site.world().keys
    }

    pub(crate) fn ctx(&self) -> OpContext {
        let world = self.site.world();
        OpContext::system("test", Arc::clone(&world.clock), Arc::clone(&world.chance))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ctx().now()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
        let content = ("content-type", "application/x-www-form-urlencoded;charset=utf-8");
        self.send("POST", path, &[&[content], headers].concat(), form).await
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::from(body.to_owned()));
        let (parts, body) = self.site.respond(request.body(body).unwrap()).await.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
