//! A request: what one side asked of a relationship, kept so that both can see who wanted what and when.
//!
//! Source: directory.md 3.4 (Request).

use crate::relationships::RelationshipAction;
use crate::relationships::relationship::named;
use tenantry_core::Timestamp;
use uuid::Uuid;

/// What was asked of a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipRequest {
    /// Its id.
    pub id: Uuid,
    /// The relationship.
    pub relationship: String,
    /// What was asked.
    pub action: RelationshipAction,
    /// What became of it.
    pub status: RequestStatus,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When its status last changed.
    pub changed_at: Timestamp,
}

named! {
    /// What became of a request. Ours is done when it is answered, so only `succeeded` is kept; one that is refused is
    /// an error and no request.
    RequestStatus {
        /// Taken down.
        Created = "created",
        /// Under way.
        Pending = "pending",
        /// Done.
        Succeeded = "succeeded",
        /// Not done.
        Failed = "failed",
    }
}
