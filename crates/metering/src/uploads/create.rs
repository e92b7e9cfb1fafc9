//! Beginning an upload.

use super::{Upload, UploadFormat, rows, split::Carry};
use crate::engine::Metering;
use tenantry_core::{OpContext, Problem, SubscriptionId};
use tenantry_db::audit;

/// Bytes of a source's name, as in events.
const SOURCE_MAX: usize = 256;

/// What a sender says of a file before it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// How its lines are written.
    pub format: UploadFormat,
    /// The source of its events, where its records name none. The same file under the same source counts once.
    pub source: Option<String>,
    /// Their subscription, likewise.
    pub subscription: Option<SubscriptionId>,
    /// Bytes of the whole file, if they are known already.
    pub length: Option<i64>,
}

impl Metering {
    /// Begins an upload. Nothing is counted by that.
    ///
    /// # Errors
    /// `Forbidden` for whoever may report nothing; `InvalidField` for a length below zero or a source that is too long.
    pub async fn upload_create(&self, ctx: &OpContext, new: NewUpload) -> Result<Upload, Problem> {
        let id = ctx.chance.guid();
        let line = audit::open(ctx, &self.db, "usage-upload-create", &id.to_string()).await?;
        let outcome = self.create(ctx, id, new).await;
        line.close(ctx, &self.db, outcome).await
    }

    async fn create(&self, ctx: &OpContext, id: uuid::Uuid, new: NewUpload) -> Result<Upload, Problem> {
        self.may_upload(ctx)?;
        if let Some(length) = new.length.filter(|length| *length < 0) {
            return Err(Problem::invalid(
                "Upload-Length",
                format!("{length} is below zero; send the bytes of the file"),
            ));
        }
        if let Some(source) = new.source.as_ref().filter(|source| source.is_empty() || source.len() > SOURCE_MAX) {
            let said = format!("has {} bytes; send 1 to {SOURCE_MAX}", source.len());
            return Err(Problem::invalid("source", said));
        }
        let upload = Upload {
            id,
            format: new.format,
            source: new.source,
            subscription: new.subscription,
            length: new.length,
            taken: 0,
            carry: Carry::default(),
            header: None,
            lines: 0,
            accepted: 0,
            unrated: 0,
            duplicate: 0,
            refused: 0,
            done: new.length == Some(0),
            created_at: ctx.now(),
            changed_at: ctx.now(),
        };
        let mut tx = self.db.begin().await?;
        rows::insert(&mut tx, ctx.confined_to(), &upload).await?;
        tx.commit().await?;
        Ok(upload)
    }
}
