//! A world of the first version: opened by this one, its applications go on working, and its customers have in the
//! directory what a customer of today has.

use crate::open_again;
use tenantry_access::azure::{ArmScope, OWNER, PrincipalKind};
use tenantry_commerce::{customer_get, customers_catch_up};
use tenantry_core::{
    Caller, Identity, ObjectId, OpContext, Reason, Role, Secret, SubscriptionId, TenantId, TenantKind,
};
use tenantry_db::{Db, Location, Slice, sql};
use tenantry_directory::{
    AssignmentFilter, Endpoint, SignInRules, TokenRequest, contracts_with, delegated_admin_remove,
    role_assignment_list, subscribed_skus, token_issue, token_verify, visible_subscriptions,
};
use tenantry_testkit::{ORIGIN, on_every_engine, time};
use tenantry_worlds::{SLICES, World};
use uuid::Uuid;

const PARTNER: TenantId = TenantId::new(Uuid::from_u128(10));
const CUSTOMER: TenantId = TenantId::new(Uuid::from_u128(12));
const USAGE: SubscriptionId = SubscriptionId::new(Uuid::from_u128(15));
const AGENTS: ObjectId = ObjectId::new(Uuid::from_u128(16));
const PANEL: &str = "00000000-0000-0000-0000-000000000012";
const PLATFORM: &str = "00000000-0000-0000-0000-000000000022";
/// Of both; their rows have its digest.
const OLDER_SECRET: &str = "older-secret-of-the-panel";

/// Rows as the first version wrote them: the provider's own program, a partner with a control panel, and a customer with seats and Azure.
const OLD: [&str; 24] = [
    "INSERT INTO tenant VALUES ('00000000-0000-0000-0000-00000000000a', 'partner', 'Contoso', 'contoso.example.test', \
     'US', 1)",
    "INSERT INTO tenant VALUES ('00000000-0000-0000-0000-00000000000c', 'customer', 'Northwind', \
     'northwind.example.test', 'US', 1)",
    "INSERT INTO tenant_domain VALUES ('contoso.example.test', '00000000-0000-0000-0000-00000000000a', 1, 1)",
    "INSERT INTO tenant_domain VALUES ('northwind.example.test', '00000000-0000-0000-0000-00000000000c', 1, 1)",
    "INSERT INTO directory_group VALUES ('00000000-0000-0000-0000-000000000010', \
     '00000000-0000-0000-0000-00000000000a', 'AdminAgents', 1)",
    "INSERT INTO directory_role VALUES ('00000000-0000-0000-0000-00000000000a', 'Global admin', \
     '62e90394-69f5-4237-9190-012177145e10')",
    "INSERT INTO directory_role VALUES ('00000000-0000-0000-0000-00000000000a', 'Billing admin', \
     'b0f54661-2d74-4c50-afa3-1ec803f12efe')",
    "INSERT INTO application VALUES ('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-000000000013', 'Panel', 1, NULL)",
    "INSERT INTO service_principal VALUES ('00000000-0000-0000-0000-000000000014', \
     '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000012', 'Panel', 1)",
    "INSERT INTO application_secret VALUES ('00000000-0000-0000-0000-000000000017', \
     '00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000012', \
     'c82e22b398398a716d38d7957cc83eb841c31c74721b5726d99e995412f11d40', 1, 4000000000000000)",
    "INSERT INTO group_member VALUES ('00000000-0000-0000-0000-000000000010', \
     '00000000-0000-0000-0000-000000000014', '00000000-0000-0000-0000-00000000000a', 1)",
    "INSERT INTO role_assignment VALUES ('00000000-0000-0000-0000-00000000000a', 'Billing admin', \
     '00000000-0000-0000-0000-000000000014', 1)",
    "INSERT INTO tenant VALUES ('00000000-0000-0000-0000-000000000021', 'provider', 'Root', 'root.example.test', 'US', 1)",
    "INSERT INTO tenant_domain VALUES ('root.example.test', '00000000-0000-0000-0000-000000000021', 1, 1)",
    "INSERT INTO application VALUES ('00000000-0000-0000-0000-000000000022', '00000000-0000-0000-0000-000000000021', \
     '00000000-0000-0000-0000-000000000023', 'Platform', 1, NULL)",
    "INSERT INTO service_principal VALUES ('00000000-0000-0000-0000-000000000024', \
     '00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022', 'Platform', 1)",
    "INSERT INTO application_secret VALUES ('00000000-0000-0000-0000-000000000025', \
     '00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022', \
     'c82e22b398398a716d38d7957cc83eb841c31c74721b5726d99e995412f11d40', 1, 4000000000000000)",
    "INSERT INTO partner VALUES ('00000000-0000-0000-0000-00000000000a', 'direct', 'Contoso', 'contoso.example.test', \
     '{\"country\":\"US\"}', 'ops@contoso.test', 'en-US', 'en', '4847383', 'US', 'USD', 1)",
    "INSERT INTO customer VALUES ('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-00000000000a', 1, \
     'Northwind', 'northwind', 'northwind.example.test', NULL, '00000000-0000-0000-0000-00000000000b', \
     '{\"first_name\":null,\"last_name\":null,\"email\":\"ops@northwind.test\",\"culture\":\"en-US\",\"language\":\"en\",\
     \"company_name\":\"Northwind\",\"default_address\":{\"country\":\"US\"}}', 1, 1000000, NULL)",
    "INSERT INTO sales_order VALUES ('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-00000000000c', 1, 'USD', 'monthly', 1, 2000000, NULL)",
    "INSERT INTO sales_order_line VALUES ('00000000-0000-0000-0000-00000000000d', 0, \
     '031C9E47-4802-4248-838E-778FB1D2CC05', '00000000-0000-0000-0000-00000000000e', 'Office', 3)",
    "INSERT INTO sales_order_line VALUES ('00000000-0000-0000-0000-00000000000d', 1, \
     'MS-AZR-0145P', '00000000-0000-0000-0000-00000000000f', 'Azure', 1)",
    "INSERT INTO subscription VALUES ('00000000-0000-0000-0000-00000000000e', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-00000000000c', 1, '00000000-0000-0000-0000-00000000000d', \
     '031C9E47-4802-4248-838E-778FB1D2CC05', 'Office', 3, 'monthly', 1, 'active', 2000000, NULL, 2000000, 0, NULL, 1)",
    "INSERT INTO subscription VALUES ('00000000-0000-0000-0000-00000000000f', '00000000-0000-0000-0000-00000000000a', \
     '00000000-0000-0000-0000-00000000000c', 2, '00000000-0000-0000-0000-00000000000d', \
     'MS-AZR-0145P', 'Azure', 1, 'none', 0, 'active', 2000000, NULL, 2000000, 0, NULL, 1)",
];

/// A database as the first version left it.
async fn older(location: &Location) {
    let db = Db::open(location.clone()).await.unwrap();
    // Of the rooms that have changed since, only the first step.
    let first = |slice: Slice| match slice.name {
        "directory" | "commerce" => Slice { migrations: &slice.migrations[..1], ..slice },
        _ => slice,
    };
    db.migrate(&SLICES.map(first), time("2026-01-01")).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    for row in OLD {
        sql(row).run(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
}

/// What the customer's tenant has, one line each.
async fn shown(world: &World) -> Vec<String> {
    let (ctx, db) = (world.system("test"), world.db());
    let mut lines = Vec::new();
    for contract in contracts_with(&ctx, db, CUSTOMER).await.unwrap() {
        assert_eq!((contract.partner, contract.default_domain.as_str()), (PARTNER, "northwind.example.test"));
        lines.push(format!("contract with {}, administers: {}", contract.display_name, contract.delegated_admin));
    }
    for sku in subscribed_skus(&ctx, db, CUSTOMER).await.unwrap() {
        lines.push(format!("{} licences of {}", sku.enabled, sku.product.part_number));
    }
    for seen in visible_subscriptions(&ctx, db, CUSTOMER).await.unwrap() {
        let subscription = seen.subscription;
        assert_eq!((subscription.id, subscription.partner), (USAGE, Some(PARTNER)));
        let scope = ArmScope::subscription(subscription.id);
        let everything = AssignmentFilter::default();
        for kept in role_assignment_list(&ctx, db, CUSTOMER, &scope, everything).await.unwrap() {
            let assignment = kept.assignment;
            assert_eq!((assignment.role, assignment.principal, assignment.home), (OWNER, AGENTS, Some(PARTNER)));
            assert_eq!(assignment.kind, PrincipalKind::ForeignGroup);
            lines.push(format!("{} owned by the partner's agents", subscription.name));
        }
    }
    lines
}

const CAUGHT_UP: [&str; 3] = [
    "contract with Northwind, administers: true",
    "3 licences of O365_BUSINESS_PREMIUM",
    "Azure owned by the partner's agents",
];

#[test]
fn customers_of_the_first_version_get_what_todays_have_and_once() {
    on_every_engine(|bench| async move {
        older(bench.location()).await;
        let world = open_again(bench.location(), Some("2026-01-10"), 1).await;
        assert_eq!(shown(&world).await, CAUGHT_UP);
        drop(world);
        let world = open_again(bench.location(), None, 2).await;
        assert_eq!(shown(&world).await, CAUGHT_UP, "opened a second time");

        // What is taken away stays away, also if the customer should be caught up with again.
        delegated_admin_remove(&world.system("test"), world.db(), PARTNER, CUSTOMER).await.unwrap();
        let mut tx = world.db().begin().await.unwrap();
        sql("INSERT INTO customer_to_catch_up (tenant, partner) SELECT tenant, partner FROM customer")
            .run(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        drop(world);
        let world = open_again(bench.location(), None, 3).await;
        let mut expected = CAUGHT_UP.map(str::to_owned);
        expected[0] = expected[0].replace("true", "false");
        assert_eq!(shown(&world).await, expected);
        let mut reader = world.db().reader().await.unwrap();
        let left = sql("SELECT COUNT(*) AS count FROM customer_to_catch_up").one(&mut reader).await.unwrap();
        assert_eq!(left.integer("count").unwrap(), 0);
    });
}

#[test]
fn one_customer_that_cannot_be_helped_keeps_no_other_waiting_nor_the_world_closed() {
    on_every_engine(|bench| async move {
        older(bench.location()).await;
        let db = Db::open(bench.location().clone()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        // Comes first, and its tenant is gone.
        sql("INSERT INTO customer SELECT '00000000-0000-0000-0000-000000000001', partner, 2, company_name, company_key, \
             domain, NULL, billing_profile_id, billing_details, 1, 1, NULL FROM customer")
        .run(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        let world = open_again(bench.location(), Some("2026-01-10"), 1).await;
        assert_eq!(shown(&world).await, CAUGHT_UP);
        let ctx = world.system("test");
        let again = customers_catch_up(&ctx, world.db()).await.unwrap_err();
        assert_eq!(again.reason(), Reason::TenantNotFound, "{again:?}");
        let nobody = OpContext { caller: Caller::Nobody, ..ctx };
        let refused = customers_catch_up(&nobody, world.db()).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

/// Who an application of the older world is to this one, by a token it got now.
async fn identity(world: &World, app: &str, domain: &str, secret: &str) -> Option<Identity> {
    let (ctx, db, keys) = (world.system("test"), world.db(), world.keys());
    let secret = Secret::new(secret);
    let request = TokenRequest {
        grant_type: Some("client_credentials"),
        client_id: Some(app),
        client_secret: Some(&secret),
        resource: Some(ORIGIN),
        ..TokenRequest::new(Endpoint::V1, domain)
    };
    let issued = token_issue(&ctx, db, keys, &SignInRules::default(), &request).await.ok()?;
    Some(token_verify(&ctx, db, keys, issued.access_token.reveal(), &[ORIGIN]).await.unwrap())
}

#[test]
fn applications_of_the_first_version_get_their_tokens_and_are_who_they_were() {
    on_every_engine(|bench| async move {
        older(bench.location()).await;
        let world = open_again(bench.location(), Some("2026-01-10"), 1).await;
        let db = world.db();
        let panel = identity(&world, PANEL, "contoso.example.test", OLDER_SECRET).await.unwrap();
        assert_eq!((panel.tenant, panel.tenant_kind), (PARTNER, TenantKind::Partner));
        assert_eq!(panel.principal, ObjectId::new(Uuid::from_u128(20)));
        assert_eq!(panel.roles, [Role::AdminAgent, Role::BillingAdmin].into());
        // Its rights are those roles: it sees its customer, and as an agent also the customer's Azure.
        let by_panel = OpContext { caller: Caller::SignedIn(panel), ..world.system("test") };
        let customer = customer_get(&by_panel, db, CUSTOMER).await.unwrap();
        assert_eq!(customer.company_name, "Northwind");
        let seen = visible_subscriptions(&by_panel, db, CUSTOMER).await.unwrap();
        assert!(seen.iter().any(|seen| seen.subscription.id == USAGE && seen.by_role), "{seen:?}");

        let platform = identity(&world, PLATFORM, "root.example.test", OLDER_SECRET).await.unwrap();
        let by_platform = OpContext { caller: Caller::SignedIn(platform), ..world.system("test") };
        assert!(contracts_with(&by_platform, db, CUSTOMER).await.is_ok(), "the provider's own program");
        assert_eq!(identity(&world, PANEL, "contoso.example.test", "not-the-secret-of-the-panel").await, None);
    });
}
