//! The answer about one action at one scope: every path that allows it, the locks in its way, and, if no path
//! allows, the nearest misses.

use super::map::Role;
use super::{ArmScope, Assignment, Lock, RoleDefinition, RoleKind};
use std::fmt;
use std::sync::Arc;
use tenantry_core::{ObjectId, Problem, Reason};

/// A question: may this caller do that, there?
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The caller itself first, then every group it is in, also through groups. A partner's person counts by its
    /// groups alone: the tenant does not know the person.
    pub principals: &'a [ObjectId],
    /// What: `Microsoft.Compute/virtualMachines/start/action`.
    pub action: &'a str,
    /// Where.
    pub scope: &'a ArmScope,
}

/// A role held by an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzurePath {
    /// The assignment.
    pub assignment: Arc<Assignment>,
    /// Its role.
    pub role: Arc<RoleDefinition>,
}

/// A role the caller holds and why it does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// It holds at the scope, but its own `notActions` take the action out: the pattern.
    Excepted(AzurePath, String),
    /// It holds at the scope and does not include the action.
    Silent(AzurePath),
    /// It would allow the action, but is held somewhere else.
    Elsewhere(AzurePath),
    /// A partner's group holds it at the scope and it would allow the action, but it counts for nothing: the partner
    /// has no relationship with the tenant now.
    Resting(AzurePath),
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed.
    Allowed,
    /// A role allows it, a lock forbids it.
    Locked,
    /// No role allows it.
    Denied,
}

/// The answer.
#[derive(Clone)]
pub struct AzureDecision {
    /// What was asked.
    pub action: String,
    /// Where.
    pub scope: ArmScope,
    /// The first of the principals; none if the question named nobody.
    pub principal: Option<ObjectId>,
    /// Every path that allows.
    pub paths: Vec<AzurePath>,
    /// Every lock that forbids it, whoever asks.
    pub locks: Vec<Arc<Lock>>,
    /// If no path allows: the nearest misses, those at the scope first. Not all there are.
    pub misses: Vec<Miss>,
    pub(super) roles: Arc<[Arc<Role>]>,
}

impl AzureDecision {
    /// The same with roles that would allow the action if their partners had a relationship with the tenant: the
    /// nearest misses of all. Nothing changes if the action has a path already.
    #[must_use]
    pub fn with_resting(mut self, resting: impl IntoIterator<Item = AzurePath>) -> Self {
        if self.paths.is_empty() {
            self.misses.splice(0..0, resting.into_iter().map(Miss::Resting));
        }
        self
    }

    /// The answer in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.paths.is_empty(), self.locks.is_empty()) {
            (true, _) => Verdict::Denied,
            (false, false) => Verdict::Locked,
            (false, true) => Verdict::Allowed,
        }
    }

    /// Whether it is allowed.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.verdict() == Verdict::Allowed
    }

    /// Turns everything but "allowed" into a refusal.
    ///
    /// # Errors
    /// `Forbidden` if no role allows it, `ScopeLocked` if a lock forbids it; both say what would do.
    pub fn require(&self) -> Result<(), Problem> {
        let mut told = self.clone();
        let reason = match self.verdict() {
            Verdict::Allowed => return Ok(()),
            Verdict::Locked => Reason::ScopeLocked,
            Verdict::Denied => {
                // Who holds no role learns nothing of the locks.
                told.locks.clear();
                Reason::Forbidden
            }
        };
        let explanation = crate::Explanation::from(&told);
        let mut message = format!("{} at {} is refused: {}", self.action, self.scope, explanation.reasons.join("; "));
        if !explanation.would.is_empty() {
            message.push_str("; what would do: ");
            message.push_str(&explanation.would.join("; or "));
        }
        Err(Problem::new(reason, message))
    }

    /// The roles that would allow the action if they were held at the scope. Those made for the purpose come first,
    /// those that allow everything last.
    #[must_use]
    pub fn roles_that_would_do(&self) -> Vec<Arc<RoleDefinition>> {
        let fitting = self.roles.iter().filter(|role| role.allows(&self.action));
        let mut fitting: Vec<_> = fitting.map(|role| Arc::clone(&role.definition)).collect();
        fitting.retain(|role| role.assignable_at(&self.scope));
        fitting.sort_by_key(|role| (breadth(role), role.kind == RoleKind::Custom, role.name.clone()));
        fitting
    }
}

/// How much a role allows, roughly: 0 for named things, 1 for everything of a kind anywhere, 2 for everything.
fn breadth(role: &RoleDefinition) -> u8 {
    let patterns = || role.permissions.iter().flat_map(|set| &set.actions);
    if patterns().any(|pattern| pattern == "*") {
        2
    } else {
        u8::from(patterns().any(|pattern| pattern.starts_with('*')))
    }
}

impl fmt::Debug for AzureDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, scope, principal, paths, locks, misses, roles: _ } = self;
        f.debug_struct("AzureDecision")
            .field("action", action)
            .field("scope", scope)
            .field("principal", principal)
            .field("paths", paths)
            .field("locks", locks)
            .field("misses", misses)
            .finish_non_exhaustive()
    }
}
