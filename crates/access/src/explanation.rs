//! An answer for people: whether, why, and what would change it. Made from the decision itself, so what is shown
//! is what was decided.

use crate::azure::{AzureDecision, AzurePath, Miss, PrincipalKind, Verdict};
use crate::{Decision, Grant};
use std::collections::BTreeSet;
use tenantry_core::{ObjectId, TenantId};

/// An answer in plain sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Every path that allows: role, scope, relationship, expiry.
    pub paths: Vec<String>,
    /// If it is refused: why.
    pub reasons: Vec<String>,
    /// If it is refused: what would do, each by itself.
    pub would: Vec<String>,
}

/// Names for the ids in a decision. Who knows them lends them; an id nobody names is shown as it is.
pub trait Names {
    /// What a person would call the principal: a user name, a group's name.
    fn principal(&self, _id: ObjectId) -> Option<String> {
        None
    }

    /// By what relationship a partner's foreign group counts in the tenant, and until when, to follow "it counts":
    /// "by delegated administration (DAP) of Contoso, until either side ends it".
    fn relationship(&self, _partner: TenantId) -> Option<String> {
        None
    }

    /// What a person would call the partner.
    fn partner(&self, _partner: TenantId) -> Option<String> {
        None
    }
}

/// No names: ids only.
#[derive(Debug, Clone, Copy)]
pub struct NoNames;

impl Names for NoNames {}

impl From<&Decision> for Explanation {
    fn from(decision: &Decision) -> Self {
        let refused = |reason: &Decision, would: &str| Self {
            reasons: vec![reason.to_string()],
            would: vec![would.to_owned()],
            ..Self::default()
        };
        match decision {
            Decision::Allowed(grants) => {
                Self { allowed: true, paths: grants.iter().map(Grant::to_string).collect(), ..Self::default() }
            }
            Decision::SignInNeeded => refused(decision, "sign in"),
            Decision::Hidden => refused(decision, "act in the tenant it belongs to, or as the partner it belongs to"),
            Decision::Denied(denial) => Self { reasons: denial.reasons(), would: denial.would(), ..Self::default() },
        }
    }
}

impl From<&AzureDecision> for Explanation {
    fn from(decision: &AzureDecision) -> Self {
        Self::of_azure(decision, &NoNames)
    }
}

impl Explanation {
    /// Explains an answer of the Azure engine, with names for ids.
    #[must_use]
    pub fn of_azure(decision: &AzureDecision, names: &dyn Names) -> Self {
        let paths = decision.paths.iter().map(|path| allowing(decision, path, names)).collect();
        match decision.verdict() {
            Verdict::Allowed => Self { allowed: true, paths, ..Self::default() },
            Verdict::Locked => {
                Self { allowed: false, paths, reasons: locks(decision), would: vec![unlocking(decision)] }
            }
            Verdict::Denied => {
                let mut reasons = missing(decision, names);
                reasons.extend(locks(decision));
                Self { allowed: false, paths, reasons, would: granting(decision, names) }
            }
        }
    }
}

/// The role, where it is held, by whom, by what relationship, until when.
fn allowing(decision: &AzureDecision, path: &AzurePath, names: &dyn Names) -> String {
    let AzurePath { assignment, role } = path;
    let name = || names.principal(assignment.principal).unwrap_or_else(|| assignment.principal.to_string());
    let whom = match (assignment.kind, assignment.home) {
        (PrincipalKind::User | PrincipalKind::ServicePrincipal, _) => "to the caller itself, without expiry".to_owned(),
        (PrincipalKind::ForeignGroup, Some(home)) => {
            let relationship = names.relationship(home).unwrap_or_else(|| {
                format!("while partner {home} has delegated administration of the tenant or sells to it")
            });
            format!("to the partner's group {}, which the caller is in; it counts {relationship}", name())
        }
        (PrincipalKind::ForeignGroup | PrincipalKind::Group, _) => {
            format!("to the group {}, which the caller is in, without expiry", name())
        }
    };
    let inherited = if assignment.scope == decision.scope { "" } else { "; it holds in everything below" };
    format!("the role {} at {}, assigned {whom}{inherited}", role.name, assignment.scope)
}

fn missing(decision: &AzureDecision, names: &dyn Names) -> Vec<String> {
    let action = &decision.action;
    let name = |path: &AzurePath| {
        let id = path.assignment.principal;
        names.principal(id).unwrap_or_else(|| id.to_string())
    };
    let held = |path: &AzurePath| format!("the role {}, held at {},", path.role.name, path.assignment.scope);
    let reason = |miss: &Miss| match miss {
        Miss::Excepted(path, pattern) => {
            format!("{} leaves {action} out: its notActions have {pattern}", held(path))
        }
        Miss::Silent(path) => format!("{} does not include {action}", held(path)),
        Miss::Elsewhere(path) => format!("{} would allow it, but reaches only what is there and below", held(path)),
        Miss::Resting(path) => format!(
            "the partner's group {}, which the caller is in, holds the role {} at {}, but counts for nothing there without \
             delegated administration (DAP) of the tenant or an active granular relationship (GDAP) with it",
            name(path),
            path.role.name,
            path.assignment.scope
        ),
    };
    let mut reasons: Vec<String> = decision.misses.iter().map(reason).collect();
    if decision.misses.iter().all(|miss| matches!(miss, Miss::Elsewhere(_))) {
        reasons.insert(0, "the caller holds no role at the scope or above".to_owned());
    }
    reasons
}

/// How many roles that would do are named: enough to choose from, few enough to read.
const ROLES_TOLD: usize = 4;

fn granting(decision: &AzureDecision, names: &dyn Names) -> Vec<String> {
    let mut would = relating(decision, names);
    if would.is_empty() {
        let roles = decision.roles_that_would_do();
        let told = roles.iter().take(ROLES_TOLD);
        would.extend(told.map(|role| format!("the role {} at the scope or above", role.name)));
    }
    if would.is_empty() {
        would.push(format!("a custom role with the action {} at the scope or above", decision.action));
    }
    if !decision.locks.is_empty() {
        let unlocked = unlocking(decision);
        would.iter_mut().for_each(|role| *role = format!("{role}, and {unlocked}"));
    }
    would
}

/// The relationships that would make a role count which is there already. To assign it again would not do.
fn relating(decision: &AzureDecision, names: &dyn Names) -> Vec<String> {
    let partners: BTreeSet<TenantId> = decision
        .misses
        .iter()
        .filter_map(|miss| match miss {
            Miss::Resting(path) => path.assignment.home,
            Miss::Excepted(..) | Miss::Silent(_) | Miss::Elsewhere(_) => None,
        })
        .collect();
    let both = partners.into_iter().flat_map(|partner| {
        let partner = names.partner(partner).unwrap_or_else(|| format!("partner {partner}"));
        [
            format!("delegated administration (DAP) of the tenant by {partner}"),
            format!("an active granular relationship (GDAP) of {partner} with the tenant"),
        ]
    });
    both.collect()
}

fn locks(decision: &AzureDecision) -> Vec<String> {
    let lock = |lock: &crate::azure::Lock| {
        format!("the lock {} ({}) at {} forbids it to everybody", lock.name, lock.level.name(), lock.scope)
    };
    decision.locks.iter().map(|it| lock(it)).collect()
}

fn unlocking(decision: &AzureDecision) -> String {
    let names: Vec<&str> = decision.locks.iter().map(|lock| lock.name.as_str()).collect();
    let word = if names.len() == 1 { "lock" } else { "locks" };
    format!("the {word} {} removed", names.join(" and "))
}
