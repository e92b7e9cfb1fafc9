//! The laws of the engine as properties, on small random tenants, and the same question answered the slow and
//! obvious way.

use super::{
    AccessMap, ArmScope, Asker, Assignment, Lock, LockLevel, PermissionSet, PrincipalKind, RoleDefinition, RoleKind,
};
use crate::testing::matches_slowly;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tenantry_core::ObjectId;
use uuid::Uuid;

/// A tenant of two subscriptions with groups, resources and children: few enough that questions often hit.
fn scopes() -> Vec<ArmScope> {
    let mut all = vec!["/".to_owned()];
    for subscription in ["0b1f6471-1bf0-4dda-aec3-000000000001", "0b1f6471-1bf0-4dda-aec3-000000000002"] {
        let subscription = format!("/subscriptions/{subscription}");
        for group in ["web", "WEB2"] {
            let group = format!("{subscription}/resourceGroups/{group}");
            for resource in ["a.b/c/one", "a.b/c/ONE2", "a.b/d/one"] {
                let resource = format!("{group}/providers/{resource}");
                all.push(format!("{resource}/e/child"));
                all.push(resource);
            }
            all.push(group);
        }
        all.push(subscription);
    }
    all.iter().map(|text| ArmScope::parse(text).unwrap()).collect()
}

const PATTERNS: [&str; 10] = [
    "*",
    "*/read",
    "a.b/*",
    "A.B/c/*",
    "a.b/*/delete",
    "a.b/c/read",
    "*/action",
    "a.b/c/start/action",
    "*c/write",
    "x/*",
];
const GROUP_DELETE: &str = "Microsoft.Resources/subscriptions/resourceGroups/delete";
const ACTIONS: [&str; 8] = [
    "a.b/c/read",
    "A.b/c/write",
    "a.b/c/delete",
    "a.b/c/start/action",
    "a.b/d/read",
    "a.b/d/e/delete",
    GROUP_DELETE,
    "z/read",
];

fn patterns(most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(proptest::sample::select(&PATTERNS[..]).prop_map(str::to_owned), 0..=most)
}

fn role(id: u128) -> impl Strategy<Value = RoleDefinition> {
    (patterns(3), patterns(2)).prop_map(move |(actions, not_actions)| RoleDefinition {
        id: Uuid::from_u128(id),
        name: format!("role {id}"),
        description: String::new(),
        kind: RoleKind::Custom,
        permissions: vec![PermissionSet { actions, not_actions, ..PermissionSet::default() }],
        assignable_scopes: vec![ArmScope::root()],
    })
}

fn scope() -> impl Strategy<Value = ArmScope> {
    proptest::sample::select(scopes())
}

fn principal() -> impl Strategy<Value = ObjectId> {
    (0..4_u128).prop_map(|number| ObjectId::new(Uuid::from_u128(number)))
}

fn assignment() -> impl Strategy<Value = Assignment> {
    // Role 4 is not defined.
    (any::<u128>(), scope(), 0..5_u128, principal()).prop_map(|(id, scope, role, principal)| Assignment {
        id: Uuid::from_u128(id),
        scope,
        role: Uuid::from_u128(role),
        principal,
        kind: PrincipalKind::Group,
        home: None,
    })
}

fn lock() -> impl Strategy<Value = Lock> {
    (scope(), any::<bool>()).prop_map(|(scope, strict)| {
        let level = if strict { LockLevel::ReadOnly } else { LockLevel::CanNotDelete };
        Lock { scope, name: "keep".to_owned(), level }
    })
}

/// All that decides, and everybody who might ask.
#[derive(Debug, Clone)]
struct Tenant {
    roles: Vec<RoleDefinition>,
    assignments: Vec<Assignment>,
    locks: Vec<Lock>,
    principals: Vec<ObjectId>,
}

fn tenant() -> impl Strategy<Value = Tenant> {
    let roles = (role(0), role(1), role(2), role(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let assignments = proptest::collection::vec(assignment(), 0..8);
    let locks = proptest::collection::vec(lock(), 0..3);
    let principals = proptest::collection::vec(principal(), 1..4);
    (roles, assignments, locks, principals).prop_map(|(roles, assignments, locks, principals)| Tenant {
        roles,
        assignments,
        locks,
        principals,
    })
}

/// What is asked, as a number of the action and a scope.
type Right = (usize, ArmScope);

/// Everything the principals may do, in order.
fn rights(tenant: &Tenant) -> Vec<Right> {
    let map = AccessMap::build(tenant.roles.clone(), tenant.assignments.clone(), tenant.locks.clone());
    let mut rights = Vec::new();
    for (number, action) in ACTIONS.into_iter().enumerate() {
        for scope in scopes() {
            let asker = Asker { principals: &tenant.principals, action, scope: &scope };
            let allowed = map.decide(&asker).allowed();
            assert_eq!(map.allows(&asker), allowed, "yes or no and the full answer agree");
            if allowed {
                rights.push((number, scope));
            }
        }
    }
    rights
}

/// The obvious evaluation: every assignment and every lock is looked at, texts are compared step by step.
fn slowly(tenant: &Tenant, action: &str, scope: &ArmScope) -> bool {
    let steps = |scope: &ArmScope| -> Vec<String> {
        scope.as_str().to_lowercase().split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect()
    };
    let within = |inner: &ArmScope, outer: &ArmScope| steps(inner).starts_with(&steps(outer));
    let any = |patterns: &[String]| patterns.iter().any(|pattern| matches_slowly(pattern, action));
    let granted = tenant.assignments.iter().any(|assignment| {
        let role = tenant.roles.iter().find(|role| role.id == assignment.role);
        let allows = role.is_some_and(|role| {
            role.permissions.iter().any(|set| any(&set.actions))
                && !role.permissions.iter().any(|set| any(&set.not_actions))
        });
        allows && tenant.principals.contains(&assignment.principal) && within(scope, &assignment.scope)
    });
    let verb = action.rsplit('/').next().unwrap();
    let path = steps(scope);
    let kind = match path.len() {
        0 => String::new(),
        2 => "microsoft.resources/subscriptions".to_owned(),
        4 => "microsoft.resources/subscriptions/resourcegroups".to_owned(),
        8 => format!("{}/{}", path[5], path[6]),
        _ => format!("{}/{}/{}", path[5], path[6], path[8]),
    };
    let deletes_it = action.to_lowercase() == format!("{kind}/delete");
    let locked = tenant.locks.iter().any(|lock| {
        let reaches = within(scope, &lock.scope) || (deletes_it && within(&lock.scope, scope));
        let forbids = match lock.level {
            LockLevel::CanNotDelete => verb == "delete",
            LockLevel::ReadOnly => verb != "read",
        };
        reaches && forbids
    });
    granted && !locked
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 80, failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_engine_agrees_with_the_obvious_evaluation(tenant in tenant()) {
        let rights = rights(&tenant);
        for (number, action) in ACTIONS.into_iter().enumerate() {
            for scope in scopes() {
                let expected = slowly(&tenant, action, &scope);
                let right = (number, scope);
                prop_assert_eq!(rights.contains(&right), expected, "{} at {:?}", action, right.1);
            }
        }
    }

    #[test]
    fn one_more_assignment_never_takes_a_right_and_one_less_never_gives_one(tenant in tenant(), more in assignment()) {
        let before = rights(&tenant);
        let mut after = tenant;
        after.assignments.push(more);
        let after = rights(&after);
        prop_assert!(before.iter().all(|right| after.contains(right)));
    }

    #[test]
    fn being_in_one_more_group_never_takes_a_right(tenant in tenant(), group in principal()) {
        let before = rights(&tenant);
        let mut after = tenant;
        after.principals.push(group);
        let after = rights(&after);
        prop_assert!(before.iter().all(|right| after.contains(right)));
    }

    #[test]
    fn one_more_lock_never_gives_a_right(tenant in tenant(), more in lock()) {
        let before = rights(&tenant);
        let mut after = tenant;
        after.locks.push(more);
        prop_assert!(rights(&after).iter().all(|right| before.contains(right)));
    }

    #[test]
    fn a_role_reaches_nothing_above_its_scope_and_nothing_beside_it(tenant in tenant(), one in assignment()) {
        let mut alone = tenant;
        alone.assignments = vec![one.clone()];
        for (_, scope) in rights(&alone) {
            prop_assert!(one.scope.contains(&scope), "held at {}, allowed at {}", one.scope, scope);
        }
    }

    #[test]
    fn a_refusal_always_has_a_reason_and_never_a_path(tenant in tenant()) {
        let map = AccessMap::build(tenant.roles.clone(), tenant.assignments.clone(), tenant.locks.clone());
        for scope in scopes() {
            for action in ACTIONS {
                let decision = map.decide(&Asker { principals: &tenant.principals, action, scope: &scope });
                let explained = crate::Explanation::from(&decision);
                prop_assert_eq!(explained.allowed, decision.allowed());
                prop_assert_eq!(explained.allowed, explained.reasons.is_empty());
                prop_assert_eq!(explained.allowed, explained.would.is_empty());
                prop_assert_eq!(explained.allowed, decision.require().is_ok());
            }
        }
    }
}

#[test]
fn a_lock_keeps_what_holds_the_locked_thing_from_being_deleted() {
    let parse = |tail: &str| {
        ArmScope::parse(&format!("/subscriptions/0b1f6471-1bf0-4dda-aec3-000000000001/resourceGroups{tail}")).unwrap()
    };
    let me = ObjectId::new(Uuid::from_u128(1));
    let owner = Assignment {
        id: Uuid::from_u128(1),
        scope: ArmScope::root(),
        role: super::OWNER,
        principal: me,
        kind: PrincipalKind::User,
        home: None,
    };
    let resource = parse("/web/providers/a.b/c/one");
    let lock = Lock { scope: resource.clone(), name: "keep".to_owned(), level: LockLevel::CanNotDelete };
    let map = AccessMap::build(super::BUILT_IN.clone(), [owner], [lock]);
    for (action, scope, allowed) in [
        ("a.b/c/delete", &resource, false),
        ("a.b/c/e/delete", &parse("/web/providers/a.b/c/one/e/child"), false),
        ("a.b/c/delete", &parse("/web/providers/a.b/c/one2"), true),
        (GROUP_DELETE, &parse("/web"), false),
        (GROUP_DELETE, &parse("/web2"), true),
        // May one delete such things in this group? Not this very group: the lock does not say no.
        ("a.b/c/delete", &parse("/web"), true),
        ("Microsoft.Authorization/locks/delete", &resource, true),
    ] {
        let decision = map.decide(&Asker { principals: &[me], action, scope });
        assert_eq!(decision.allowed(), allowed, "{action} at {scope}");
    }
}
