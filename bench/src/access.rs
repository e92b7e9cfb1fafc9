//! Access decisions in a tenant with 10,000 Azure role assignments: less than 5 us each.
//!
//! The asker is a person in eight groups who wants to start a machine. The baseline reads the assignments as they lie in
//! their table and tries each: what one writes first, and what is right.

use crate::measure::{Run, hundredths, median, timed};
use std::hint::black_box;
use tenantry_access::azure::{
    AccessMap, ArmScope, Asker, Assignment, BUILT_IN, Pattern, PrincipalKind, RoleDefinition,
};
use tenantry_core::{Chance, ObjectId};
use uuid::Uuid;

const ASSIGNMENTS: u64 = 10_000;
const PRINCIPALS: u64 = 2_000;
const GROUPS: u64 = 8;
const QUESTIONS: u64 = 100_000;
/// The slow way is asked less often; figures are for one question.
const SLOW_QUESTIONS: u64 = 200;
const START: &str = "Microsoft.Compute/virtualMachines/start/action";

pub(crate) fn run(repetitions: usize) {
    let chance = Chance::from_seed(1);
    let assignments: Vec<_> = (0..ASSIGNMENTS).map(|_| assignment(&chance)).collect();
    let map = AccessMap::build(BUILT_IN.iter().cloned(), assignments.iter().cloned(), []);
    for (what, scope) in [("a machine in reach or not", machine(&chance)), ("the subscription", subscription(3))] {
        let askers: Vec<Vec<ObjectId>> = (0..256).map(|_| asker(&chance)).collect();
        let yes = askers.iter().filter(|mine| map.decide(&ask(mine, &scope)).allowed()).count();
        for mine in &askers {
            assert_eq!(
                map.decide(&ask(mine, &scope)).allowed(),
                slowly(&assignments, mine, &scope),
                "both ways must agree"
            );
        }
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..repetitions {
            theirs.push(repeated(SLOW_QUESTIONS, &askers, |mine| slowly(&assignments, mine, &scope)));
            ours.push(repeated(QUESTIONS, &askers, |mine| map.decide(&ask(mine, &scope)).allowed()));
        }
        let (ours, theirs) = (median(ours).nanos_each(), median(theirs).nanos_each());
        println!(
            "access decision about {what}: {ours} ns with its reasons ({yes} of 256 allowed); reading all assignments: \
             {theirs} ns; ratio {}",
            hundredths(theirs, ours)
        );
    }
}

const fn ask<'a>(principals: &'a [ObjectId], scope: &'a ArmScope) -> Asker<'a> {
    Asker { principals, action: START, scope }
}

fn repeated(times: u64, askers: &[Vec<ObjectId>], question: impl Fn(&[ObjectId]) -> bool) -> Run {
    timed(times, || {
        for (_, asker) in (0..times).zip(askers.iter().cycle()) {
            black_box(question(black_box(asker)));
        }
    })
}

fn principal(number: u64) -> ObjectId {
    ObjectId::new(Uuid::from_u128(u128::from(number) + 1))
}

fn asker(chance: &Chance) -> Vec<ObjectId> {
    (0..=GROUPS).map(|_| principal(chance.below(PRINCIPALS))).collect()
}

fn subscription(number: u64) -> ArmScope {
    ArmScope::parse(&format!("/subscriptions/{}", Uuid::from_u128(u128::from(number) << 64 | 1))).unwrap()
}

fn group(chance: &Chance) -> ArmScope {
    let number = chance.below(20);
    ArmScope::parse(&format!("{}/resourceGroups/group-{}", subscription(number).as_str(), chance.below(10))).unwrap()
}

fn machine(chance: &Chance) -> ArmScope {
    let of = "providers/Microsoft.Compute/virtualMachines";
    ArmScope::parse(&format!("{}/{of}/machine-{}", group(chance).as_str(), chance.below(20))).unwrap()
}

/// Mostly at groups and machines, as in a tenant that has grown.
fn assignment(chance: &Chance) -> Assignment {
    let scope = match chance.below(10) {
        0 => subscription(chance.below(20)),
        1..=4 => group(chance),
        _ => machine(chance),
    };
    let role = BUILT_IN.get(usize::try_from(chance.below(6)).unwrap()).unwrap().id;
    let kind = PrincipalKind::User;
    Assignment { id: chance.guid(), scope, role, principal: principal(chance.below(PRINCIPALS)), kind, home: None }
}

fn slowly(assignments: &[Assignment], principals: &[ObjectId], scope: &ArmScope) -> bool {
    let mine = |it: &&Assignment| principals.contains(&it.principal) && it.scope.contains(scope);
    let role = |it: &Assignment| BUILT_IN.iter().find(|role| role.id == it.role);
    assignments.iter().filter(mine).filter_map(role).any(grants)
}

fn grants(role: &RoleDefinition) -> bool {
    let any = |patterns: &[String]| patterns.iter().any(|pattern| Pattern::new(pattern).matches(START));
    role.permissions.iter().any(|set| any(&set.actions) && !any(&set.not_actions))
}
