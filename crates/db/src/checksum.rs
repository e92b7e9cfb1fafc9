//! Bytes with a checksum beside them: how the tables of the usage log notice that a disk or a hand changed them.

use crate::Row;
use tenantry_core::Problem;

/// What stands in the column `checksum` beside these bytes.
pub(crate) fn of(bytes: &[u8]) -> i64 {
    i64::from(crc32fast::hash(bytes))
}

/// The column `bytes` of a row; `None` if it is not what its `checksum` was made of.
pub(crate) fn unharmed(row: &Row) -> Result<Option<Vec<u8>>, Problem> {
    let bytes = row.bytes("bytes")?;
    Ok((of(&bytes) == row.integer("checksum")?).then_some(bytes))
}
