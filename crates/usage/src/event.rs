//! One measured fact.

use serde::{Deserialize, Serialize};
use tenantry_core::{MeterId, Quantity, ResourceUri, SubscriptionId, TenantId, Timestamp};

/// A usage event, as accepted. `(source, id)` names it for ever, within the namespace of its reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The partner that reported it; `None` for the platform and the provider. Each has names of its own, so
    /// nobody can take, block or see another's.
    pub reporter: Option<TenantId>,
    /// Who measured. Ids are unique within a source.
    pub source: String,
    /// The source's name for this fact.
    pub id: String,
    /// When the usage began; decides hour, day, month and price.
    pub at: Timestamp,
    /// Which subscription used it.
    pub subscription: SubscriptionId,
    /// What was measured.
    pub meter: MeterId,
    /// Of which resource, as sent; compared without case.
    pub resource: ResourceUri,
    /// Where, as sent; may be empty.
    pub region: String,
    /// How much, in units of the meter. Below zero only in corrections.
    pub quantity: Quantity,
    /// The event of the same source that this one corrects.
    pub corrects: Option<String>,
    /// Tags of the resource, JSON text kept verbatim; empty for none.
    pub tags: String,
    /// Anything else the source says, JSON text kept verbatim; empty for none.
    pub additional_info: String,
}
