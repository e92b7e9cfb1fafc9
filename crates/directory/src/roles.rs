//! Where a role lives: as membership of an agent group, or as a directory role with a template id that tokens
//! carry in `wids`.
//!
//! Source: DESIGN section 8; directory.md part 4 (groups) and 3.4 (template ids).

use tenantry_core::Role;

/// The place of a role in a partner tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A security group of this name.
    Group(&'static str),
    /// A directory role of this name and template id.
    DirectoryRole(&'static str, &'static str),
}

/// Where the role lives.
pub(crate) const fn place(role: Role) -> Place {
    match role {
        Role::AdminAgent | Role::SalesAgent | Role::HelpdeskAgent => Place::Group(role.name()),
        Role::GlobalAdmin => Place::DirectoryRole(role.name(), "62e90394-69f5-4237-9190-012177145e10"),
        Role::UserAdmin => Place::DirectoryRole(role.name(), "fe930be7-5e62-47db-91af-98c3a49a38b1"),
        Role::BillingAdmin => Place::DirectoryRole(role.name(), "b0f54661-2d74-4c50-afa3-1ec803f12efe"),
    }
}

/// The template ids of those roles that have one.
pub(crate) fn templates<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Vec<&'static str> {
    let template = |role: &Role| match place(*role) {
        Place::Group(_) => None,
        Place::DirectoryRole(_, template) => Some(template),
    };
    roles.into_iter().filter_map(template).collect()
}
