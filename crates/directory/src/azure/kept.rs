//! What is kept of Azure roles beyond what the engine needs: who wrote it down and when, and what clients want to read
//! back.

use tenantry_access::azure::{Assignment, Lock, RoleDefinition};
use tenantry_core::{ObjectId, Timestamp};

/// Who wrote something down, and when. Nobody's id stands there if it was the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When it was created.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<ObjectId>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Option<ObjectId>,
}

/// A role of a tenant. Source: arm.md 11.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureRole {
    /// What it may do and where it may be assigned.
    pub definition: RoleDefinition,
    /// Of a custom role.
    pub stamp: Option<Stamp>,
}

/// A role assignment. Source: arm.md 11.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureAssignment {
    /// Who has which role where.
    pub assignment: Assignment,
    /// What the one who made it said about it.
    pub notes: AssignmentNotes,
    /// Who made it.
    pub stamp: Stamp,
}

/// What clients may say about an assignment. It is kept and shown; conditions are not evaluated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssignmentNotes {
    /// For people.
    pub description: Option<String>,
    /// A condition.
    pub condition: Option<String>,
    /// The version of the condition's language.
    pub condition_version: Option<String>,
}

/// A lock. Source: arm.md 10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureLock {
    /// Where, its name, and what it forbids.
    pub lock: Lock,
    /// For people; at most 512 characters.
    pub notes: String,
    /// Application ids, as the client wrote them.
    pub owners: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}
