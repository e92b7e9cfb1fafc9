//! Custom roles and locks: who may write them, what they do, and that remembered maps follow.

use crate::house::{House, in_a_house};
use crate::relationships_desk::outcome;
use tenantry_access::azure::{ArmScope, CONTRIBUTOR, LockLevel, OWNER, PermissionSet, READER};
use tenantry_core::{DirectoryRole, OpContext, TenantId, TenantKind};
use tenantry_directory::{
    AccessMaps, NewAzureRole, NewLock, lock_delete, lock_find, lock_list, lock_put, role_assignment_delete,
    role_definition_delete, role_definition_find, role_definition_list, role_definition_put,
};
use uuid::Uuid;

const START: &str = "Microsoft.Compute/virtualMachines/start/action";
const LOCK_DELETE: &str = "Microsoft.Authorization/locks/delete";
const VM_DELETE: &str = "Microsoft.Compute/virtualMachines/delete";

fn operator(id: u128, name: &str, scopes: &[&str]) -> NewAzureRole {
    NewAzureRole {
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        description: "Starts machines".to_owned(),
        permissions: vec![PermissionSet {
            actions: vec!["Microsoft.Compute/*/read".to_owned(), START.to_owned()],
            ..PermissionSet::default()
        }],
        assignable_scopes: scopes.iter().map(|scope| ArmScope::parse(scope).unwrap()).collect(),
    }
}

#[test]
fn custom_roles_are_written_by_those_who_may_at_every_scope_of_theirs() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let first = format!("/subscriptions/{}", house.subscription(&customer, None).await);
        let second = format!("/subscriptions/{}", house.subscription(&customer, None).await);
        let foreign = house.customer("adatum").await;
        let foreign = format!("/subscriptions/{}", house.subscription(&foreign, None).await);
        let (clerk, helper) = (house.principal(tenant).await, house.principal(tenant).await);
        house.assign(ctx, tenant, (&first, OWNER), (clerk, None)).await.unwrap();
        house.assign(ctx, tenant, (&first, CONTRIBUTOR), (helper, None)).await.unwrap();
        house.assign(ctx, tenant, (&second, READER), (clerk, None)).await.unwrap();
        let (by_clerk, by_helper) = (house.admin(&customer, clerk, None), house.admin(&customer, helper, None));
        let (reader, blank) =
            (READER.as_u128(), NewAzureRole { permissions: vec![], ..operator(5, "Blank", &[&first]) });
        for (who, ctx, new, expected) in [
            ("an owner", &by_clerk, operator(1, "Operator", &[&first]), "ok"),
            ("an owner, again", &by_clerk, operator(1, "Operator", &[&first]), "ok"),
            ("a contributor", &by_helper, operator(2, "Mine", &[&first]), "Forbidden"),
            ("a reader of the other scope", &by_clerk, operator(2, "Mine", &[&first, &second]), "Forbidden"),
            ("a stranger of the other scope", &by_helper, operator(2, "Mine", &[&second]), "SubscriptionNotFound"),
            ("whoever", ctx, operator(2, "Mine", &[&foreign]), "SubscriptionNotFound"),
            ("whoever", ctx, operator(2, "OPERATOR", &[&first]), "RoleNameTaken"),
            ("whoever", ctx, operator(2, "reader", &[&first]), "RoleNameTaken"),
            ("whoever", ctx, operator(reader, "My reader", &[&first]), "Forbidden"),
            ("whoever", ctx, operator(2, " ", &[&first]), "MissingField"),
            ("whoever", ctx, operator(2, "Everywhere", &["/"]), "InvalidField"),
            ("whoever", ctx, blank, "MissingField"),
            ("the platform", ctx, operator(3, "Both", &[&first, &second]), "ok"),
            ("an owner of one", &by_clerk, operator(3, "Both", &[&first]), "Forbidden"),
        ] {
            let name = new.name.clone();
            assert_eq!(outcome(role_definition_put(ctx, db, tenant, new).await), expected, "{who}: {name}");
        }
        let at = ArmScope::parse(&first).unwrap();
        let found = role_definition_find(&by_helper, db, tenant, &at, Uuid::from_u128(1)).await.unwrap();
        assert_eq!((found.definition.name.as_str(), found.stamp.unwrap().created_by), ("Operator", Some(clerk)));
        let built_in = role_definition_find(&by_helper, db, tenant, &at, OWNER).await.unwrap();
        assert_eq!(built_in.stamp, None);
        let unknown = role_definition_find(&by_helper, db, tenant, &at, Uuid::from_u128(77)).await;
        assert_eq!(outcome(unknown), "RoleDefinitionNotFound");
        let named = async |ctx: &OpContext, scope: &str| {
            let scope = ArmScope::parse(scope).unwrap();
            let all = role_definition_list(ctx, db, tenant, &scope, false).await.unwrap();
            let custom = all.iter().filter(|role| role.stamp.is_some()).map(|role| role.definition.name.clone());
            custom.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(named(&by_helper, &first).await, "Both Operator");
        assert_eq!(named(&by_clerk, &second).await, "Both");
        assert_eq!(named(&by_helper, "/").await, "Both Operator", "what is readable somewhere below");
        let member = house.admin(&customer, house.principal(tenant).await, None);
        assert_eq!(named(&member, "/").await, "", "the built-in ones alone");
    });
}

#[test]
fn a_role_in_use_stays() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let scope = ArmScope::subscription(house.subscription(&customer, None).await);
        let role = Uuid::from_u128(1);
        role_definition_put(ctx, db, tenant, operator(1, "Operator", &[scope.as_str()])).await.unwrap();
        let clerk = house.principal(tenant).await;
        let made = house.assign(ctx, tenant, (scope.as_str(), role), (clerk, None)).await.unwrap();
        assert!(made.warnings.is_empty());
        let by_clerk = house.admin(&customer, clerk, None);
        assert_eq!(may(&house, &by_clerk, tenant, START, &scope).await, "Allowed");
        assert_eq!(outcome(role_definition_delete(&by_clerk, db, tenant, &scope, role).await), "Forbidden");
        assert_eq!(outcome(role_definition_delete(ctx, db, tenant, &scope, OWNER).await), "Forbidden");
        assert_eq!(outcome(role_definition_delete(ctx, db, tenant, &scope, role).await), "RoleDefinitionInUse");
        role_assignment_delete(ctx, db, tenant, &scope, made.assignment.assignment.id).await.unwrap();
        assert_eq!(may(&house, &by_clerk, tenant, START, &scope).await, "Denied");
        let gone = role_definition_delete(ctx, db, tenant, &scope, role).await.unwrap();
        assert_eq!(gone.map(|role| role.definition.name), Some("Operator".to_owned()));
        assert_eq!(role_definition_delete(ctx, db, tenant, &scope, role).await.unwrap(), None);
    });
}

async fn may(house: &House, ctx: &OpContext, tenant: TenantId, action: &str, scope: &ArmScope) -> String {
    let decided = AccessMaps::default().decide(ctx, &house.db, tenant, action, scope).await.unwrap();
    format!("{:?}", decided.verdict())
}

#[test]
fn locks_hold_whoever_asks_until_somebody_who_may_takes_them_off() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, db, tenant) = (&house.ctx, &house.db, customer.id);
        let sub = ArmScope::subscription(house.subscription(&customer, None).await);
        let web = ArmScope::parse(&format!("{}/resourceGroups/web", sub.as_str())).unwrap();
        let vm = format!("{}/providers/Microsoft.Compute/virtualMachines/vm1", web.as_str());
        let vm = ArmScope::parse(&vm).unwrap();
        let (clerk, helper) = (house.principal(tenant).await, house.principal(tenant).await);
        let owner = house.assign(ctx, tenant, (sub.as_str(), OWNER), (clerk, None)).await.unwrap();
        house.assign(ctx, tenant, (sub.as_str(), CONTRIBUTOR), (helper, None)).await.unwrap();
        let (by_clerk, by_helper) = (house.admin(&customer, clerk, None), house.admin(&customer, helper, None));
        let maps = AccessMaps::default();
        let lock = |name: &str, level| NewLock {
            scope: web.clone(),
            name: name.to_owned(),
            level,
            notes: String::new(),
            owners: vec![],
        };
        let verdicts = async |expected: [&str; 2]| {
            for (action, expected) in [START, VM_DELETE].into_iter().zip(expected) {
                let seen = maps.decide(&by_helper, db, tenant, action, &vm).await.unwrap();
                assert_eq!(format!("{:?}", seen.verdict()), expected, "{action}");
            }
        };
        verdicts(["Allowed", "Allowed"]).await;
        for (who, ctx, new, expected) in [
            ("a contributor", &by_helper, lock("keep", LockLevel::CanNotDelete), "Forbidden"),
            ("an owner", &by_clerk, lock(" ", LockLevel::CanNotDelete), "MissingField"),
            ("an owner", &by_clerk, lock("a/b", LockLevel::CanNotDelete), "InvalidField"),
            (
                "an owner",
                &by_clerk,
                NewLock { notes: "x".repeat(513), ..lock("a", LockLevel::ReadOnly) },
                "InvalidField",
            ),
        ] {
            assert_eq!(outcome(lock_put(ctx, db, tenant, new).await), expected, "{who}");
        }
        assert!(lock_put(&by_clerk, db, tenant, lock("Keep", LockLevel::CanNotDelete)).await.unwrap().1, "new");
        verdicts(["Allowed", "Locked"]).await;
        let (changed, new) = lock_put(&by_clerk, db, tenant, lock("KEEP", LockLevel::ReadOnly)).await.unwrap();
        assert_eq!((changed.lock.name.as_str(), new), ("Keep", false), "the same lock, as it was first called");
        verdicts(["Locked", "Locked"]).await;
        let stranger = house.admin(&customer, house.principal(tenant).await, None);
        assert_eq!(lock_find(&by_helper, db, tenant, &web, "keep").await.unwrap(), changed);
        assert_eq!(outcome(lock_find(&stranger, db, tenant, &web, "keep").await), "SubscriptionNotFound");

        // Assignments under a lock stay too; the lock itself does not keep its owner from taking it off.
        lock_put(&by_clerk, db, tenant, NewLock { scope: sub.clone(), ..lock("all", LockLevel::CanNotDelete) })
            .await
            .unwrap();
        let id = owner.assignment.assignment.id;
        assert_eq!(outcome(role_assignment_delete(&by_clerk, db, tenant, &sub, id).await), "ScopeLocked");
        for (scope, at_scope, expected) in [(&sub, false, 2), (&sub, true, 1), (&vm, true, 2)] {
            assert_eq!(lock_list(&by_clerk, db, tenant, scope, at_scope).await.unwrap().len(), expected);
        }
        assert_eq!(outcome(lock_delete(&by_helper, db, tenant, &web, "keep").await), "Forbidden");
        for (scope, name) in [(&web, "kEEP"), (&sub, "all")] {
            assert!(lock_delete(&by_clerk, db, tenant, scope, name).await.unwrap().is_some());
            assert_eq!(lock_delete(&by_clerk, db, tenant, scope, name).await.unwrap(), None);
            assert_eq!(outcome(lock_find(&by_clerk, db, tenant, scope, name).await), "AssignmentNotFound");
        }
        verdicts(["Allowed", "Allowed"]).await;
    });
}

#[test]
fn a_lock_binds_who_is_owner_of_everything_too() {
    in_a_house(|house| async move {
        let customer = house.customer("northwind").await;
        let (ctx, tenant) = (&house.ctx, customer.id);
        let sub = ArmScope::subscription(house.subscription(&customer, None).await);
        let provider = house.create(TenantKind::Provider, "root").await.unwrap();
        let chief = house.admin(&provider, house.principal(provider.id).await, Some(DirectoryRole::GlobalAdmin));
        let member = house.admin(&provider, house.principal(provider.id).await, None);
        let verdicts = async |expected: [&str; 3]| {
            for (who, ctx) in [("the provider's admin", &chief), ("the platform", ctx)] {
                for (action, expected) in [START, VM_DELETE, LOCK_DELETE].into_iter().zip(expected) {
                    assert_eq!(may(&house, ctx, tenant, action, &sub).await, expected, "{who}: {action}");
                }
            }
            assert_eq!(may(&house, &member, tenant, START, &sub).await, "Denied", "a member of the provider");
        };
        let lock = |level| NewLock {
            scope: sub.clone(),
            name: "keep".to_owned(),
            level,
            notes: String::new(),
            owners: vec![],
        };
        verdicts(["Allowed"; 3]).await;
        lock_put(&chief, &house.db, tenant, lock(LockLevel::CanNotDelete)).await.unwrap();
        verdicts(["Allowed", "Locked", "Allowed"]).await;
        lock_put(&chief, &house.db, tenant, lock(LockLevel::ReadOnly)).await.unwrap();
        verdicts(["Locked", "Locked", "Allowed"]).await;
        lock_delete(&chief, &house.db, tenant, &sub, "keep").await.unwrap();
        verdicts(["Allowed"; 3]).await;
    });
}
