//! Azure roles: who may do what on resources. A pure engine; the rows it works on are `directory`'s.
//!
//! A role is a list of patterns of actions. An assignment gives it to a principal at a scope, and it holds there
//! and in everything below. What a role leaves out (`notActions`) it leaves out of itself only: another role may
//! still allow it. Nothing an assignment says can forbid; locks can, and they forbid everybody. Source: arm.md 10, 11.

mod assignment;
mod built_in;
mod decision;
mod definition;
#[cfg(test)]
mod laws;
mod lock;
mod map;
mod pattern;
mod scope;
#[cfg(test)]
mod speed;

pub use assignment::{Assignment, PrincipalKind};
pub use built_in::{BUILT_IN, CONTRIBUTOR, OWNER, READER, USER_ACCESS_ADMINISTRATOR};
pub use decision::{Asker, AzureDecision, AzurePath, Miss, Verdict};
pub use definition::{PermissionSet, RoleDefinition, RoleKind};
pub use lock::{Lock, LockLevel};
pub use map::{AccessMap, VisibleSubscriptions};
pub use pattern::Pattern;
pub use scope::{ArmScope, ScopeKind};
