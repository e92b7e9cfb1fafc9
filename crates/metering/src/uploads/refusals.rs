//! The list of what was refused of a file, page by page.

use super::rows;
use crate::engine::Metering;
use tenantry_core::{OpContext, Problem};
use uuid::Uuid;

/// Stored rows read at a time; each is the refusals of one batch.
const ROWS: i64 = 8;
/// A page ends once it has so many bytes.
const PAGE_BYTES: usize = 4 << 20;

/// A page of refusals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalPage {
    /// JSON lines: `line`, `source`, `id`, `code`, `field`, `message`.
    pub lines: Vec<u8>,
    /// Ask for what comes after this line next; `None` at the end.
    pub next: Option<i64>,
}

impl Metering {
    /// The refusals behind a line of the file, in the order of the file.
    ///
    /// # Errors
    /// As [`Metering::upload`].
    pub async fn upload_refusals(&self, ctx: &OpContext, id: Uuid, after: i64) -> Result<RefusalPage, Problem> {
        let upload = self.upload(ctx, id).await?;
        let mut reader = self.db.reader().await?;
        let (mut page, mut after) = (Vec::new(), after);
        loop {
            let found = rows::refusals(&mut reader, upload.id, after, ROWS).await?;
            if found.is_empty() {
                return Ok(RefusalPage { lines: page, next: None });
            }
            for (last_line, bytes) in found {
                if !page.is_empty() && page.len() + bytes.len() > PAGE_BYTES {
                    return Ok(RefusalPage { lines: page, next: Some(after) });
                }
                page.extend_from_slice(&bytes);
                after = last_line;
            }
        }
    }
}
