//! Access assignments: which group of the partner holds which of a relationship's roles. Without one, a relationship
//! gives nobody anything.
//!
//! Source: directory.md 3.4 (accessAssignment, operation).

use crate::relationships::relationship::named;
use tenantry_core::{DirectoryRole, ObjectId, Timestamp};
use uuid::Uuid;

/// Some roles of a relationship, held by a group of the partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessAssignment {
    /// Its id.
    pub id: Uuid,
    /// The relationship.
    pub relationship: String,
    /// The security group in the partner's tenant.
    pub group: ObjectId,
    /// The roles its members have in the customer's tenant.
    pub roles: Vec<DirectoryRole>,
    /// Where it stands.
    pub status: AccessStatus,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Counts the changes; what an `ETag` shows.
    pub version: i64,
}

named! {
    /// Where an access assignment stands. Ours takes effect at once, so `active` and `deleted` are what is kept.
    AccessStatus {
        /// Takes effect.
        Pending = "pending",
        /// In effect.
        Active = "active",
        /// Goes.
        Deleting = "deleting",
        /// Gone; kept to be seen.
        Deleted = "deleted",
        /// Could not be made.
        Error = "error",
    }
}

/// What a client waits for after a change. Ours is done when it can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipOperation {
    /// Its id.
    pub id: Uuid,
    /// The relationship.
    pub relationship: String,
    /// What was changed, as JSON text.
    pub data: String,
    /// How far it is.
    pub status: OperationStatus,
    /// When it began.
    pub created_at: Timestamp,
    /// When its status last changed.
    pub changed_at: Timestamp,
}

impl RelationshipOperation {
    /// The only kind there is.
    pub const KIND: &'static str = "delegatedAdminAccessAssignmentUpdate";
}

named! {
    /// How far an operation is.
    OperationStatus {
        /// Waits.
        NotStarted = "notStarted",
        /// Under way.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Not done.
        Failed = "failed",
    }
}
