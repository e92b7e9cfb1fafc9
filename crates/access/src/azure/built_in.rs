//! The roles every tenant has, with the ids every client knows.
//!
//! Where our reference (arm.md 11.5) lists a role's actions, these are they; where it gives only the id, or is
//! unsure, they are the newest recorded answer of the field (January 2021); `tests/recorded_roles.rs` compares.
//! A role's actions are never guessed: one we knew only by id would have none and so give nothing.

mod general;
mod services;
mod sql;

use super::{ArmScope, PermissionSet, RoleDefinition, RoleKind};
use std::sync::LazyLock;
use uuid::{Uuid, uuid};

/// Everything, also saying who holds which role.
pub const OWNER: Uuid = uuid!("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
/// Everything but saying who holds which role.
pub const CONTRIBUTOR: Uuid = uuid!("b24988ac-6180-42a0-ab88-20f7382dd24c");
/// Sees everything.
pub const READER: Uuid = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");
/// Says who holds which role.
pub const USER_ACCESS_ADMINISTRATOR: Uuid = uuid!("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9");

/// A role as this file writes it: patterns of actions, one a line.
struct BuiltIn {
    id: Uuid,
    name: &'static str,
    description: &'static str,
    actions: &'static str,
    not_actions: &'static str,
    data_actions: &'static str,
}

impl From<&BuiltIn> for RoleDefinition {
    fn from(role: &BuiltIn) -> Self {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Self {
            id: role.id,
            name: role.name.to_owned(),
            description: role.description.to_owned(),
            kind: RoleKind::BuiltIn,
            permissions: vec![PermissionSet {
                actions: list(role.actions),
                not_actions: list(role.not_actions),
                data_actions: list(role.data_actions),
                not_data_actions: Vec::new(),
            }],
            assignable_scopes: vec![ArmScope::root()],
        }
    }
}

/// The roles every tenant has. Source: arm.md 11.5.
pub static BUILT_IN: LazyLock<Vec<RoleDefinition>> = LazyLock::new(|| {
    let all = general::ROLES.iter().chain(&services::ROLES).chain(&sql::ROLES);
    all.map(RoleDefinition::from).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_and_names_are_there_once_and_every_role_is_well_formed() {
        let ids: BTreeSet<Uuid> = BUILT_IN.iter().map(|role| role.id).collect();
        let names: BTreeSet<String> = BUILT_IN.iter().map(|role| role.name.to_lowercase()).collect();
        assert_eq!((ids.len(), names.len()), (BUILT_IN.len(), BUILT_IN.len()));
        for role in BUILT_IN.iter() {
            role.check().unwrap();
        }
    }

    #[test]
    fn the_roles_called_by_name_in_code_are_the_right_ones() {
        for (id, name) in [
            (OWNER, "Owner"),
            (CONTRIBUTOR, "Contributor"),
            (READER, "Reader"),
            (USER_ACCESS_ADMINISTRATOR, "User Access Administrator"),
        ] {
            assert_eq!(BUILT_IN.iter().find(|role| role.id == id).map(|role| role.name.as_str()), Some(name));
        }
    }
}
