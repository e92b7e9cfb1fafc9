//! A batch: devices that were brought in together, under a name the partner made up.

use super::upload::UploadStatus;
use tenantry_core::{Problem, Timestamp};
use uuid::Uuid;

/// Longest name, in characters.
const NAME_MAX: usize = 100;

/// A batch of a partner for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceBatch {
    /// Names it inside; the field knows only its name.
    pub(crate) id: Uuid,
    /// By which clients name it: any text of one line, with blanks as it likes. The same in any letter case.
    pub name: String,
    /// How the last upload into it ended.
    pub status: UploadStatus,
    /// Who brought it in: a user principal name, or an application's id.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// How many devices it has.
    pub devices: usize,
}

/// A name as it is kept. It becomes a segment of paths, so it has no slash.
pub(super) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = crate::people::text::required("batchId", name, NAME_MAX)?;
    if name.contains(['/', '\\']) {
        return Err(Problem::invalid("batchId", format!("`{name}` has a slash; paths end there, take another mark")));
    }
    Ok(name)
}
