//! What the tests share: a database with nothing but a directory in it, and its acts as one would call them.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use tenantry_core::Identity;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, DirectoryRole, ObjectId, OpContext, Problem, Reason, Role, Secret, TenantId, TenantKind};
use tenantry_db::{Db, Location, Tx, sql};
use tenantry_directory::{
    Endpoint, Keys, NewTenant, OauthRefusal, PARTNER_CENTER, Registered, SLICE, SignInRules, Tenant, TokenRequest,
    application_register, directory_role_member_remove, group_member_remove, group_page, tenant_create, token_issue,
    token_verify,
};
use tenantry_testkit::{Bench, ORIGIN, SUFFIX, on_every_engine, time};

pub(crate) struct House {
    pub(crate) ctx: OpContext,
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    clock: Arc<ManualClock>,
}

/// Name, private key and certificate, as stored.
type KeptKey = (String, Vec<u8>, Vec<u8>);

/// Making a key takes a second, so most tests of a run share one.
static KEY: OnceLock<KeptKey> = OnceLock::new();

/// An application with its first secret.
pub(crate) struct App {
    pub(crate) made: Registered,
    pub(crate) tenant: Tenant,
    pub(crate) secret: Secret,
}

/// Runs a test on each engine, with a clock that shows 2026-01-10T16:00:00Z.
pub(crate) fn in_a_house<F, Fut>(body: F)
where
    F: Fn(House) -> Fut,
    Fut: Future<Output = ()>,
{
    on_every_engine(|bench| {
        let body = &body;
        async move { body(House::with_shared_key(&bench).await).await }
    });
}

impl House {
    /// Opens the database of a bench, as each start of the program does. Ids follow from the seed.
    pub(crate) async fn open(bench: &Bench, seed: u64) -> Self {
        Self::start(bench.location(), seed, None).await
    }

    /// Opens another world that signs with the key of this one.
    pub(crate) async fn another(&self, bench: &Bench) -> Self {
        Self::start(&bench.another_location(), 2, Some(&self.kept_key().await)).await
    }

    /// Opens a fresh one that already has the signing key of the first.
    pub(crate) async fn with_shared_key(bench: &Bench) -> Self {
        let house = Self::start(bench.location(), 1, KEY.get()).await;
        if KEY.get().is_none() {
            // Another test may have been faster; its key is as good.
            let _ = KEY.set(house.kept_key().await);
        }
        house
    }

    async fn kept_key(&self) -> KeptKey {
        let mut reader = self.db.reader().await.unwrap();
        let row = sql("SELECT kid, private_key, certificate FROM signing_key").one(&mut reader).await.unwrap();
        (row.text("kid").unwrap(), row.bytes("private_key").unwrap(), row.bytes("certificate").unwrap())
    }

    async fn start(location: &Location, seed: u64, key: Option<&KeptKey>) -> Self {
        let db = Db::open(location.clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(time("2026-01-10T16:00:00Z")));
        let ctx = OpContext::system("test", clock.clone(), Arc::new(Chance::from_seed(seed)));
        db.migrate(&[tenantry_db::SLICE, SLICE], ctx.now()).await.unwrap();
        if let Some((kid, private_key, certificate)) = key {
            let mut tx = db.begin().await.unwrap();
            sql("INSERT INTO signing_key (kid, private_key, certificate, created_at) VALUES ($1, $2, $3, $4)")
                .bind(kid)
                .bind(private_key.clone())
                .bind(certificate.clone())
                .bind(ctx.now())
                .run(&mut tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        let keys = Keys::open(&ctx, &db, ORIGIN).await.unwrap();
        Self { ctx, db, keys, clock }
    }

    pub(crate) async fn begin(&self) -> Tx {
        self.db.begin().await.unwrap()
    }

    /// Creates a tenant in a transaction of its own.
    pub(crate) async fn create(&self, kind: TenantKind, prefix: &str) -> Result<Tenant, Problem> {
        let domain = format!("{prefix}.{SUFFIX}");
        self.create_as(NewTenant { kind, name: prefix, domain: &domain, country: "DE" }).await
    }

    /// Creates a tenant with everything said.
    pub(crate) async fn create_as(&self, new: NewTenant<'_>) -> Result<Tenant, Problem> {
        let mut tx = self.db.begin().await?;
        let tenant = tenant_create(&self.ctx, &mut tx, new).await?;
        tx.commit().await?;
        Ok(tenant)
    }

    /// Registers an application in a tenant.
    pub(crate) async fn app(&self, tenant: &Tenant, roles: &[Role]) -> App {
        let mut tx = self.begin().await;
        let (made, secret) = application_register(&self.ctx, &mut tx, tenant.id, "Panel", roles).await.unwrap();
        tx.commit().await.unwrap();
        App { made, tenant: tenant.clone(), secret }
    }

    /// A partner with an application.
    pub(crate) async fn partner_app(&self, prefix: &str, roles: &[Role]) -> App {
        self.app(&self.create(TenantKind::Partner, prefix).await.unwrap(), roles).await
    }

    /// A token of the version 1 endpoint of the application's own tenant.
    pub(crate) async fn issue(&self, app: &App, secret: &Secret, resource: &str) -> Result<String, OauthRefusal> {
        self.issue_at(&app.tenant.id.to_string(), Endpoint::V1, app, secret, resource).await
    }

    /// A token of any endpoint.
    pub(crate) async fn issue_at(
        &self,
        tenant: &str,
        endpoint: Endpoint,
        app: &App,
        secret: &Secret,
        resource: &str,
    ) -> Result<String, OauthRefusal> {
        let scope = format!("{resource}/.default");
        let client = app.made.app.to_string();
        let asked = TokenRequest {
            endpoint,
            resource: Some(resource),
            scope: Some(&scope),
            ..request(tenant, &client, secret)
        };
        let issued = token_issue(&self.ctx, &self.db, &self.keys, &SignInRules::default(), &asked).await?;
        Ok(issued.access_token.reveal().to_owned())
    }

    /// Who sent the token and in which roles of the channel, or why it does not count.
    pub(crate) async fn verify(&self, bearer: &str, audiences: &[&str]) -> Result<Identity, Reason> {
        let whole = self.verify_whole(bearer, audiences).await?;
        let (directory_roles, groups, rights) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Ok(Identity { directory_roles, groups, rights, ..whole })
    }

    /// The same with all that the sender holds.
    pub(crate) async fn verify_whole(&self, bearer: &str, audiences: &[&str]) -> Result<Identity, Reason> {
        let verified = token_verify(&self.ctx, &self.db, &self.keys, bearer, audiences).await;
        verified.map_err(|problem| problem.reason())
    }

    /// Takes a role of the channel away, as an administrator does.
    pub(crate) async fn role_take(&self, tenant: TenantId, principal: ObjectId, role: Role) {
        let (ctx, db) = (&self.ctx, &self.db);
        let directory_role = match role {
            Role::GlobalAdmin => DirectoryRole::GlobalAdmin,
            Role::UserAdmin => DirectoryRole::UserAdmin,
            Role::BillingAdmin => DirectoryRole::BillingAdmin,
            Role::AdminAgent | Role::HelpdeskAgent | Role::SalesAgent => {
                let groups = group_page(ctx, db, tenant, None, 100).await.unwrap();
                let group = groups.iter().find(|group| group.agents == Some(role)).unwrap().id;
                return group_member_remove(ctx, db, tenant, group, principal).await.unwrap();
            }
        };
        directory_role_member_remove(ctx, db, tenant, directory_role, principal).await.unwrap();
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, to: &str) {
        self.clock.advance_to(time(to));
    }
}

impl App {
    /// What verification says of it, its directory roles aside.
    pub(crate) fn identity(&self, roles: &[Role]) -> Identity {
        let place = (self.tenant.id, self.tenant.kind);
        let whole = Identity::application(self.made.app, self.made.principal, place, roles.iter().copied());
        Identity { directory_roles: Vec::new(), ..whole }
    }
}

/// A request of the version 1 endpoint with nothing wrong in it.
pub(crate) fn request<'a>(tenant: &'a str, client: &'a str, secret: &'a Secret) -> TokenRequest<'a> {
    TokenRequest {
        grant_type: Some("client_credentials"),
        client_id: Some(client),
        client_secret: Some(secret),
        resource: Some(PARTNER_CENTER),
        ..TokenRequest::new(Endpoint::V1, tenant)
    }
}
