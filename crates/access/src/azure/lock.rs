//! Locks: they keep things from being deleted or changed, whoever asks. Source: arm.md 10.

use super::ArmScope;

/// What a lock forbids, at its scope and in everything below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockLevel {
    /// Deleting.
    CanNotDelete,
    /// Deleting, writing, and every act by POST (starting a machine, listing keys).
    ReadOnly,
}

impl LockLevel {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CanNotDelete => "CanNotDelete",
            Self::ReadOnly => "ReadOnly",
        }
    }

    /// The level of a name, in any letter case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::CanNotDelete, Self::ReadOnly].into_iter().find(|level| level.name().eq_ignore_ascii_case(name))
    }

    /// Whether it forbids the action. Acts on locks are free of locks: else nobody could ever take one away.
    #[must_use]
    pub fn forbids(self, action: &str) -> bool {
        const LOCKS: &str = "Microsoft.Authorization/locks/";
        if action.get(..LOCKS.len()).is_some_and(|start| start.eq_ignore_ascii_case(LOCKS)) {
            return false;
        }
        let verb = action.rsplit('/').next().unwrap_or_default();
        if verb.eq_ignore_ascii_case("read") {
            return false;
        }
        self == Self::ReadOnly || verb.eq_ignore_ascii_case("delete")
    }
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Where.
    pub scope: ArmScope,
    /// Its name at the scope.
    pub name: String,
    /// What it forbids.
    pub level: LockLevel,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_forbid_by_the_verb_of_the_action() {
        for (action, can_not_delete, read_only) in [
            ("Microsoft.Compute/virtualMachines/read", false, false),
            ("Microsoft.Compute/virtualMachines/write", false, true),
            ("Microsoft.Compute/virtualMachines/start/action", false, true),
            ("Microsoft.Storage/storageAccounts/listKeys/action", false, true),
            ("Microsoft.Compute/virtualMachines/DELETE", true, true),
            ("Microsoft.Authorization/roleAssignments/delete", true, true),
            ("microsoft.authorization/locks/delete", false, false),
            ("Microsoft.Authorization/locks/write", false, false),
        ] {
            assert_eq!(LockLevel::CanNotDelete.forbids(action), can_not_delete, "{action}");
            assert_eq!(LockLevel::ReadOnly.forbids(action), read_only, "{action}");
        }
    }
}
