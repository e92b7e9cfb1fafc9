//! What a role may do: its definition as Azure writes it, and the same made ready for quick questions.

use super::{ArmScope, Pattern, ScopeKind};
use tenantry_core::Problem;
use uuid::Uuid;

/// Who made a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleKind {
    /// The platform; the same in every tenant.
    BuiltIn,
    /// The tenant.
    Custom,
}

impl RoleKind {
    /// The name on the wire: `BuiltInRole`, `CustomRole`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "BuiltInRole",
            Self::Custom => "CustomRole",
        }
    }
}

/// What a role allows and what it leaves out again. Patterns of actions, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermissionSet {
    /// Allowed.
    pub actions: Vec<String>,
    /// Taken out of `actions`. Not a prohibition: another role may still allow it.
    pub not_actions: Vec<String>,
    /// Allowed on the data inside resources.
    pub data_actions: Vec<String>,
    /// Taken out of `data_actions`.
    pub not_data_actions: Vec<String>,
}

/// A role: what it is called, what it may do, where it may be assigned. Source: arm.md 11.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDefinition {
    /// The same in every tenant for a built-in role.
    pub id: Uuid,
    /// The name people read and clients look up.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who made it.
    pub kind: RoleKind,
    /// Usually one.
    pub permissions: Vec<PermissionSet>,
    /// Where it may be assigned: there and below.
    pub assignable_scopes: Vec<ArmScope>,
}

/// The most patterns a custom role may have in one list.
const MOST_PATTERNS: usize = 1_000;

impl RoleDefinition {
    /// Whether it may be assigned at the scope.
    #[must_use]
    pub fn assignable_at(&self, scope: &ArmScope) -> bool {
        self.assignable_scopes.iter().any(|ancestor| ancestor.contains(scope))
    }

    /// Whether the role, wherever it is held, allows the action. To ask often, ask an [`super::AccessMap`].
    #[must_use]
    pub fn allows(&self, action: &str) -> bool {
        matches!(Rules::control(self).ask(action), Ruling::Granted)
    }

    /// Whether a tenant may define it so.
    ///
    /// # Errors
    /// `InvalidField` or `MissingField`, naming the field as the wire spells it.
    pub fn check(&self) -> Result<(), Problem> {
        if self.name.trim().is_empty() {
            return Err(Problem::missing("roleName"));
        }
        if self.name.chars().count() > 512 {
            return Err(Problem::invalid("roleName", "is longer than 512 characters; shorten it"));
        }
        if self.description.chars().count() > 2_048 {
            return Err(Problem::invalid("description", "is longer than 2048 characters; shorten it"));
        }
        if self.permissions.is_empty() {
            return Err(Problem::missing("permissions"));
        }
        for set in &self.permissions {
            check_patterns("permissions.actions", &set.actions)?;
            check_patterns("permissions.notActions", &set.not_actions)?;
            check_patterns("permissions.dataActions", &set.data_actions)?;
            check_patterns("permissions.notDataActions", &set.not_data_actions)?;
        }
        if self.assignable_scopes.is_empty() {
            return Err(Problem::missing("assignableScopes"));
        }
        let root = self.assignable_scopes.iter().any(|scope| scope.kind() == ScopeKind::Root);
        if root && self.kind == RoleKind::Custom {
            let message = "`/` is for built-in roles; name subscriptions or resource groups";
            return Err(Problem::invalid("assignableScopes", message));
        }
        Ok(())
    }
}

fn check_patterns(field: &str, patterns: &[String]) -> Result<(), Problem> {
    if patterns.len() > MOST_PATTERNS {
        return Err(Problem::invalid(field, format!("has {} entries; at most {MOST_PATTERNS}", patterns.len())));
    }
    let good = |pattern: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '*');
        !pattern.is_empty() && pattern.len() <= 512 && pattern.chars().all(plain)
    };
    match patterns.iter().find(|pattern| !good(pattern)) {
        Some(bad) => {
            let seen: String = bad.chars().take(80).collect();
            let example = "Microsoft.Compute/virtualMachines/start/action or */read";
            Err(Problem::invalid(field, format!("`{seen}` is not an action; write it like {example}")))
        }
        None => Ok(()),
    }
}

/// A role's patterns, made ready: those of the management of resources, or those of their data.
#[derive(Debug)]
pub(super) struct Rules {
    allow: Vec<Pattern>,
    except: Vec<Pattern>,
}

/// What a role says about an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ruling {
    /// It allows it.
    Granted,
    /// It would allow it, but one of its own exceptions takes it out: the place of that exception in the role.
    Excepted(usize),
    /// It does not speak of it.
    Silent,
}

impl Rules {
    pub(super) fn control(role: &RoleDefinition) -> Self {
        Self::of(role, |set| (&set.actions, &set.not_actions))
    }

    pub(super) fn data(role: &RoleDefinition) -> Self {
        Self::of(role, |set| (&set.data_actions, &set.not_data_actions))
    }

    fn of(role: &RoleDefinition, lists: impl Fn(&PermissionSet) -> (&Vec<String>, &Vec<String>)) -> Self {
        let mut rules = Self { allow: Vec::new(), except: Vec::new() };
        for set in &role.permissions {
            let (allow, except) = lists(set);
            rules.allow.extend(allow.iter().map(|text| Pattern::new(text)));
            rules.except.extend(except.iter().map(|text| Pattern::new(text)));
        }
        rules
    }

    pub(super) fn ask(&self, action: &str) -> Ruling {
        if !self.allow.iter().any(|pattern| pattern.matches(action)) {
            return Ruling::Silent;
        }
        self.except.iter().position(|pattern| pattern.matches(action)).map_or(Ruling::Granted, Ruling::Excepted)
    }

    /// Whether it allows nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.allow.is_empty()
    }
}

/// The exception at a place, as written.
pub(super) fn exception(role: &RoleDefinition, at: usize, data: bool) -> Option<&str> {
    let lists = role.permissions.iter().map(|set| if data { &set.not_data_actions } else { &set.not_actions });
    lists.flatten().nth(at).map(String::as_str)
}
