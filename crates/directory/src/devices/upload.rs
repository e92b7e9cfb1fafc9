//! What became of an upload, device by device: the trouble of one is not that of the others.

use tenantry_core::Timestamp;
use uuid::Uuid;

/// How an upload ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStatus {
    /// Everything was done.
    Finished,
    /// Some of it was refused.
    FinishedWithErrors,
}

impl UploadStatus {
    /// The stored name, which is the field's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::FinishedWithErrors => "finished_with_errors",
        }
    }

    /// The status of a stored name.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let known = [Self::Finished, Self::FinishedWithErrors].into_iter().find(|status| status.name() == name);
        known.ok_or_else(|| format!("`{name}` is no status of uploads"))
    }

    /// That of these outcomes.
    pub(super) fn of(outcomes: &[DeviceOutcome]) -> Self {
        if outcomes.iter().any(|outcome| outcome.refusal.is_some()) { Self::FinishedWithErrors } else { Self::Finished }
    }
}

/// Why one device of an upload was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceRefusal {
    /// The machine is another customer's, or another partner brought it in.
    AssignedElsewhere,
    /// The machine is there already.
    AssignedAlready,
    /// What was sent does not say which machine it is; with what to send.
    NotIdentified(String),
    /// There is no such device of the customer; with the id.
    DeviceUnknown(String),
    /// There is no such configuration policy of the customer; with the id.
    PolicyUnknown(String),
}

impl DeviceRefusal {
    /// The stored name and what goes with it.
    pub(super) fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::AssignedElsewhere => ("assigned-elsewhere", None),
            Self::AssignedAlready => ("assigned-already", None),
            Self::NotIdentified(detail) => ("not-identified", Some(detail)),
            Self::DeviceUnknown(id) => ("device-unknown", Some(id)),
            Self::PolicyUnknown(id) => ("policy-unknown", Some(id)),
        }
    }

    /// The refusal of stored parts; `None` if they do not go together.
    pub(super) fn from_parts(name: &str, detail: Option<String>) -> Option<Self> {
        match (name, detail) {
            ("assigned-elsewhere", None) => Some(Self::AssignedElsewhere),
            ("assigned-already", None) => Some(Self::AssignedAlready),
            ("not-identified", Some(detail)) => Some(Self::NotIdentified(detail)),
            ("device-unknown", Some(id)) => Some(Self::DeviceUnknown(id)),
            ("policy-unknown", Some(id)) => Some(Self::PolicyUnknown(id)),
            _ => None,
        }
    }
}

/// What became of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceOutcome {
    /// The device; none if it was refused before there was one.
    pub device: Option<Uuid>,
    /// As it was sent.
    pub serial_number: Option<String>,
    /// As it was sent.
    pub product_key: Option<String>,
    /// Why it was refused; `None` if it was not.
    pub refusal: Option<DeviceRefusal>,
}

/// An upload, or giving policies to many devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceUpload {
    /// The tracking id.
    pub id: Uuid,
    /// How it ended.
    pub status: UploadStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended: at once.
    pub completed_at: Timestamp,
    /// Each device, in the order it was sent.
    pub outcomes: Vec<DeviceOutcome>,
}
