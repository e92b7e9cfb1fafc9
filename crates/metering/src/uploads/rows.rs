//! The SQL of uploads. Private; every read names the tenant, but for the one in the turn, whose caller was asked.

use super::split::Carry;
use super::{Upload, UploadFormat};
use tenantry_core::{Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// The provider's uploads are the world's.
fn tenant(confined_to: Option<TenantId>) -> String {
    confined_to.map(|tenant| tenant.to_string()).unwrap_or_default()
}

pub(crate) async fn insert(tx: &mut Tx, owner: Option<TenantId>, upload: &Upload) -> Result<(), Problem> {
    sql("INSERT INTO usage_upload (id, tenant, format, source, subscription, length, taken, tail, skipping, header, \
         lines, accepted, unrated, duplicate, refused, done, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)")
    .bind(upload.id)
    .bind(tenant(owner))
    .bind(upload.format.name())
    .bind(upload.source.as_deref())
    .bind(upload.subscription)
    .bind(upload.length)
    .bind(upload.taken)
    .bind(upload.carry.tail.clone())
    .bind(upload.carry.skipping)
    .bind(upload.header.clone().unwrap_or_default())
    .bind(upload.lines)
    .bind(upload.accepted)
    .bind(upload.unrated)
    .bind(upload.duplicate)
    .bind(upload.refused)
    .bind(upload.done)
    .bind(upload.created_at)
    .bind(upload.changed_at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    on: &mut impl Connection,
    owner: Option<TenantId>,
    id: Uuid,
) -> Result<Option<Upload>, Problem> {
    let row = sql("SELECT id, format, source, subscription, length, taken, tail, skipping, header, lines, accepted, \
         unrated, duplicate, refused, done, created_at, changed_at FROM usage_upload WHERE id = $1 AND tenant = $2")
    .bind(id)
    .bind(tenant(owner))
    .maybe(on)
    .await?;
    row.as_ref().map(upload).transpose()
}

fn upload(row: &Row) -> Result<Upload, Problem> {
    let subscription = row.maybe_text("subscription")?;
    let subscription = subscription.map(|text| SubscriptionId::parse(&text)).transpose();
    let header = row.bytes("header")?;
    Ok(Upload {
        id: row.parsed("id", Uuid::try_parse)?,
        format: row.parsed("format", UploadFormat::parse)?,
        source: row.maybe_text("source")?,
        subscription: subscription.map_err(|error| Problem::corrupt(error.to_string()))?,
        length: row.maybe_integer("length")?,
        taken: row.integer("taken")?,
        carry: Carry { tail: row.bytes("tail")?, skipping: row.flag("skipping")? },
        header: (!header.is_empty()).then_some(header),
        lines: row.integer("lines")?,
        accepted: row.integer("accepted")?,
        unrated: row.integer("unrated")?,
        duplicate: row.integer("duplicate")?,
        refused: row.integer("refused")?,
        done: row.flag("done")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

/// Where an upload stands, for whoever has the turn: bytes dealt with and bytes carried.
pub(crate) async fn place(tx: &mut Tx, id: Uuid) -> Result<Option<(i64, i64)>, Problem> {
    let row = sql("SELECT taken, tail FROM usage_upload WHERE id = $1").bind(id).maybe(tx).await?;
    let Some(row) = row else { return Ok(None) };
    let carried = i64::try_from(row.bytes("tail")?.len()).unwrap_or(i64::MAX);
    Ok(Some((row.integer("taken")?, carried)))
}

/// What moves on with a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) taken: i64,
    pub(crate) carry: Carry,
    pub(crate) header: Vec<u8>,
    pub(crate) length: Option<i64>,
    pub(crate) lines: i64,
    pub(crate) done: bool,
}

/// Counts of one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) accepted: i64,
    pub(crate) unrated: i64,
    pub(crate) duplicate: i64,
    pub(crate) refused: i64,
}

/// Moves an upload on; `false` if it was removed.
pub(crate) async fn move_on(
    tx: &mut Tx,
    id: Uuid,
    moved: &Moved,
    counts: Counts,
    at: Timestamp,
) -> Result<bool, Problem> {
    let moved =
        sql("UPDATE usage_upload SET taken = $2, tail = $3, skipping = $4, header = $5, length = $6, lines = $7, \
         done = $8, changed_at = $9, accepted = accepted + $10, unrated = unrated + $11, \
         duplicate = duplicate + $12, refused = refused + $13 WHERE id = $1")
        .bind(id)
        .bind(moved.taken)
        .bind(moved.carry.tail.clone())
        .bind(moved.carry.skipping)
        .bind(moved.header.clone())
        .bind(moved.length)
        .bind(moved.lines)
        .bind(moved.done)
        .bind(at)
        .bind(counts.accepted)
        .bind(counts.unrated)
        .bind(counts.duplicate)
        .bind(counts.refused)
        .run(tx)
        .await?;
    Ok(moved > 0)
}

pub(crate) async fn keep_refusals(tx: &mut Tx, id: Uuid, lines: (i64, i64), text: Vec<u8>) -> Result<(), Problem> {
    sql("INSERT INTO usage_upload_refusals (upload, first_line, last_line, bytes) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(lines.0)
        .bind(lines.1)
        .bind(text)
        .run(tx)
        .await?;
    Ok(())
}

/// Stored refusals that begin behind a line, in order: where each ends, and its JSON lines.
pub(crate) async fn refusals(
    on: &mut impl Connection,
    id: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Vec<u8>)>, Problem> {
    let rows = sql("SELECT last_line, bytes FROM usage_upload_refusals WHERE upload = $1 AND first_line > $2 \
         ORDER BY first_line LIMIT $3")
    .bind(id)
    .bind(after)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(|row| Ok((row.integer("last_line")?, row.bytes("bytes")?))).collect()
}

/// Removes an upload, and with it what was refused of it.
pub(crate) async fn remove(tx: &mut Tx, owner: Option<TenantId>, id: Uuid) -> Result<bool, Problem> {
    let removed = sql("DELETE FROM usage_upload WHERE id = $1 AND tenant = $2").bind(id).bind(tenant(owner)).run(tx);
    Ok(removed.await? > 0)
}
