//! Files of usage, taken in piece by piece: of any size, in constant memory, from where they stopped.
//!
//! A sender creates an upload and appends pieces, each naming the byte it begins at. The pieces are cut into lines
//! wherever their borders lie, and the lines go through intake in batches like any others. What an upload has come to
//! (bytes dealt with, counts, refusals) moves on in the very commit that keeps the batch, so that after a kill at any
//! moment the two say the same: the sender asks how far it came and goes on from there. Sending a piece again would do
//! no harm either, because a name counts once.
//!
//! ```text
//! piece -> split (lines across borders) -> read (by the face) -> batch + Step -> one commit
//! ```

mod append;
mod create;
mod refusals;
mod rows;
mod split;
mod step;

pub use append::{Piece, ReadLines, ReadOne};
pub use create::NewUpload;
pub use refusals::RefusalPage;
pub use split::{LINE_BYTES_MAX, Line};
pub(crate) use step::{Step, Written, moved_on};

use crate::engine::Metering;
use tenantry_access::{UsageReport, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, Timestamp};
use tenantry_db::audit;
use uuid::Uuid;

/// How the lines of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadFormat {
    /// A JSON object a line.
    Ndjson,
    /// A header, then a record a line; a quoted field may hold line breaks.
    Csv,
}

impl UploadFormat {
    /// As it is stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Says which there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let all = [Self::Ndjson, Self::Csv];
        let found = all.into_iter().find(|format| format.name() == text);
        found.ok_or_else(|| format!("`{}` is no format; send ndjson or csv", text.chars().take(60).collect::<String>()))
    }
}

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// How its lines are written.
    pub format: UploadFormat,
    /// The source of its events, for formats whose records name none.
    pub source: Option<String>,
    /// Their subscription, likewise.
    pub subscription: Option<SubscriptionId>,
    /// Bytes of the whole file, once the sender has said.
    pub length: Option<i64>,
    /// Bytes of lines that were dealt with.
    pub(crate) taken: i64,
    /// Where it stands between lines.
    pub(crate) carry: split::Carry,
    /// The header of a CSV file, once it came.
    pub header: Option<Vec<u8>>,
    /// Lines dealt with, blank ones and the header among them.
    pub lines: i64,
    /// Events counted.
    pub accepted: i64,
    /// Of those, how many no price sheet prices yet.
    pub unrated: i64,
    /// Events that were counted before.
    pub duplicate: i64,
    /// Lines that were not counted; [`Metering::upload_refusals`] says why.
    pub refused: i64,
    /// Whether all of the file came.
    pub done: bool,
    /// When it was begun, in world time.
    pub created_at: Timestamp,
    /// When a piece last came.
    pub changed_at: Timestamp,
}

impl Upload {
    /// Where the next piece begins: bytes that are safe here.
    #[must_use]
    pub fn offset(&self) -> i64 {
        self.taken.saturating_add(i64::try_from(self.carry.tail.len()).unwrap_or(i64::MAX))
    }
}

impl Metering {
    /// An upload as it stands.
    ///
    /// # Errors
    /// `ObjectNotFound` if there is none of that id, or it is somebody else's.
    pub async fn upload(&self, ctx: &OpContext, id: Uuid) -> Result<Upload, Problem> {
        let mut reader = self.db.reader().await?;
        // To others than its reporter it is not there; so it is looked for before anything is said about roles.
        let upload = rows::find(&mut reader, ctx.confined_to(), id).await?.ok_or_else(|| no_upload(id))?;
        self.may_upload(ctx).map(|()| upload)
    }

    /// Forgets an upload and its list of refusals. What was counted stays counted.
    ///
    /// # Errors
    /// As [`Metering::upload`].
    pub async fn upload_remove(&self, ctx: &OpContext, id: Uuid) -> Result<(), Problem> {
        let line = audit::open(ctx, &self.db, "usage-upload-remove", &id.to_string()).await?;
        let outcome = self.remove(ctx, id).await;
        line.close(ctx, &self.db, outcome).await
    }

    async fn remove(&self, ctx: &OpContext, id: Uuid) -> Result<(), Problem> {
        self.upload(ctx, id).await?;
        let mut tx = self.db.begin().await?;
        if !rows::remove(&mut tx, ctx.confined_to(), id).await? {
            return Err(no_upload(id));
        }
        tx.commit().await
    }

    /// Whoever may report usage at all. Whose subscriptions, intake asks for each event.
    fn may_upload(&self, ctx: &OpContext) -> Result<(), Problem> {
        allow::<UsageReport, _>(ctx, WorldScope { sandbox: self.sandbox }).map(|_| ())
    }
}

fn no_upload(id: Uuid) -> Problem {
    let message = format!("there is no upload {id}; check the id and the tenant, or begin a new one");
    Problem::new(Reason::ObjectNotFound, message).at("upload")
}
