//! How long a decision takes in a tenant with ten thousand assignments. Not part of the usual run, because a busy
//! machine would fail it: `cargo test -p tenantry-access --release -- --ignored --nocapture`.

use super::{AccessMap, ArmScope, Asker, Assignment, BUILT_IN, Lock, LockLevel, PrincipalKind};
use std::hint::black_box;
use tenantry_core::ObjectId;
use uuid::Uuid;

const ASSIGNMENTS: u128 = 10_000;
const ROUNDS: u32 = 200_000;

fn scope(number: u128, machine: bool) -> ArmScope {
    let group = format!("/subscriptions/{}/resourceGroups/group-{}", Uuid::from_u128(number % 50), number % 500);
    let machine =
        if machine { format!("/providers/Microsoft.Compute/virtualMachines/vm-{number}") } else { String::new() };
    ArmScope::parse(&format!("{group}{machine}")).unwrap()
}

/// Ten thousand assignments to seven hundred groups; and twelve groups, each with a long role at the machine asked
/// about, at its group and at its subscription, so that a question has much to look at.
fn map(machine: &ArmScope, groups: &[ObjectId]) -> AccessMap {
    let assigned = |number: u128, scope: ArmScope, role: usize, principal: ObjectId| Assignment {
        id: Uuid::from_u128(number),
        scope,
        role: BUILT_IN[role % BUILT_IN.len()].id,
        principal,
        kind: PrincipalKind::Group,
        home: None,
    };
    let many = (0..ASSIGNMENTS).map(|number| {
        let group = ObjectId::new(Uuid::from_u128(1_000 + number % 700));
        assigned(number, scope(number, number % 3 == 0), usize::try_from(number).unwrap(), group)
    });
    let resource_group = machine.parent().unwrap();
    let subscription = resource_group.parent().unwrap();
    let three = groups.iter().enumerate().flat_map(|(at, group)| {
        // Not Owner, Contributor, Reader: those are decided by one short pattern.
        [machine, &resource_group, &subscription].map(|scope| assigned(u128::MAX, scope.clone(), 3 + at, *group))
    });
    let locks = (0..200).map(|number| Lock {
        scope: scope(1_000 + number, false),
        name: "keep".to_owned(),
        level: LockLevel::CanNotDelete,
    });
    AccessMap::build(BUILT_IN.clone(), many.chain(three), locks)
}

#[test]
#[ignore = "measures time"]
#[expect(clippy::disallowed_methods, reason = "measures how long the machine takes")]
fn a_decision_takes_less_than_five_microseconds() {
    let machine = scope(7, true);
    let member: Vec<ObjectId> = (0..12).map(|number| ObjectId::new(Uuid::from_u128(number))).collect();
    let map = map(&machine, &member);
    let few = [ObjectId::new(Uuid::from_u128(1_007))];
    let cases = [
        ("36 roles reach, many allow", &member[..], "Microsoft.Resources/subscriptions/resourceGroups/read", true),
        ("36 roles reach, none allows", &member[..], "Microsoft.Compute/disks/beginGetAccess/action", false),
        ("one role reaches, none allows", &few[..], "Microsoft.Compute/disks/beginGetAccess/action", false),
    ];
    for (name, principals, action, allowed) in cases {
        let asker = Asker { principals, action, scope: &machine };
        assert_eq!(map.allows(&asker), allowed, "{name}");
        for (kind, full) in [("decide", true), ("allows", false)] {
            let start = std::time::Instant::now();
            for _ in 0..ROUNDS {
                if full {
                    black_box(map.decide(black_box(&asker)));
                } else {
                    black_box(map.allows(black_box(&asker)));
                }
            }
            let each = start.elapsed() / ROUNDS;
            println!("{kind}, {name}: {each:?}");
            assert!(each.as_nanos() < 5_000, "{kind}, {name}: {each:?}");
        }
    }
}
