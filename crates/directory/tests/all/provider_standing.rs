//! Who speaks for the provider: its Global Administrators, people and applications, and nobody else in its tenant.

use crate::applications_house::{DIRECTORY_READ, GRAPH, member, registered, settings, told, user_of};
use crate::house::{App, House, in_a_house};
use std::sync::Arc;
use tenantry_access::is_provider;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Caller, Chance, DirectoryRole, Identity, ObjectId, OpContext, Secret, TenantId, TenantKind};
use tenantry_db::{Db, Slice, sql};
use tenantry_directory::{
    ApplicationChange, DirectoryObject, Endpoint, NewSecret, Registered, SLICE, Tenant, app_role_assignment_create,
    credential_add_secret, directory_role_list, directory_role_member_add, directory_role_members,
    service_principal_find,
};
use tenantry_testkit::{on_every_engine, time};
use uuid::Uuid;

const ROOT: TenantId = TenantId::new(Uuid::from_u128(1));
const OPERATORS: ObjectId = ObjectId::new(Uuid::from_u128(0x13));
const TOKENS_FOR: &str = "https://graph.microsoft.com";

/// An application of `home` with a secret, in `at`.
async fn stranger(house: &House, home: &Tenant, at: &Tenant) -> App {
    let shared = ApplicationChange { multi_tenant: Some(true), ..settings("Panel") };
    let app = registered(house, home, shared).await.app;
    let principal = member(house, at, app).await;
    let new = NewSecret::default();
    let (_, secret) = credential_add_secret(&house.ctx, &house.db, home.id, &app.to_string(), new).await.unwrap();
    App { made: Registered { app, principal }, tenant: at.clone(), secret: secret.unwrap() }
}

async fn seen(house: &House, app: &App, secret: &Secret) -> Result<Identity, u32> {
    let tenant = app.tenant.id.to_string();
    let issued = house.issue_at(&tenant, Endpoint::V2, app, secret, TOKENS_FOR).await;
    let bearer = issued.map_err(|refusal| refusal.code())?;
    Ok(house.verify_whole(&bearer, &[TOKENS_FOR]).await.unwrap())
}

/// What it gets to see of another tenant.
async fn elsewhere(house: &House, identity: Identity, other: &Tenant) -> String {
    let ctx = OpContext { caller: Caller::SignedIn(identity), ..house.ctx.clone() };
    told(directory_role_list(&ctx, &house.db, other.id).await)
}

#[test]
fn an_application_speaks_for_the_provider_only_as_its_global_administrator() {
    in_a_house(|house| async move {
        let root = house.create(TenantKind::Provider, "root").await.unwrap();
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let operators = house.app(&root, &[]).await;
        let identity = seen(&house, &operators, &operators.secret).await.unwrap();
        assert!(is_provider(&identity), "the operator's own programs do");
        assert_eq!(elsewhere(&house, identity, &contoso).await, "ok");

        let foreign = stranger(&house, &contoso, &root).await;
        let own = stranger(&house, &root, &root).await;
        let graph = service_principal_find(&house.ctx, &house.db, root.id, &GRAPH.to_string()).await.unwrap().id;
        for app in [&foreign, &own] {
            let principal = app.made.principal;
            app_role_assignment_create(&house.ctx, &house.db, root.id, principal, graph, DIRECTORY_READ).await.unwrap();
            let identity = seen(&house, app, &app.secret).await.unwrap();
            assert!(!is_provider(&identity), "{identity:?}");
            assert_eq!(elsewhere(&house, identity, &contoso).await, "Forbidden");
            let admin = DirectoryRole::GlobalAdmin;
            directory_role_member_add(&house.ctx, &house.db, root.id, admin, principal).await.unwrap();
            assert!(is_provider(&seen(&house, app, &app.secret).await.unwrap()), "by the role, at once");
        }
    });
}

#[test]
fn a_strangers_application_that_was_given_nothing_gets_no_tokens_of_its_own() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        for kind in [TenantKind::Provider, TenantKind::Customer] {
            let at = house.create(kind, kind.name()).await.unwrap();
            let app = stranger(&house, &contoso, &at).await;
            assert_eq!(seen(&house, &app, &app.secret).await.unwrap_err(), 65_001, "{kind:?}");
            assert_eq!(seen(&house, &app, &Secret::new("guess")).await.unwrap_err(), 7_000_215, "{kind:?}");
            let reader = DirectoryRole::ReportsReader;
            directory_role_member_add(&house.ctx, &house.db, at.id, reader, app.made.principal).await.unwrap();
            assert!(seen(&house, &app, &app.secret).await.is_ok(), "{kind:?}");
        }
    });
}

#[test]
fn only_who_makes_global_administrators_gives_the_operators_programs_another_secret() {
    in_a_house(|house| async move {
        let root = house.create(TenantKind::Provider, "root").await.unwrap();
        let operators = house.app(&root, &[]).await.made.app.to_string();
        for (role, expected) in [(DirectoryRole::ApplicationAdmin, "Forbidden"), (DirectoryRole::GlobalAdmin, "ok")] {
            let by = user_of(&house, &root, &[role]);
            let added = credential_add_secret(&by, &house.db, root.id, &operators, NewSecret::default()).await;
            assert_eq!(told(added), expected, "{role}");
        }
    });
}

/// Rows from when every application of the provider's tenant was the provider.
const BEFORE: &[&str] = &[
    "INSERT INTO tenant (id, kind, name, default_domain, country, created_at) VALUES \
     ('00000000-0000-0000-0000-000000000001', 'provider', 'Root', 'root.test', 'DE', 7), \
     ('00000000-0000-0000-0000-000000000002', 'partner', 'Contoso', 'contoso.test', 'DE', 8)",
    "INSERT INTO application (id, tenant, object_id, name, created_at) VALUES \
     ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001', \
     '00000000-0000-0000-0000-000000000012', 'Desk', 9), \
     ('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000002', \
     '00000000-0000-0000-0000-000000000022', 'Panel', 9)",
    "INSERT INTO service_principal (id, tenant, app, name, created_at) VALUES \
     ('00000000-0000-0000-0000-000000000013', '00000000-0000-0000-0000-000000000001', \
     '00000000-0000-0000-0000-000000000011', 'Desk', 9), \
     ('00000000-0000-0000-0000-000000000023', '00000000-0000-0000-0000-000000000002', \
     '00000000-0000-0000-0000-000000000021', 'Panel', 9), \
     ('00000000-0000-0000-0000-000000000024', '00000000-0000-0000-0000-000000000001', \
     '00000000-0000-0000-0000-000000000021', 'Panel', 9)",
];

#[test]
fn the_operators_programs_of_an_older_world_keep_their_standing_and_strangers_get_none() {
    on_every_engine(|bench| async move {
        let db = Db::open(bench.location().clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(time("2026-01-10T16:00:00Z")));
        let ctx = OpContext::system("test", clock, Arc::new(Chance::from_seed(1)));
        let before = Slice { name: SLICE.name, migrations: &SLICE.migrations[..7] };
        db.migrate(&[tenantry_db::SLICE, before], ctx.now()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for text in BEFORE {
            sql(text).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(&[tenantry_db::SLICE, SLICE], ctx.now()).await.unwrap();
        let admins = directory_role_members(&ctx, &db, ROOT, DirectoryRole::GlobalAdmin).await.unwrap();
        assert_eq!(admins.iter().map(DirectoryObject::id).collect::<Vec<_>>(), [OPERATORS]);
        let partner = TenantId::new(Uuid::from_u128(2));
        assert!(directory_role_members(&ctx, &db, partner, DirectoryRole::GlobalAdmin).await.unwrap().is_empty());
    });
}
