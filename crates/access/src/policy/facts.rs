//! The promises of the design about access, each as a sentence and the question put to the real policy.

use super::{DELEGATED_ADMIN, NEW_SUBSCRIPTION};
use crate::azure::{AccessMap, ArmScope, Asker, Assignment, BUILT_IN, Lock, LockLevel, PrincipalKind};
use crate::testing::{Billed, CUSTOMER, OTHER, PARTNER, Resold, Thing, application, person, person_in};
use crate::{ActionName, Decision, PartnerScope, Plane, TenantScope, decide};
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{Caller, DirectoryRole, ObjectId, Role, SubscriptionId, TenantId, TenantKind, Timestamp};
use uuid::Uuid;

/// A promise, and whether it is kept.
type Fact = (&'static str, fn() -> bool);

pub(super) const FACTS: [Fact; 29] = [
    ("A new subscription has the selling partner's AdminAgents as Owner.", || {
        may(AGENTS, ROLE_WRITE, &subscription(1))
    }),
    ("Nobody else is on it: no HelpdeskAgents, no SalesAgents, nobody of the customer, no second partner.", || {
        NEW_SUBSCRIPTION.len() == 1 && [HELPDESK, SALES, CUSTOMER_ADMIN, SECOND_PARTNER].iter().all(|who| nothing(*who))
    }),
    ("The partner may give a customer's user any role at a subscription, a resource group or a resource.", || {
        [subscription(1), group("web"), machine("vm1")].iter().all(|scope| may(AGENTS, ROLE_WRITE, scope))
    }),
    ("A Contributor manages everything...", || {
        let acts = [VM_START, VM_DELETE, GROUP_DELETE, KEYS];
        acts.iter().all(|action| may_as("Contributor", action, &subscription(1)))
    }),
    ("...but gives and takes no roles, so cannot remove the partner.", || {
        !may_as("Contributor", ROLE_WRITE, &subscription(1)) && !may_as("Contributor", ROLE_DELETE, &subscription(1))
    }),
    ("An Owner of the customer could remove the partner; that is why giving one is answered with a warning.", || {
        may_as("Owner", ROLE_DELETE, &subscription(1))
    }),
    ("Of the built-in roles only Owner and the two for user access can take a role from anybody.", || {
        let can = BUILT_IN.iter().filter(|role| role.allows(ROLE_DELETE)).map(|role| role.name.as_str());
        can.eq(["Owner", "User Access Administrator", "Role Based Access Control Administrator"])
    }),
    ("Of two partners on the same tenant none holds anything on what the other sold.", || {
        let (first, second) = (visible(AGENTS), visible(SECOND_AGENTS));
        first.contains(id(1)) && !first.contains(id(2)) && second.contains(id(2)) && !second.contains(id(1))
    }),
    ("Security ends at the subscription: a role on one gives nothing on another.", || {
        !may(AGENTS, VM_READ, &subscription(2)) && !may(SECOND_AGENTS, VM_READ, &subscription(1))
    }),
    ("A subscription bought elsewhere is not manageable by a partner without a role on it.", || {
        !may(AGENTS, VM_READ, &subscription(3)) && !may(SECOND_AGENTS, VM_READ, &subscription(3))
    }),
    ("A role at one machine reaches that machine: not its neighbour, not its group.", || {
        let held = |scope: &ArmScope| given("Contributor", &machine("vm1"), VM_START, scope);
        held(&machine("vm1")) && !held(&machine("vm2")) && !held(&group("web")) && !held(&subscription(1))
    }),
    ("A lock binds the Owner too.", || {
        let locked = map([Lock { scope: group("web"), name: "keep".to_owned(), level: LockLevel::CanNotDelete }]);
        let may = |action| ask(&locked, AGENTS, action, &machine("vm1"));
        !may(VM_DELETE) && may(VM_START)
    }),
    ("A partner's AdminAgents are Global Administrators of a customer under delegated administration.", || {
        agents_may(Role::AdminAgent, ActionName::UserCreate)
    }),
    ("Its HelpdeskAgents reset the passwords of people there, not those of administrators.", || {
        agents_may(Role::HelpdeskAgent, ActionName::PasswordReset)
            && !agents_may(Role::HelpdeskAgent, ActionName::AdminPasswordReset)
    }),
    ("Its SalesAgents are nothing there.", || !DELEGATED_ADMIN.iter().any(|(group, _)| *group == Role::SalesAgent)),
    ("Delegated administration is everything: AdminAgents make administrators and reset their passwords.", || {
        agents_may(Role::AdminAgent, ActionName::DirectoryRoleManage)
            && agents_may(Role::AdminAgent, ActionName::AdminPasswordReset)
    }),
    (
        "A granular relationship gives the roles it names: nobody does more by it than such an administrator may.",
        || {
            DirectoryRole::ALL.into_iter().all(|role| {
                let own = person_in(CUSTOMER, CUSTOMER, TenantKind::Customer, [assigned(role)]);
                let mut by_it = actions(person_in(PARTNER, CUSTOMER, TenantKind::Customer, [granular(role)]));
                by_it.all(|action| allowed(&own, action, CUSTOMER))
            })
        },
    ),
    ("A granular Global Reader changes nothing.", || {
        let reader = person_in(PARTNER, CUSTOMER, TenantKind::Customer, [granular(DirectoryRole::GlobalReader)]);
        actions(reader).all(|action| action.words().1 == "read")
    }),
    (
        "A partner's people do not approve a relationship in their own name; the customer's own administrator does.",
        || {
            let own = person_in(CUSTOMER, CUSTOMER, TenantKind::Customer, [assigned(DirectoryRole::GlobalAdmin)]);
            let by_relationship = granular(DirectoryRole::GlobalAdmin);
            let granular = person_in(PARTNER, CUSTOMER, TenantKind::Customer, [by_relationship]);
            !agents_may(Role::AdminAgent, ActionName::RelationshipApprove)
                && !allowed(&granular, ActionName::RelationshipApprove, CUSTOMER)
                && allowed(&own, ActionName::RelationshipApprove, CUSTOMER)
        },
    ),
    ("A partner's people do no selling while they act in a customer's tenant.", || {
        let agent = partner_in_customer(Role::AdminAgent);
        ActionName::of(Plane::Channel).all(|action| !allowed_on(&agent, action, &sold(PARTNER)))
    }),
    ("What another partner sold to the customer is not even there for them.", || {
        decide(&partner_in_customer(Role::AdminAgent), ActionName::SubscriptionRead, &sold(OTHER)) == Decision::Hidden
    }),
    ("The directory of another tenant is not there, not even for the partner who sells to it.", || {
        let partner = application(TenantKind::Partner, PARTNER, &Role::ALL);
        decide(&partner, ActionName::DirectoryRead, &TenantScope(CUSTOMER)) == Decision::Hidden
    }),
    ("An application that acts for a person does only what the person may and the application may.", || {
        let admin = |scope: &str| with_rights(person(PARTNER, TenantKind::Partner, &[Role::GlobalAdmin]), &[scope]);
        allowed(&admin("User.ReadWrite.All"), ActionName::UserCreate, PARTNER)
            && !allowed(&admin("User.Read.All"), ActionName::UserCreate, PARTNER)
            && !allowed(&admin("Group.ReadWrite.All"), ActionName::UserCreate, PARTNER)
    }),
    ("An ordinary person sees the directory and changes nothing in it but the own password.", || {
        let member = person_in(CUSTOMER, CUSTOMER, TenantKind::Customer, []);
        let may = ActionName::of(Plane::Directory).filter(|action| allowed(&member, *action, CUSTOMER));
        may.filter(|action| action.words().1 != "read").eq([ActionName::OwnPasswordChange])
    }),
    ("Nobody but the provider signs up direct partners and indirect providers, or changes what they buy at...", || {
        let everything = application(TenantKind::Partner, PARTNER, &Role::ALL);
        !allowed_on(&everything, ActionName::ChannelManage, &Thing { partner: None, customer: None, sandbox: true })
    }),
    ("...except an indirect provider's AdminAgents, below itself: its resellers and the prices they buy at.", || {
        let agents = application(TenantKind::Partner, PARTNER, &[Role::AdminAgent]);
        let sales = application(TenantKind::Partner, PARTNER, &[Role::SalesAgent, Role::HelpdeskAgent]);
        let manage = |caller, below| matches!(decide(caller, ActionName::ResellerManage, &below), Decision::Allowed(_));
        manage(&agents, PartnerScope(PARTNER))
            && !manage(&sales, PartnerScope(PARTNER))
            && !manage(&agents, PartnerScope(OTHER))
    }),
    ("What a partner bills its customer, nobody above the partner sees, not even the provider.", || {
        let bill = Billed { partner: PARTNER, customer: CUSTOMER };
        let above =
            [application(TenantKind::Provider, OTHER, &[]), application(TenantKind::Partner, OTHER, &Role::ALL)];
        above.iter().all(|caller| decide(caller, ActionName::InvoiceRead, &bill) == Decision::Hidden)
    }),
    (
        "That customer's own Global and Billing Administrators read it, and nobody else there; no other customer does.",
        || {
            let bill = Billed { partner: PARTNER, customer: CUSTOMER };
            let of = |tenant, roles: &[DirectoryRole]| {
                person_in(tenant, tenant, TenantKind::Customer, roles.iter().copied().map(assigned))
            };
            let reads =
                |caller: &Caller| matches!(decide(caller, ActionName::InvoiceRead, &bill), Decision::Allowed(_));
            let (global, billing) = (DirectoryRole::GlobalAdmin, DirectoryRole::BillingAdmin);
            let others: Vec<_> =
                DirectoryRole::ALL.into_iter().filter(|role| ![global, billing].contains(role)).collect();
            [global, billing].iter().all(|role| reads(&of(CUSTOMER, &[*role])) && !reads(&of(OTHER, &[*role])))
                && !reads(&of(CUSTOMER, &others))
                && !reads(&partner_in_customer(Role::AdminAgent))
                && !allowed_on(&of(CUSTOMER, &[global]), ActionName::InvoiceRead, &sold(PARTNER))
        },
    ),
    (
        "An indirect provider reaches what its reseller sells; for another partner, a reseller too, it is not there.",
        || {
            let (provider, reseller, sibling) = (OTHER, PARTNER, TenantId::new(Uuid::from_u128(4)));
            let thing = Thing { partner: Some(reseller), customer: Some(CUSTOMER), sandbox: false };
            let resold = Resold { thing, indirect_provider: provider };
            let by = |tenant| {
                decide(&application(TenantKind::Partner, tenant, &[Role::SalesAgent]), ActionName::OrderPlace, &resold)
            };
            let allowed = |tenant| matches!(by(tenant), Decision::Allowed(_));
            allowed(provider) && allowed(reseller) && by(sibling) == Decision::Hidden
        },
    ),
];

const AGENTS: ObjectId = ObjectId::new(Uuid::from_u128(0xa1));
const SECOND_AGENTS: ObjectId = ObjectId::new(Uuid::from_u128(0xa2));
const HELPDESK: ObjectId = ObjectId::new(Uuid::from_u128(0xa3));
const SALES: ObjectId = ObjectId::new(Uuid::from_u128(0xa4));
const CUSTOMER_ADMIN: ObjectId = ObjectId::new(Uuid::from_u128(0xa5));
const SECOND_PARTNER: ObjectId = ObjectId::new(Uuid::from_u128(0xa6));

const VM_READ: &str = "Microsoft.Compute/virtualMachines/read";
const VM_START: &str = "Microsoft.Compute/virtualMachines/start/action";
const VM_DELETE: &str = "Microsoft.Compute/virtualMachines/delete";
const KEYS: &str = "Microsoft.Storage/storageAccounts/listKeys/action";
const GROUP_DELETE: &str = "Microsoft.Resources/subscriptions/resourceGroups/delete";
const ROLE_WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const ROLE_DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";

fn id(number: u128) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(number))
}

fn subscription(number: u128) -> ArmScope {
    ArmScope::subscription(id(number))
}

fn group(name: &str) -> ArmScope {
    ArmScope::parse(&format!("{}/resourceGroups/{name}", subscription(1))).unwrap()
}

fn machine(name: &str) -> ArmScope {
    ArmScope::parse(&format!("{}/providers/Microsoft.Compute/virtualMachines/{name}", group("web"))).unwrap()
}

/// A customer's tenant: subscription 1 was sold by one partner, 2 by another, 3 was bought elsewhere.
fn map(locks: impl IntoIterator<Item = Lock>) -> AccessMap {
    let owner = |number, principal, home| Assignment {
        id: Uuid::from_u128(number),
        scope: subscription(number),
        role: NEW_SUBSCRIPTION[0].1,
        principal,
        kind: PrincipalKind::ForeignGroup,
        home: Some(home),
    };
    AccessMap::build(BUILT_IN.clone(), [owner(1, AGENTS, PARTNER), owner(2, SECOND_AGENTS, OTHER)], locks)
}

fn ask(map: &AccessMap, who: ObjectId, action: &str, scope: &ArmScope) -> bool {
    map.decide(&Asker { principals: &[who], action, scope }).allowed()
}

fn may(who: ObjectId, action: &str, scope: &ArmScope) -> bool {
    ask(&map([]), who, action, scope)
}

fn visible(who: ObjectId) -> crate::azure::VisibleSubscriptions {
    map([]).visible_subscriptions(&[who])
}

fn nothing(who: ObjectId) -> bool {
    map([]).held_at(&[who], &machine("vm1")).is_empty() && !visible(who).contains(id(1))
}

/// Whether one who holds the role at `held` may do it at `scope`.
fn given(role: &str, held: &ArmScope, action: &str, scope: &ArmScope) -> bool {
    let role = BUILT_IN.iter().find(|known| known.name == role).unwrap().id;
    let (id, principal, kind) = (Uuid::from_u128(9), CUSTOMER_ADMIN, PrincipalKind::User);
    let assignment = Assignment { id, scope: held.clone(), role, principal, kind, home: None };
    let map = AccessMap::build(BUILT_IN.clone(), [assignment], []);
    ask(&map, CUSTOMER_ADMIN, action, scope)
}

fn may_as(role: &str, action: &str, scope: &ArmScope) -> bool {
    given(role, &subscription(1), action, scope)
}

fn assigned(role: DirectoryRole) -> HeldRole {
    HeldRole { role, by: HeldBy::Assignment }
}

fn granular(role: DirectoryRole) -> HeldRole {
    let until = Timestamp::from_seconds(1);
    HeldRole { role, by: HeldBy::Granular { relationship: "care".to_owned(), group: AGENTS, until } }
}

/// What a caller may do in the customer's directory.
fn actions(caller: Caller) -> impl Iterator<Item = ActionName> {
    ActionName::of(Plane::Directory).filter(move |action| allowed(&caller, *action, CUSTOMER))
}

/// A person of the partner who acts in the customer's tenant, with what delegated administration gives the group.
fn partner_in_customer(group: Role) -> Caller {
    let given = DELEGATED_ADMIN.into_iter().filter(|(held, _)| *held == group);
    let roles = given.map(|(group, role)| HeldRole { role, by: HeldBy::DelegatedAdmin { group } });
    person_in(PARTNER, CUSTOMER, TenantKind::Customer, roles)
}

fn agents_may(group: Role, action: ActionName) -> bool {
    allowed(&partner_in_customer(group), action, CUSTOMER)
}

fn allowed(caller: &Caller, action: ActionName, tenant: TenantId) -> bool {
    matches!(decide(caller, action, &TenantScope(tenant)), Decision::Allowed(_))
}

fn allowed_on(caller: &Caller, action: ActionName, target: &Thing) -> bool {
    matches!(decide(caller, action, target), Decision::Allowed(_))
}

fn sold(partner: TenantId) -> Thing {
    Thing { partner: Some(partner), customer: Some(CUSTOMER), sandbox: true }
}

fn with_rights(caller: Caller, rights: &[&str]) -> Caller {
    match caller {
        Caller::SignedIn(mut identity) => {
            identity.rights = rights.iter().map(|right| (*right).to_owned()).collect();
            Caller::SignedIn(identity)
        }
        other => other,
    }
}
