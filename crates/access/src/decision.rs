//! Deciding: all the paths that allow, or the one reason that denies. [`crate::allow`] acts on it; an
//! "explain" shows it as it is.

use crate::policy::{self, Mark, Subject};
use crate::{ActionName, Grant, Path, Reach, Scoped};
use std::fmt;
use tenantry_core::Identity;
use tenantry_core::{Caller, Role, TenantKind};

/// The answer of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Allowed, by each of these paths. Never empty.
    Allowed(Vec<Grant>),
    /// Nobody signed in.
    SignInNeeded,
    /// Outside the caller's reach: for this caller it is not there.
    Hidden,
    /// Visible, but no role allows it.
    Denied {
        /// What was asked.
        action: ActionName,
        /// The roles the caller holds.
        held: Vec<Role>,
        /// The roles of a partner that would do; none if it is the provider's business.
        needed: Vec<Role>,
        /// Whether it would be allowed if the world were a sandbox.
        in_sandbox: bool,
    },
}

/// What the policy says about this caller, action and target.
#[must_use]
pub fn decide(caller: &Caller, action: ActionName, target: &dyn Scoped) -> Decision {
    let grant = |path, sandbox_only| Grant { action, path, reach: reach(target), sandbox_only };
    match caller {
        Caller::Nobody => Decision::SignInNeeded,
        Caller::System(job) => Decision::Allowed(vec![grant(Path::System(job), false)]),
        Caller::SignedIn(identity) if !visible(identity, target) => Decision::Hidden,
        Caller::SignedIn(identity) => {
            let grants: Vec<Grant> = subjects(identity)
                .filter(|(subject, _)| policy::allows(action, *subject, target.sandbox()))
                .map(|(subject, path)| grant(path, policy::mark(action, subject) == Mark::Sandbox))
                .collect();
            if grants.is_empty() { denied(identity, action, target) } else { Decision::Allowed(grants) }
        }
    }
}

fn reach(target: &dyn Scoped) -> Reach {
    match (target.partner(), target.customer()) {
        (partner, Some(customer)) => Reach::Customer { partner, customer },
        (Some(partner), None) => Reach::Partner(partner),
        (None, None) => Reach::World,
    }
}

/// The provider sees everything; the others what is theirs, and what belongs to the world.
fn visible(identity: &Identity, target: &dyn Scoped) -> bool {
    let of_the_world = target.partner().is_none() && target.customer().is_none();
    match identity.tenant_kind {
        TenantKind::Provider => true,
        TenantKind::Partner => of_the_world || target.partner() == Some(identity.tenant),
        TenantKind::Customer => of_the_world || target.customer() == Some(identity.tenant),
    }
}

/// As whom the application may act: roles count in a partner tenant only.
fn subjects(identity: &Identity) -> impl Iterator<Item = (Subject, Path)> {
    let provider = (identity.tenant_kind == TenantKind::Provider).then_some((Subject::Provider, Path::Provider));
    let partner = identity.tenant_kind == TenantKind::Partner;
    let held = identity.roles.iter().filter(move |_| partner);
    provider.into_iter().chain(held.map(|role| (Subject::Holder(*role), Path::Role(*role))))
}

fn denied(identity: &Identity, action: ActionName, target: &dyn Scoped) -> Decision {
    Decision::Denied {
        action,
        held: identity.roles.iter().copied().collect(),
        needed: policy::roles_for(action, target.sandbox()),
        in_sandbox: subjects(identity).any(|(subject, _)| policy::allows(action, subject, true)),
    }
}

/// For people: what allows, or what is missing and what to do.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(grants) => f.write_str(&list(grants, "; ")),
            Self::SignInNeeded => f.write_str("this needs a bearer token; get one at the token endpoint"),
            Self::Hidden => f.write_str("the target is outside the caller's reach, so for the caller it is not there"),
            Self::Denied { action, in_sandbox: true, .. } => {
                write!(f, "{action} is refused: possible in sandbox worlds only, and this world is not one")
            }
            Self::Denied { action, needed, .. } if needed.is_empty() => {
                write!(f, "{action} is refused: only the provider may do this")
            }
            Self::Denied { action, held, needed, .. } => {
                let held = if held.is_empty() { "none".to_owned() } else { list(held, ", ") };
                let needed = list(needed, ", ");
                write!(f, "{action} needs one of the partner roles {needed}; the application's roles are: {held}")
            }
        }
    }
}

fn list<T: fmt::Display>(items: &[T], between: &str) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(between)
}
