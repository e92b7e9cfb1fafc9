//! A world's directory for tests: a database in a temporary folder, a clock that stands still, one signing key.

use crate::rows::{self, KeptKey};
use crate::{Keys, NewTenant, Registered, SLICE, Tenant, application_register, tenant_create};
use std::sync::Arc;
use tempfile::TempDir;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, OpContext, Role, Secret, TenantKind, Timestamp};
use tenantry_db::{Db, Location};
use tokio::sync::OnceCell;

pub(crate) const ORIGIN: &str = "https://localhost:8443";

pub(crate) struct House {
    pub(crate) ctx: OpContext,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    _folder: TempDir,
}

/// A key takes a while to make, so the tests of one run share it.
static KEY: OnceCell<KeptKey> = OnceCell::const_new();

impl House {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(Location::File(folder.path().join("world.sqlite"))).await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp::parse("2026-01-10T16:00:00Z").unwrap()));
        let ctx = OpContext::system("test", clock.clone(), Arc::new(Chance::from_seed(1)));
        db.migrate(&[tenantry_db::SLICE, SLICE], ctx.now()).await.unwrap();
        let key = KEY.get_or_init(|| first_key(&ctx, &db)).await;
        let mut tx = db.begin().await.unwrap();
        if rows::signing_keys(&mut tx).await.unwrap().is_empty() {
            rows::signing_key_insert(&mut tx, key, ctx.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let keys = Keys::open(&ctx, &db, ORIGIN).await.unwrap();
        Self { ctx, clock, db, keys, _folder: folder }
    }

    pub(crate) async fn tenant(&self, kind: TenantKind, prefix: &str) -> Tenant {
        let mut tx = self.db.begin().await.unwrap();
        let domain = format!("{prefix}.example.test");
        let new = NewTenant { kind, name: prefix, domain: &domain, country: "DE" };
        let tenant = tenant_create(&self.ctx, &mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        tenant
    }

    pub(crate) async fn app(&self, tenant: &Tenant, roles: &[Role]) -> (Registered, Secret) {
        let mut tx = self.db.begin().await.unwrap();
        let made = application_register(&self.ctx, &mut tx, tenant.id, "Control panel", roles).await.unwrap();
        tx.commit().await.unwrap();
        made
    }
}

async fn first_key(ctx: &OpContext, db: &Db) -> KeptKey {
    Keys::open(ctx, db, ORIGIN).await.unwrap();
    rows::signing_keys(&mut db.reader().await.unwrap()).await.unwrap().remove(0)
}
