//! All of a tenant's Azure roles, assignments and locks, arranged so that a question is answered at once.
//!
//! Assignments lie in one list, sorted by principal and then by scope; a question looks at the few scopes above its
//! own, for each of the caller's principals. Nothing is allocated but the answer. The map is built anew when access
//! changes (`tenantry_db::Db::access_epoch`), not edited: a question never meets a half-changed world.

use super::definition::{Rules, Ruling, exception};
use super::scope::DEEPEST;
use super::{ArmScope, Asker, Assignment, AzureDecision, AzurePath, Lock, Miss, RoleDefinition};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;
use tenantry_core::{ObjectId, SubscriptionId};
use uuid::Uuid;

/// A role with its patterns made ready.
pub(super) struct Role {
    pub(super) definition: Arc<RoleDefinition>,
    control: Rules,
    data: Rules,
}

impl Role {
    fn new(definition: RoleDefinition) -> Self {
        let (control, data) = (Rules::control(&definition), Rules::data(&definition));
        Self { definition: Arc::new(definition), control, data }
    }

    /// Whether it allows the action on resources, wherever it is held.
    pub(super) fn allows(&self, action: &str) -> bool {
        self.control.ask(action) == Ruling::Granted
    }
}

/// An assignment with its role, and its scope as a number.
struct Held {
    scope: usize,
    role: Arc<Role>,
    assignment: Arc<Assignment>,
}

impl Held {
    fn ask(&self, action: &str, of: Of) -> Ruling {
        match of {
            Of::Resources => self.role.control.ask(action),
            Of::Data => self.role.data.ask(action),
        }
    }

    fn path(&self) -> AzurePath {
        AzurePath { assignment: Arc::clone(&self.assignment), role: Arc::clone(&self.role.definition) }
    }
}

/// Which of a role's rules a question is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Resources,
    Data,
}

/// How many roles that reach the scope and do not do are told.
const MISSES_TOLD: usize = 8;
/// How many of a caller's assignments elsewhere are looked at to find near misses, and how many are told.
const ELSEWHERE_SEEN: usize = 64;
const ELSEWHERE_TOLD: usize = 3;

/// The scopes at or above a question that somebody holds something at, by number, the root first.
struct Above {
    found: [usize; DEEPEST],
    count: usize,
}

/// The subscriptions a caller may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisibleSubscriptions {
    /// All of the tenant: a role is held at the root.
    All,
    /// These. A role on one resource is enough to see the subscription it lies in.
    These(BTreeSet<SubscriptionId>),
}

impl VisibleSubscriptions {
    /// Whether the subscription is among them.
    #[must_use]
    pub fn contains(&self, subscription: SubscriptionId) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.contains(&subscription),
        }
    }
}

/// Who may do what on the Azure resources of one tenant.
pub struct AccessMap {
    roles: Arc<[Arc<Role>]>,
    scopes: HashMap<String, usize>,
    principals: HashMap<ObjectId, Range<usize>>,
    held: Vec<Held>,
    locks: BTreeMap<String, Vec<Arc<Lock>>>,
}

impl AccessMap {
    /// Arranges a tenant's roles (the built-in ones among them), assignments and locks. An assignment of a role that
    /// is not among the definitions gives nothing.
    #[must_use]
    pub fn build(
        definitions: impl IntoIterator<Item = RoleDefinition>,
        assignments: impl IntoIterator<Item = Assignment>,
        locks: impl IntoIterator<Item = Lock>,
    ) -> Self {
        let roles: Arc<[Arc<Role>]> = definitions.into_iter().map(|role| Arc::new(Role::new(role))).collect();
        let by_id: HashMap<Uuid, &Arc<Role>> = roles.iter().map(|role| (role.definition.id, role)).collect();
        let mut scopes: HashMap<String, usize> = HashMap::new();
        let mut held = Vec::new();
        for assignment in assignments {
            let Some(role) = by_id.get(&assignment.role) else { continue };
            let next = scopes.len();
            let scope = *scopes.entry(assignment.scope.key().to_owned()).or_insert(next);
            held.push(Held { scope, role: Arc::clone(role), assignment: Arc::new(assignment) });
        }
        held.sort_by_key(|it| (it.assignment.principal, it.scope, it.assignment.id));
        let mut principals: HashMap<ObjectId, Range<usize>> = HashMap::new();
        for (at, it) in held.iter().enumerate() {
            principals.entry(it.assignment.principal).or_insert(at..at).end = at + 1;
        }
        let mut by_scope: BTreeMap<String, Vec<Arc<Lock>>> = BTreeMap::new();
        for lock in locks {
            by_scope.entry(lock.scope.key().to_owned()).or_default().push(Arc::new(lock));
        }
        Self { roles, scopes, principals, held, locks: by_scope }
    }

    /// Answers about an action on resources: every path that allows, the locks in the way, or the nearest misses.
    #[must_use]
    pub fn decide(&self, asker: &Asker<'_>) -> AzureDecision {
        self.answer(asker, Of::Resources)
    }

    /// Answers about an action on the data inside a resource (`dataActions`). Locks do not reach there.
    #[must_use]
    pub fn decide_data(&self, asker: &Asker<'_>) -> AzureDecision {
        self.answer(asker, Of::Data)
    }

    /// Just yes or no, for lists of many things.
    #[must_use]
    pub fn allows(&self, asker: &Asker<'_>) -> bool {
        let above = self.above(asker.scope);
        let granted = |held: &Held| held.ask(asker.action, Of::Resources) == Ruling::Granted;
        self.reaching(asker.principals, &above).any(granted) && self.locks(asker.action, asker.scope).next().is_none()
    }

    /// The roles the caller holds at the scope, its own and those inherited, whatever they allow (arm.md 11.3,
    /// `permissions`).
    #[must_use]
    pub fn held_at(&self, principals: &[ObjectId], scope: &ArmScope) -> Vec<AzurePath> {
        let above = self.above(scope);
        self.reaching(principals, &above).map(Held::path).collect()
    }

    /// The subscriptions the caller may know of: those in which it holds any role that allows anything.
    #[must_use]
    pub fn visible_subscriptions(&self, principals: &[ObjectId]) -> VisibleSubscriptions {
        let mut these = BTreeSet::new();
        for held in principals.iter().flat_map(|principal| self.of(*principal)) {
            if held.role.control.is_empty() {
                continue;
            }
            match held.assignment.scope.subscription_id() {
                Some(subscription) => {
                    these.insert(subscription);
                }
                None if held.assignment.scope == ArmScope::root() => return VisibleSubscriptions::All,
                None => {}
            }
        }
        VisibleSubscriptions::These(these)
    }

    fn answer(&self, asker: &Asker<'_>, of: Of) -> AzureDecision {
        let above = self.above(asker.scope);
        let (mut paths, mut useless) = (Vec::new(), Vec::new());
        for held in self.reaching(asker.principals, &above) {
            match held.ask(asker.action, of) {
                Ruling::Granted => paths.push(held.path()),
                ruling if paths.is_empty() && useless.len() < MISSES_TOLD => useless.push((held, ruling)),
                Ruling::Excepted(_) | Ruling::Silent => {}
            }
        }
        let misses = if paths.is_empty() { self.misses(asker, useless, of) } else { Vec::new() };
        let locks = match of {
            Of::Resources => self.locks(asker.action, asker.scope).cloned().collect(),
            Of::Data => Vec::new(),
        };
        AzureDecision {
            action: asker.action.to_owned(),
            scope: asker.scope.clone(),
            principal: asker.principals.first().copied(),
            paths,
            locks,
            misses,
            roles: Arc::clone(&self.roles),
        }
    }

    /// What the caller holds that does not do, and why: first what reaches the scope, then what lies elsewhere.
    fn misses(&self, asker: &Asker<'_>, here: Vec<(&Held, Ruling)>, of: Of) -> Vec<Miss> {
        let here = here.into_iter().map(|(held, ruling)| {
            let path = held.path();
            match ruling {
                Ruling::Excepted(at) => {
                    let pattern = exception(&path.role, at, of == Of::Data).unwrap_or_default().to_owned();
                    Miss::Excepted(path, pattern)
                }
                Ruling::Granted | Ruling::Silent => Miss::Silent(path),
            }
        });
        let mut misses: Vec<Miss> = here.collect();
        // A caller holds few different roles, however many assignments: each is asked once.
        let mut asked: Vec<(Uuid, Ruling)> = Vec::new();
        let elsewhere = asker
            .principals
            .iter()
            .flat_map(|principal| self.of(*principal))
            .take(ELSEWHERE_SEEN)
            .filter(|held| !held.assignment.scope.contains(asker.scope))
            .filter(|held| {
                let role = held.role.definition.id;
                let known = asked.iter().find(|(known, _)| *known == role).map(|(_, ruling)| *ruling);
                let ruling = known.unwrap_or_else(|| held.ask(asker.action, of));
                if known.is_none() {
                    asked.push((role, ruling));
                }
                ruling == Ruling::Granted
            });
        let elsewhere: Vec<&Held> = elsewhere.take(ELSEWHERE_TOLD).collect();
        misses.extend(elsewhere.into_iter().map(|held| Miss::Elsewhere(held.path())));
        misses
    }

    /// The scopes at or above this one at which anybody holds anything.
    fn above(&self, scope: &ArmScope) -> Above {
        let mut above = Above { found: [0; DEEPEST], count: 0 };
        let known = scope.keys().filter_map(|key| self.scopes.get(key));
        for (slot, found) in above.found.iter_mut().zip(known) {
            *slot = *found;
            above.count += 1;
        }
        above
    }

    /// Everything a principal holds, anywhere.
    fn of(&self, principal: ObjectId) -> &[Held] {
        let range = self.principals.get(&principal).cloned();
        range.and_then(|range| self.held.get(range)).unwrap_or_default()
    }

    /// Everything the principals hold at the given scopes.
    fn reaching<'a>(&'a self, principals: &'a [ObjectId], above: &'a Above) -> impl Iterator<Item = &'a Held> {
        let scopes = above.found.get(..above.count).unwrap_or_default();
        principals.iter().flat_map(move |principal| {
            let mine = self.of(*principal);
            scopes.iter().flat_map(move |scope| {
                let begin = mine.partition_point(|held| held.scope < *scope);
                mine.iter().skip(begin).take_while(move |held| held.scope == *scope)
            })
        })
    }

    /// The locks that forbid the action: at the scope, above it, and, if the thing itself is to be deleted, in it.
    fn locks<'a>(&'a self, action: &'a str, scope: &'a ArmScope) -> impl Iterator<Item = &'a Arc<Lock>> {
        let at_or_above = scope.keys().filter(|_| !self.locks.is_empty()).filter_map(|key| self.locks.get(key));
        let inside = (!self.locks.is_empty() && scope.is_deleted_by(action)).then(|| {
            // '0' follows '/': everything that begins with the scope and a slash.
            let (from, to) = (format!("{}/", scope.key()), format!("{}0", scope.key()));
            self.locks.range(from..to).map(|(_, locks)| locks)
        });
        at_or_above.chain(inside.into_iter().flatten()).flatten().filter(|lock| lock.level.forbids(action))
    }
}
