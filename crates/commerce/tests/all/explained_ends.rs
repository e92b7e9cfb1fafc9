//! Explained access where a relationship is missing or over, for applications in other tenants, and for who works for the
//! provider.

use crate::explained::{START, Scene, shown};
use crate::house::{House, in_a_house};
use crate::people::{at_home, join, user};
use tenantry_commerce::access_explain;
use tenantry_core::{DirectoryRole, Reason, Role, TenantId, TenantKind};
use tenantry_directory::{
    Registered, application_register, contract_begin, delegated_admin_remove, group_page, service_principal_create,
};
use tenantry_testkit::SUFFIX;

async fn application(house: &House, tenant: TenantId, name: &str, roles: &[Role]) -> Registered {
    let mut tx = house.db.begin().await.unwrap();
    let (registered, _) = application_register(&house.ctx, &mut tx, tenant, name, roles).await.unwrap();
    tx.commit().await.unwrap();
    registered
}

/// Asks as the platform and compares: yes or no, what is said, and what is not.
async fn check(house: &House, question: (&str, &str, &str), allowed: bool, says: &[&str], not: &[&str]) {
    let (who, action, scope) = question;
    let explained = access_explain(&house.ctx, &house.db, who, action, scope, false).await.unwrap();
    let text = shown(&explained);
    assert_eq!(explained.allowed, allowed, "{question:?}: {text}");
    for part in says {
        assert!(text.contains(part), "{question:?}: `{part}` is not in: {text}");
    }
    for part in not {
        assert!(!text.contains(part), "{question:?}: `{part}` is in: {text}");
    }
    assert!(!text.contains("the caller"), "{question:?}: {text}");
}

#[test]
fn when_the_relationship_is_over_it_is_what_is_missing() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let panel = application(&house, scene.contoso.tenant, "Panel", &[Role::AdminAgent]).await;
        let groups = group_page(&house.ctx, &house.db, scene.contoso.tenant, None, 100).await.unwrap();
        let agents = groups.iter().find(|group| group.agents == Some(Role::AdminAgent)).unwrap().id.to_string();
        let (one, tenant) = (scene.machine("one"), format!("tenant/{}", scene.customer.id));
        let panel = panel.app.to_string();
        let all = [scene.agent.name.as_str(), panel.as_str(), agents.as_str()];
        for who in all {
            check(&house, (who, START, &one), true, &["the role Owner"], &[]).await;
            check(&house, (who, "UserCreate", &tenant), true, &[], &[]).await;
        }
        delegated_admin_remove(&house.ctx, &house.db, scene.contoso.tenant, scene.customer.id).await.unwrap();
        let relationships = [
            "would: delegated administration (DAP) of the tenant by Company contoso",
            "would: an active granular relationship (GDAP) of Company contoso with the tenant",
        ];
        for who in all {
            let says = [
                "since the partner's group AdminAgents, which",
                "holds the role Owner at /subscriptions/",
                "counts for nothing there without delegated administration",
                relationships[0],
                relationships[1],
            ];
            check(&house, (who, START, &one), false, &says, &["holds no role", "would: the role"]).await;
            let says = [
                "Company contoso has neither delegated administration (DAP) of Northwind nor",
                "would: delegated administration (DAP) of Northwind by Company contoso",
            ];
            check(&house, (who, "UserCreate", &tenant), false, &says, &["reach", "act in the tenant"]).await;
        }
        // Who is in no group that is Owner lacks a role, relationship or not.
        let helper = (scene.helper.name.as_str(), START, one.as_str());
        check(&house, helper, false, &["holds no role", "would: the role"], &["delegated"]).await;
        // What is said to do does.
        let mut tx = house.db.begin().await.unwrap();
        contract_begin(&house.ctx, &mut tx, scene.contoso.tenant, scene.customer.id).await.unwrap();
        tx.commit().await.unwrap();
        for who in all {
            check(&house, (who, START, &one), true, &["(DAP) of Company contoso"], &[]).await;
            check(&house, (who, "UserCreate", &tenant), true, &[], &[]).await;
        }
    });
}

#[test]
fn who_is_in_no_group_is_told_so_and_not_that_the_relationship_is_missing() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let tenant = format!("tenant/{}", scene.customer.id);
        let seller = user(&house, "se@contoso.example.test", &[]).await;
        join(&house, &seller, Role::SalesAgent).await;
        let says = ["by delegated administration (DAP) of Company contoso", "no role there", "membership in a group"];
        check(&house, (&seller.name, "UserCreate", &tenant), false, &says, &["neither"]).await;
    });
}

#[test]
fn an_application_acts_where_it_is_consented_to_before_and_after_its_first_use() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let managed = application(&house, scene.contoso.tenant, "Panel", &[Role::AdminAgent]).await;
        let plain = application(&house, scene.contoso.tenant, "Reports", &[Role::SalesAgent]).await;
        let (managed, plain) = (managed.app.to_string(), plain.app.to_string());
        let (tenant, customer) =
            (format!("tenant/{}", scene.customer.id), format!("customer/{}", scene.customer.domain));
        for used in [false, true] {
            if used {
                let app = tenantry_core::AppId::parse(&managed).unwrap();
                service_principal_create(&house.ctx, &house.db, scene.customer.id, app, Default::default())
                    .await
                    .unwrap();
            }
            check(&house, (&managed, "UserCreate", &tenant), true, &["User.ReadWrite.All"], &[]).await;
            check(&house, (&managed, "DirectoryRoleManage", &tenant), false, &["needs"], &["reach"]).await;
            check(&house, (&managed, "OrderPlace", &customer), true, &["AdminAgents"], &[]).await;
        }
        let says =
            ["Reports is not consented to in Northwind", "would: consent to it by an administrator of Northwind"];
        check(&house, (&plain, "UserCreate", &tenant), false, &says, &["reach", "neither"]).await;
    });
}

#[test]
fn the_provider_is_its_applications_and_its_administrators() {
    in_a_house(|house| async move {
        let scene = Scene::open(&house).await;
        let one = scene.machine("one");
        let own = application(&house, house.provider.tenant, "Platform", &[]).await.app.to_string();
        let chief = user(&house, &format!("chief@root.{SUFFIX}"), &[DirectoryRole::GlobalAdmin]).await;
        let clerk = user(&house, &format!("clerk@root.{SUFFIX}"), &[]).await;
        check(&house, (&own, START, &one), true, &["the role Owner at /"], &[]).await;
        check(&house, (&chief.name, START, &one), true, &["the role Owner at /"], &[]).await;
        check(&house, (&clerk.name, START, &one), false, &["holds no role"], &[]).await;

        let root = format!("tenant/{}", house.provider.tenant);
        let customer = format!("customer/{}", scene.customer.id);
        let (by_clerk, by_chief) = (
            at_home(&house, &clerk, TenantKind::Provider, &[]),
            at_home(&house, &chief, TenantKind::Provider, &[DirectoryRole::GlobalAdmin]),
        );
        use Reason::{CustomerNotFound, ObjectNotFound, SubscriptionNotFound};
        for (asks, ctx, about, action, scope, expected) in [
            ("the chief about an agent", &by_chief, &scene.agent, START, &one, Ok(true)),
            ("the chief about itself", &by_chief, &chief, START, &one, Ok(true)),
            ("a clerk about an agent", &by_clerk, &scene.agent, START, &one, Err(SubscriptionNotFound)),
            ("a clerk about an agent at home", &by_clerk, &scene.agent, "UserCreate", &root, Err(ObjectNotFound)),
            ("a clerk about a customer", &by_clerk, &clerk, "OrderPlace", &customer, Err(CustomerNotFound)),
            ("a clerk about its chief", &by_clerk, &chief, "UserCreate", &root, Err(ObjectNotFound)),
            ("a clerk about itself", &by_clerk, &clerk, "UserCreate", &root, Ok(false)),
        ] {
            let explained = access_explain(ctx, &house.db, &about.name, action, scope, false).await;
            let outcome = explained.map(|it| it.allowed).map_err(|problem| problem.reason());
            assert_eq!(outcome, expected, "{asks}");
        }
    });
}
