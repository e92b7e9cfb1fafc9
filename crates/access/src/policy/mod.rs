//! The policy: who may do what, as tables. To change it, change a table and run the test `the_policy_is_printed`
//! with `TENANTRY_UPDATE=1`; the diff of `policy.txt` is what a reviewer reads.

mod channel;
mod delegation;
mod directory;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod print;
mod rights;

pub use delegation::{DELEGATED_ADMIN, DELEGATED_SEE_BOUGHT_ELSEWHERE, NEW_SUBSCRIPTION, OWN_SEE_SUBSCRIPTIONS};

use crate::{ActionName, Plane};
use tenantry_core::{DirectoryRole, Role};

/// What a table says about an action and somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Allowed.
    Yes,
    /// Allowed in sandbox worlds.
    Sandbox,
    /// Allowed to the tenant's own people, not to a partner's that act in it.
    OwnPeople,
    /// Allowed in a partner's tenant.
    PartnerTenant,
    /// Of an application's right: allowed for a person, not to the application alone.
    WithUser,
    /// Not allowed.
    No,
}

/// Of whom the tables speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The provider: a person or an application that is Global Administrator of its tenant.
    Provider,
    /// Who holds the role of the channel, in its partner tenant.
    Holder(Role),
    /// Who holds the directory role in the tenant acted in.
    Administrator(DirectoryRole),
    /// A person of the tenant, with or without roles.
    Member,
}

/// Where the action happens, as far as the tables care.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// In a sandbox world.
    pub(crate) sandbox: bool,
    /// The caller acts in a partner's tenant.
    pub(crate) partner_tenant: bool,
    /// The caller is a person of the tenant acted in.
    pub(crate) own_people: bool,
}

/// What the table says.
pub(crate) fn mark(action: ActionName, subject: Subject) -> Mark {
    let found = match action.plane() {
        Plane::Channel => {
            let column = channel::SUBJECTS.iter().position(|known| *known == subject);
            let row = channel::POLICY.iter().find(|(name, _)| *name == action);
            row.zip(column).and_then(|((_, marks), column)| marks.get(column))
        }
        Plane::Directory => {
            let column = directory::COLUMNS.iter().position(|known| *known == action);
            let row = directory::POLICY.iter().find(|(known, _)| *known == subject);
            row.zip(column).and_then(|((_, marks), column)| marks.get(column))
        }
    };
    // An action or subject without a place in the table may nothing; tests show that there is none.
    found.copied().unwrap_or(Mark::No)
}

/// Whether the table allows it there.
pub(crate) fn allows(action: ActionName, subject: Subject, place: Place) -> bool {
    match mark(action, subject) {
        Mark::Yes => true,
        Mark::Sandbox => place.sandbox,
        Mark::OwnPeople => place.own_people,
        Mark::PartnerTenant => place.partner_tenant,
        Mark::WithUser | Mark::No => false,
    }
}

/// The roles that would do there: of the channel, or of the directory and its partner's agent groups; of the directory of
/// a customer for what is `billed` to it.
pub(crate) fn roles_for(action: ActionName, place: Place, billed: bool) -> Vec<Subject> {
    let channel = Role::ALL.map(Subject::Holder);
    let administrators = DirectoryRole::ALL.map(Subject::Administrator);
    let allowed = |subject: &Subject| allows(action, *subject, place);
    match action.plane() {
        Plane::Channel if billed => administrators.into_iter().filter(allowed).collect(),
        Plane::Channel => channel.into_iter().filter(allowed).collect(),
        Plane::Directory => {
            let agents = channel.into_iter().filter(|_| place.partner_tenant);
            administrators.into_iter().chain(agents).filter(allowed).collect()
        }
    }
}

/// The rights by which an application may do it there: delegated scopes with a person, application permissions without.
pub(crate) fn rights_for(action: ActionName, place: Place, with_user: bool) -> Vec<&'static str> {
    match (action.plane(), with_user) {
        (Plane::Channel, true) => vec![channel::SCOPE],
        (Plane::Channel, false) => Vec::new(),
        (Plane::Directory, _) => rights::allowing(action, place, with_user).collect(),
    }
}
