//! Deciding: all the paths that allow, or the one reason that denies. [`crate::allow`] acts on it; an
//! "explain" shows it as it is.

use crate::policy::{self, Mark, Place, Subject};
use crate::{ActionName, Denial, Grant, Path, Plane, Reach, Scoped};
use std::fmt;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{Caller, DirectoryRole, Identity, Role, TenantKind};

/// The answer of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by each of these paths. Never empty.
    Allowed(Vec<Grant>),
    /// Nobody signed in.
    SignInNeeded,
    /// Outside the caller's reach: for this caller it is not there.
    Hidden,
    /// Visible, but nothing allows it.
    Denied(Denial),
}

/// What the policy says about this caller, action and target.
#[must_use]
pub fn decide(caller: &Caller, action: ActionName, target: &dyn Scoped) -> Decision {
    let reach = reach(target);
    match caller {
        Caller::Nobody => Decision::SignInNeeded,
        Caller::System(job) => {
            let path = Path::System(job);
            Decision::Allowed(vec![Grant { action, path, reach, sandbox_only: false, scope: None }])
        }
        Caller::SignedIn(identity) if !visible(identity, target) => Decision::Hidden,
        Caller::SignedIn(identity) => by_the_tables(identity, action, target, reach),
    }
}

/// Asks the tables. With a person, both must allow: the person's roles, and what the application may do for people.
fn by_the_tables(identity: &Identity, action: ActionName, target: &dyn Scoped, reach: Reach) -> Decision {
    let place = Place {
        sandbox: target.sandbox(),
        partner_tenant: identity.tenant_kind == TenantKind::Partner,
        own_people: is_own_person(identity),
    };
    let subjects = subjects(identity, action.plane(), target);
    let with_user = identity.user.is_some();
    let rights = policy::rights_for(action, place, with_user);
    let right = rights.iter().copied().find(|right| identity.rights.contains(*right));

    let grant = |path, sandbox_only, scope| Grant { action, path, reach, sandbox_only, scope };
    let mut grants: Vec<Grant> = subjects
        .iter()
        .filter(|(subject, _)| policy::allows(action, *subject, place))
        .map(|(subject, path)| {
            let sandbox_only = policy::mark(action, *subject) == Mark::Sandbox;
            grant(path.clone(), sandbox_only, if with_user { right } else { None })
        })
        .collect();
    // An application's own permissions are paths of their own, in its own directory.
    let by_permission = if with_user || !acts_in(identity, target) { None } else { right };
    grants.extend(by_permission.map(|right| grant(Path::Permission(right), false, None)));

    let scope_missing = with_user && right.is_none();
    if grants.is_empty() || scope_missing {
        let billed = is_billed(identity, target);
        let elsewhere = |place| subjects.iter().any(|(subject, _)| policy::allows(action, *subject, place));
        return Decision::Denied(Denial {
            action,
            user: with_user,
            held: subjects.iter().map(|(subject, _)| *subject).collect(),
            needed: policy::roles_for(action, Place { own_people: place.own_people || billed, ..place }, billed),
            rights,
            role_missing: grants.is_empty(),
            scope_missing,
            in_sandbox: elsewhere(Place { sandbox: true, ..place }) && grants.is_empty(),
            own_people_only: elsewhere(Place { own_people: true, ..place }) && grants.is_empty(),
            customer_tenant: identity.tenant_kind == TenantKind::Customer && !billed,
            billed,
        });
    }
    Decision::Allowed(grants)
}

fn reach(target: &dyn Scoped) -> Reach {
    match (target.partner(), target.customer(), target.tenant()) {
        (partner, Some(customer), _) => Reach::Customer { partner, customer },
        (Some(partner), None, _) => Reach::Partner(partner),
        (None, None, Some(tenant)) => Reach::Tenant(tenant),
        (None, None, None) => Reach::World,
    }
}

/// The provider sees everything; the others what is theirs, and what belongs to the world.
fn visible(identity: &Identity, target: &dyn Scoped) -> bool {
    let (partner, customer, tenant) = (target.partner(), target.customer(), target.tenant());
    let of_the_world = partner.is_none() && customer.is_none() && tenant.is_none();
    let own_directory = tenant == Some(identity.tenant);
    of_the_world
        || own_directory
        || match identity.tenant_kind {
            TenantKind::Provider => !target.is_private(),
            TenantKind::Partner => [partner, target.upstream()].contains(&Some(identity.tenant)),
            // A partner's person in a customer's tenant: what another partner sold to it is not there.
            TenantKind::Customer => {
                let home = identity.home();
                customer == Some(identity.tenant) && (home == identity.tenant || partner.is_none_or(|it| it == home))
            }
        }
}

/// Whether the caller acts in the very directory the target stands in: only there do its directory roles count.
fn acts_in(identity: &Identity, target: &dyn Scoped) -> bool {
    target.tenant() == Some(identity.tenant)
}

/// Whether the caller acts in the customer's tenant that pays for the target itself.
fn is_billed(identity: &Identity, target: &dyn Scoped) -> bool {
    identity.tenant_kind == TenantKind::Customer && target.billed_to() == Some(identity.tenant)
}

fn is_own_person(identity: &Identity) -> bool {
    identity.user.as_ref().is_some_and(|user| user.home == identity.tenant)
}

/// Whether the caller is the provider: a person or an application that is Global Administrator of its tenant. Everybody
/// else who works for the provider, and every application somebody there let in, may what its roles say, and not act on
/// everybody's things.
#[must_use]
pub fn is_provider(identity: &Identity) -> bool {
    identity.is_provider()
}

/// As whom the caller may act. Roles of the channel count in a partner's tenant only, directory roles only in the
/// directory they are held in.
fn subjects(identity: &Identity, plane: Plane, target: &dyn Scoped) -> Vec<(Subject, Path)> {
    let mut subjects = Vec::new();
    if is_provider(identity) {
        subjects.push((Subject::Provider, Path::Provider));
    }
    let partner = identity.tenant_kind == TenantKind::Partner;
    match plane {
        Plane::Channel => {
            let held = identity.roles.iter().filter(|_| partner);
            subjects.extend(held.map(|role| (Subject::Holder(*role), Path::Role(*role))));
            let pays = identity.directory_roles.iter().filter(|_| is_billed(identity, target));
            subjects.extend(pays.map(|held| (Subject::Administrator(held.role), Path::Directory(held.clone()))));
        }
        Plane::Directory if acts_in(identity, target) => {
            let held = identity.directory_roles.iter();
            subjects.extend(held.map(|held| (Subject::Administrator(held.role), Path::Directory(held.clone()))));
            let channel = identity.roles.iter().filter(|_| partner).filter_map(|role| in_directory(identity, *role));
            subjects.extend(channel);
            subjects.extend(is_own_person(identity).then_some((Subject::Member, Path::Member)));
        }
        Plane::Directory => {}
    }
    subjects
}

/// What a role of the channel is in the directory of its tenant: the three admin roles are directory roles, the
/// agent groups stand for themselves. Nothing if it is counted already.
fn in_directory(identity: &Identity, role: Role) -> Option<(Subject, Path)> {
    let administrator = match role {
        Role::AdminAgent | Role::SalesAgent | Role::HelpdeskAgent => {
            return Some((Subject::Holder(role), Path::Role(role)));
        }
        Role::GlobalAdmin => DirectoryRole::GlobalAdmin,
        Role::UserAdmin => DirectoryRole::UserAdmin,
        Role::BillingAdmin => DirectoryRole::BillingAdmin,
    };
    let held = HeldRole { role: administrator, by: HeldBy::Assignment };
    let counted = identity.holds(administrator);
    (!counted).then_some((Subject::Administrator(administrator), Path::Directory(held)))
}

/// For people: what allows, or what is missing and what to do.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(grants) => {
                for (at, grant) in grants.iter().enumerate() {
                    write!(f, "{}{grant}", if at == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::SignInNeeded => f.write_str("this needs a bearer token; get one at the token endpoint"),
            Self::Hidden => f.write_str("the target is outside the caller's reach, so for the caller it is not there"),
            Self::Denied(denial) => denial.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CUSTOMER, OTHER, PARTNER, Thing, application, person, person_in};
    use crate::{TenantScope, WorldScope};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use tenantry_core::TenantId;

    /// `"ok"`, `"hidden"` or what is missing.
    fn answer(caller: &Caller, action: ActionName, target: &dyn Scoped) -> &'static str {
        match decide(caller, action, target) {
            Decision::Allowed(grants) if grants.is_empty() => "allowed by nothing",
            Decision::Allowed(_) => "ok",
            Decision::SignInNeeded => "nobody",
            Decision::Hidden => "hidden",
            Decision::Denied(Denial { role_missing: true, scope_missing: true, .. }) => "role and scope",
            Decision::Denied(Denial { role_missing: true, .. }) => "role",
            Decision::Denied(_) => "scope",
        }
    }

    fn holding(caller: Caller, roles: &[DirectoryRole], rights: &[&str]) -> Caller {
        let Caller::SignedIn(mut identity) = caller else { return caller };
        identity.directory_roles.extend(roles.iter().map(|role| HeldRole { role: *role, by: HeldBy::Assignment }));
        identity.rights = rights.iter().map(|right| (*right).to_owned()).collect();
        Caller::SignedIn(identity)
    }

    fn app(tenant: TenantId, roles: &[DirectoryRole], rights: &[&str]) -> Caller {
        let kind = if tenant == PARTNER { TenantKind::Partner } else { TenantKind::Customer };
        holding(application(kind, tenant, &[]), roles, rights)
    }

    fn user(tenant: TenantId, roles: &[DirectoryRole], rights: &[&str]) -> Caller {
        let kind = if tenant == PARTNER { TenantKind::Partner } else { TenantKind::Customer };
        holding(person_in(tenant, tenant, kind, []), roles, rights)
    }

    #[test]
    fn with_a_person_both_the_person_and_the_application_must_be_allowed() {
        use ActionName::{DirectoryRead, OwnProfileRead, RelationshipApprove, UserCreate, UserDelete};
        use DirectoryRole::{GlobalAdmin, UserAdmin};
        for (caller, action, expected) in [
            (user(CUSTOMER, &[UserAdmin], &["User.ReadWrite.All"]), UserCreate, "ok"),
            (user(CUSTOMER, &[UserAdmin], &["User.Read.All"]), UserCreate, "scope"),
            (user(CUSTOMER, &[], &["User.ReadWrite.All"]), UserCreate, "role"),
            (user(CUSTOMER, &[], &["openid"]), UserCreate, "role and scope"),
            (user(CUSTOMER, &[], &["User.Read"]), OwnProfileRead, "ok"),
            (user(CUSTOMER, &[], &["User.Read"]), DirectoryRead, "scope"),
            (user(CUSTOMER, &[GlobalAdmin], &["Directory.AccessAsUser.All"]), RelationshipApprove, "ok"),
            (user(CUSTOMER, &[UserAdmin], &["Directory.ReadWrite.All"]), UserDelete, "scope"),
            (app(CUSTOMER, &[], &["User.ReadWrite.All"]), UserCreate, "ok"),
            (app(CUSTOMER, &[UserAdmin], &[]), UserCreate, "ok"),
            (app(CUSTOMER, &[], &["user_impersonation", "Directory.AccessAsUser.All"]), UserCreate, "role"),
            (app(CUSTOMER, &[], &[]), DirectoryRead, "role"),
            (app(CUSTOMER, &[GlobalAdmin], &[]), RelationshipApprove, "role"),
        ] {
            assert_eq!(answer(&caller, action, &TenantScope(CUSTOMER)), expected, "{action} by {caller:?}");
        }
    }

    #[test]
    fn a_directory_is_there_for_those_who_act_in_it_and_for_the_provider() {
        let global = [DirectoryRole::GlobalAdmin];
        let provider = application(TenantKind::Provider, OTHER, &[]);
        let operator = |roles: &[DirectoryRole]| {
            holding(person_in(OTHER, OTHER, TenantKind::Provider, []), roles, &["user_impersonation"])
        };
        let program = |roles: &[DirectoryRole], rights: &[&str]| {
            let Caller::SignedIn(identity) = &provider else { panic!("{provider:?}") };
            let bare = Identity { directory_roles: Vec::new(), ..identity.clone() };
            holding(Caller::SignedIn(bare), roles, rights)
        };
        for (caller, tenant, expected) in [
            (user(CUSTOMER, &global, &["user_impersonation"]), CUSTOMER, "ok"),
            (user(CUSTOMER, &global, &["user_impersonation"]), PARTNER, "hidden"),
            (user(PARTNER, &global, &["user_impersonation"]), CUSTOMER, "hidden"),
            (provider.clone(), CUSTOMER, "ok"),
            // Nor is every application that is in its tenant.
            (program(&[], &[]), CUSTOMER, "role"),
            (program(&[], &[]), OTHER, "role"),
            (program(&[DirectoryRole::ApplicationAdmin], &["User.ReadWrite.All"]), CUSTOMER, "role"),
            (program(&[], &["User.ReadWrite.All"]), OTHER, "ok"),
            (program(&global, &[]), CUSTOMER, "ok"),
            (operator(&global), CUSTOMER, "ok"),
            // Not everybody who works for the provider is the provider.
            (operator(&[DirectoryRole::UserAdmin]), CUSTOMER, "role"),
            (operator(&[DirectoryRole::UserAdmin]), OTHER, "ok"),
            (operator(&[]), OTHER, "role"),
            (Caller::System("job"), CUSTOMER, "ok"),
            (Caller::Nobody, CUSTOMER, "nobody"),
        ] {
            assert_eq!(answer(&caller, ActionName::UserCreate, &TenantScope(tenant)), expected, "{tenant}: {caller:?}");
        }
    }

    #[test]
    fn the_channel_knows_persons_by_their_roles_and_one_scope() {
        let sold = Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox: false };
        let agent = |rights: &[&str]| holding(person(PARTNER, TenantKind::Partner, &[Role::SalesAgent]), &[], rights);
        assert_eq!(answer(&agent(&["user_impersonation"]), ActionName::OrderPlace, &sold), "ok");
        assert_eq!(answer(&agent(&["Directory.AccessAsUser.All"]), ActionName::OrderPlace, &sold), "scope");
        let operator = person_in(OTHER, OTHER, TenantKind::Provider, []);
        assert_eq!(answer(&operator, ActionName::ChannelManage, &WorldScope { sandbox: false }), "role");
    }

    #[test]
    fn admin_roles_of_the_channel_are_directory_roles_in_the_partners_own_tenant() {
        let admin = |kind, tenant| application(kind, tenant, &[Role::GlobalAdmin]);
        let create = ActionName::UserCreate;
        assert_eq!(answer(&admin(TenantKind::Partner, PARTNER), create, &TenantScope(PARTNER)), "ok");
        assert_eq!(answer(&admin(TenantKind::Customer, CUSTOMER), create, &TenantScope(CUSTOMER)), "role");
        let manage = ActionName::RelationshipManage;
        let agents = application(TenantKind::Partner, PARTNER, &[Role::AdminAgent]);
        assert_eq!(answer(&agents, manage, &TenantScope(PARTNER)), "ok");
        let customer = user(CUSTOMER, &[DirectoryRole::GlobalAdmin], &["user_impersonation"]);
        assert_eq!(answer(&customer, manage, &TenantScope(CUSTOMER)), "role");
        let permission = "DelegatedAdminRelationship.ReadWrite.All";
        assert_eq!(answer(&app(PARTNER, &[], &[permission]), manage, &TenantScope(PARTNER)), "ok");
        assert_eq!(answer(&app(CUSTOMER, &[], &[permission]), manage, &TenantScope(CUSTOMER)), "role");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 300,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(4),
            ..ProptestConfig::default()
        })]

        #[test]
        fn one_more_directory_role_or_right_never_allows_less(
            roles in proptest::collection::btree_set(0..DirectoryRole::ALL.len(), 0..4),
            more_role in 0..DirectoryRole::ALL.len(),
            rights in proptest::collection::btree_set(proptest::sample::select(RIGHTS.to_vec()), 0..4),
            more_right in proptest::sample::select(RIGHTS.to_vec()),
            with_person in any::<bool>(),
            tenant in proptest::sample::select(vec![PARTNER, CUSTOMER]),
        ) {
            let mut roles: Vec<DirectoryRole> = roles.into_iter().map(|at| DirectoryRole::ALL[at]).collect();
            let mut rights: Vec<&str> = rights.into_iter().collect();
            let allowed = |roles: &[DirectoryRole], rights: &[&str]| -> Vec<ActionName> {
                let caller = if with_person { user(tenant, roles, rights) } else { app(tenant, roles, rights) };
                let may = |action: &ActionName| answer(&caller, *action, &TenantScope(tenant)) == "ok";
                ActionName::ALL.into_iter().filter(may).collect()
            };
            let before = allowed(&roles, &rights);
            roles.push(DirectoryRole::ALL[more_role]);
            let with_role = allowed(&roles, &rights);
            rights.push(more_right);
            let with_both = allowed(&roles, &rights);
            prop_assert!(before.iter().all(|action| with_role.contains(action)));
            prop_assert!(with_role.iter().all(|action| with_both.contains(action)));
        }
    }

    const RIGHTS: [&str; 8] = [
        "openid",
        "User.Read",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Application.ReadWrite.All",
        "DelegatedAdminRelationship.ReadWrite.All",
        "user_impersonation",
    ];
}
