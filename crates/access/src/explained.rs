//! What "explain" says, for the callers people ask about most, both ways. Printed to `explanations.txt`.

use crate::azure::{AccessMap, ArmScope, Asker, Assignment, BUILT_IN, Lock, LockLevel, PrincipalKind};
use crate::testing::{CUSTOMER, OTHER, PARTNER, Thing, application, golden, person, person_in};
use crate::{ActionName, Explanation, Names, Scoped, TenantScope, WorldScope, decide};
use std::fmt::Write;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{Caller, DirectoryRole, ObjectId, Role, SubscriptionId, TenantId, TenantKind, Timestamp};
use uuid::Uuid;

const fn object(number: u128) -> ObjectId {
    ObjectId::new(Uuid::from_u128(number))
}

const ADMIN_AGENTS: ObjectId = object(0xa0);
const HELPDESK_AGENTS: ObjectId = object(0xa1);
const OTHER_ADMIN_AGENTS: ObjectId = object(0xb0);
const AGENT: ObjectId = object(0xa2);
const HELPDESK_AGENT: ObjectId = object(0xa3);
const OTHER_AGENT: ObjectId = object(0xb2);
const OPERATOR: ObjectId = object(0xc2);

const START: &str = "Microsoft.Compute/virtualMachines/start/action";
const DELETE: &str = "Microsoft.Compute/virtualMachines/delete";
const ROLE_WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const KEYS: &str = "Microsoft.Storage/storageAccounts/listKeys/action";

/// The names a face would lend.
struct Known;

impl Names for Known {
    fn principal(&self, id: ObjectId) -> Option<String> {
        let names = [(ADMIN_AGENTS, "AdminAgents"), (OTHER_ADMIN_AGENTS, "AdminAgents")];
        names.into_iter().find(|(known, _)| *known == id).map(|(_, name)| name.to_owned())
    }

    fn relationship(&self, partner: TenantId) -> Option<String> {
        let name = if partner == PARTNER { "the first partner" } else { "the second partner" };
        Some(format!("by delegated administration (DAP) of {name}, until either side ends it"))
    }

    fn partner(&self, partner: TenantId) -> Option<String> {
        Some(if partner == PARTNER { "the first partner" } else { "the second partner" }.to_owned())
    }
}

fn subscription(number: u128) -> ArmScope {
    ArmScope::subscription(SubscriptionId::new(Uuid::from_u128(number)))
}

fn group(name: &str) -> ArmScope {
    ArmScope::parse(&format!("{}/resourceGroups/{name}", subscription(1))).unwrap()
}

fn machine(name: &str) -> ArmScope {
    ArmScope::parse(&format!("{}/providers/Microsoft.Compute/virtualMachines/{name}", group("web"))).unwrap()
}

/// A tenant with two partners, and a person of its own who may deal with one machine. One machine is locked.
fn map() -> AccessMap {
    let assigned = |number: u128, scope, role: &str, principal, kind, home| Assignment {
        id: Uuid::from_u128(number),
        scope,
        role: BUILT_IN.iter().find(|known| known.name == role).unwrap().id,
        principal,
        kind,
        home,
    };
    let foreign = PrincipalKind::ForeignGroup;
    AccessMap::build(
        BUILT_IN.clone(),
        [
            assigned(1, subscription(1), "Owner", ADMIN_AGENTS, foreign, Some(PARTNER)),
            assigned(2, subscription(2), "Owner", OTHER_ADMIN_AGENTS, foreign, Some(OTHER)),
            assigned(3, machine("vm-web"), "Contributor", OPERATOR, PrincipalKind::User, None),
        ],
        [lock()],
    )
}

fn lock() -> Lock {
    Lock { scope: machine("vm-db"), name: "keep".to_owned(), level: LockLevel::CanNotDelete }
}

struct Page(String);

impl Page {
    fn head(&mut self, title: &str) {
        writeln!(self.0, "\n{title}\n{}", "-".repeat(title.len())).unwrap();
    }

    fn say(&mut self, action: &str, place: &str, explained: &Explanation) {
        writeln!(self.0, "\n{action}\n  at {place}: {}", if explained.allowed { "allowed" } else { "refused" })
            .unwrap();
        let parts = [("by", &explained.paths), ("because", &explained.reasons), ("would do:", &explained.would)];
        for (word, lines) in parts {
            for line in lines {
                writeln!(self.0, "  {word} {line}").unwrap();
            }
        }
    }

    fn azure(&mut self, principals: &[ObjectId], action: &str, scope: &ArmScope) {
        let decision = map().decide(&Asker { principals, action, scope });
        self.say(action, scope.as_str(), &Explanation::of_azure(&decision, &Known));
    }

    /// The first partner's agent when the relationship is over: what its group holds is there and does not count.
    fn azure_at_an_end(&mut self, action: &str, scope: &ArmScope) {
        let asker = Asker { principals: &[AGENT, ADMIN_AGENTS], action, scope };
        let left = AccessMap::build(BUILT_IN.clone(), [], [lock()]).decide(&asker);
        let decision = left.with_resting(map().decide(&asker).paths);
        self.say(action, scope.as_str(), &Explanation::of_azure(&decision, &Known));
    }

    fn ours(&mut self, caller: &Caller, action: ActionName, place: &str, target: &dyn Scoped) {
        self.say(action.name(), place, &Explanation::from(&decide(caller, action, target)));
    }
}

fn held(role: DirectoryRole, by: HeldBy) -> HeldRole {
    HeldRole { role, by }
}

fn azure(page: &mut Page) {
    page.head("A partner's admin agent");
    page.azure(&[AGENT, ADMIN_AGENTS], START, &machine("vm-web"));
    page.azure(&[AGENT, ADMIN_AGENTS], ROLE_WRITE, &group("web"));
    page.azure(&[AGENT, ADMIN_AGENTS], DELETE, &machine("vm-db"));
    page.azure(&[AGENT, ADMIN_AGENTS], START, &subscription(2));

    page.head("A partner's admin agent when the relationship is over");
    page.azure_at_an_end(START, &machine("vm-web"));
    page.azure_at_an_end(DELETE, &machine("vm-db"));
    page.azure_at_an_end(START, &subscription(2));

    page.head("A person of the customer, Contributor at one machine");
    page.azure(&[OPERATOR], START, &machine("vm-web"));
    page.azure(&[OPERATOR], DELETE, &machine("vm-app"));
    page.azure(&[OPERATOR], DELETE, &machine("vm-db"));
    page.azure(&[OPERATOR], ROLE_WRITE, &machine("vm-web"));
    page.azure(&[OPERATOR], "Microsoft.Invented/things/write", &group("web"));

    page.head("The second partner");
    page.azure(&[OTHER_AGENT, OTHER_ADMIN_AGENTS], START, &machine("vm-web"));
    page.azure(&[OTHER_AGENT, OTHER_ADMIN_AGENTS], KEYS, &subscription(2));

    page.head("A partner's helpdesk agent");
    page.azure(&[HELPDESK_AGENT, HELPDESK_AGENTS], START, &machine("vm-web"));
}

fn directory(page: &mut Page) {
    let sold = Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox: false };
    let by_other = Thing { partner: Some(OTHER), ..sold };
    let (tenant, place) = (TenantScope(CUSTOMER), "the customer's directory");
    let at_home = |role| person(PARTNER, TenantKind::Partner, &[role]);
    let delegated = |group, role| {
        let role = held(role, HeldBy::DelegatedAdmin { group });
        person_in(PARTNER, CUSTOMER, TenantKind::Customer, [role])
    };

    page.head("A partner's admin agent, selling and in the customer's directory");
    page.ours(&at_home(Role::AdminAgent), ActionName::OrderPlace, "a customer", &sold);
    page.ours(&at_home(Role::AdminAgent), ActionName::SubscriptionRead, "a subscription of another partner", &by_other);
    page.ours(&at_home(Role::AdminAgent), ActionName::ClockMove, "a live world", &WorldScope { sandbox: false });
    let agent = delegated(Role::AdminAgent, DirectoryRole::GlobalAdmin);
    page.ours(&agent, ActionName::UserCreate, place, &tenant);
    page.ours(&agent, ActionName::RelationshipApprove, place, &tenant);
    page.ours(&agent, ActionName::OrderPlace, "the customer, while acting in its tenant", &sold);

    page.head("A partner's helpdesk agent, selling and in the customer's directory");
    page.ours(&at_home(Role::HelpdeskAgent), ActionName::CustomerRead, "a customer", &sold);
    page.ours(&at_home(Role::HelpdeskAgent), ActionName::OrderPlace, "a customer", &sold);
    let helpdesk = delegated(Role::HelpdeskAgent, DirectoryRole::HelpdeskAdmin);
    page.ours(&helpdesk, ActionName::PasswordReset, place, &tenant);
    page.ours(&helpdesk, ActionName::UserDelete, place, &tenant);

    page.head("A partner's person with a granular relationship");
    let until = Timestamp::from_seconds(1_893_456_000);
    let (relationship, group) = ("5f0c0a2e-9d53-4b5e-a3d4-6a1f5b7c8d90".to_owned(), HELPDESK_AGENTS);
    let role = held(DirectoryRole::UserAdmin, HeldBy::Granular { relationship, group, until });
    let granular = person_in(PARTNER, CUSTOMER, TenantKind::Customer, [role]);
    page.ours(&granular, ActionName::UserCreate, place, &tenant);
    page.ours(&granular, ActionName::DomainManage, place, &tenant);

    page.head("Applications");
    page.ours(&application(TenantKind::Customer, CUSTOMER, &[]), ActionName::UserCreate, place, &tenant);
    page.ours(&with_right(CUSTOMER, "User.ReadWrite.All"), ActionName::UserCreate, place, &tenant);
    page.ours(&narrow(agent), ActionName::UserCreate, place, &tenant);
    page.ours(&Caller::Nobody, ActionName::DirectoryRead, place, &tenant);
}

/// An application for itself, with one application permission.
fn with_right(tenant: TenantId, right: &str) -> Caller {
    rights(application(TenantKind::Customer, tenant, &[]), right)
}

/// The same person, with an application that may only read.
fn narrow(caller: Caller) -> Caller {
    rights(caller, "User.Read.All")
}

fn rights(mut caller: Caller, right: &str) -> Caller {
    if let Caller::SignedIn(identity) = &mut caller {
        identity.rights = [right.to_owned()].into();
    }
    caller
}

#[test]
fn explanations_are_printed() {
    let mut page =
        Page("What \"explain\" says. Printed by crates/access/src/explained.rs; a test compares.\n".to_owned());
    azure(&mut page);
    directory(&mut page);
    golden("explanations.txt", &page.0);
}
