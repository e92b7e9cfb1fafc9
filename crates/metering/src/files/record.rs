//! What all usage files say, whatever their shape.

use tenantry_core::{MeterId, Quantity, ResourceUri, Timestamp};

/// One record of a usage file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// The file's own name for the record, if it has one. Not unique: see [`super::EventIds`].
    pub id: Option<String>,
    /// When the usage began.
    pub start: Timestamp,
    /// When it ended; some files say the last second, others the first instant after.
    pub end: Option<Timestamp>,
    /// What was measured.
    pub meter: MeterId,
    /// How much, exactly as written; may be negative.
    pub quantity: Quantity,
    /// Of which resource, as written: an ARM id, the project name of a classic service, or empty.
    pub resource: ResourceUri,
    /// Where, as written; may be empty.
    pub region: String,
    /// Tags of the resource: JSON text, or empty.
    pub tags: String,
    /// What else the service says about the resource: JSON text, or empty.
    pub additional_info: String,
    /// The meter's name at that time, for people to read; may be empty.
    pub meter_name: String,
    /// The meter's unit at that time, for people to read; may be empty.
    pub unit: String,
    /// Whose usage the file says it is, as written; empty where it does not say. Who imports it decides.
    pub subscription: String,
}
