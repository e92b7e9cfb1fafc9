//! What happened, written in the transaction that made it happen, and read by those who must hear of it.
//!
//! Positions come from a counter without gaps, so position order is commit order and a reader that stands at
//! position n has seen everything up to n. Delivery is at least once: a consumer moves its cursor after it
//! acted, and must be able to see an entry twice.

use crate::{Connection, Db, Tx, counter, sql};
use tenantry_core::{Problem, Timestamp};

/// Counts positions.
const SERIES: &str = "outbox";

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in commit order.
    pub position: i64,
    /// When, in world time.
    pub at: Timestamp,
    /// What kind of thing, such as `subscription-changed`.
    pub topic: String,
    /// To what: an id.
    pub subject: String,
    /// The facts, as JSON.
    pub payload: String,
}

/// Writes an entry in the transaction that causes it.
pub async fn publish(tx: &mut Tx, at: Timestamp, topic: &str, subject: &str, payload: &str) -> Result<i64, Problem> {
    let position = counter::next(tx, SERIES).await?;
    sql("INSERT INTO outbox (position, at, topic, subject, payload) VALUES ($1, $2, $3, $4, $5)")
        .bind(position)
        .bind(at)
        .bind(topic)
        .bind(subject)
        .bind(payload)
        .run(tx)
        .await?;
    Ok(position)
}

/// The place of the last entry; 0 if there is none. What is written after this look comes after it.
pub async fn last(on: &mut impl Connection) -> Result<i64, Problem> {
    let row = sql("SELECT value FROM counter WHERE name = $1").bind(SERIES).maybe(on).await?;
    row.map_or(Ok(0), |row| row.integer("value"))
}

/// The next entries a consumer has not moved past, at most `limit`.
pub async fn pending(db: &Db, consumer: &str, limit: i64) -> Result<Vec<Entry>, Problem> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT position, at, topic, subject, payload FROM outbox \
         WHERE position > COALESCE((SELECT position FROM outbox_cursor WHERE consumer = $1), 0) \
         ORDER BY position LIMIT $2")
    .bind(consumer)
    .bind(limit)
    .all(&mut reader)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                position: row.integer("position")?,
                at: row.time("at")?,
                topic: row.text("topic")?,
                subject: row.text("subject")?,
                payload: row.text("payload")?,
            })
        })
        .collect()
}

/// Moves a consumer past a position. Never back: `false` if it stood there or beyond, which another process of the
/// world saw to.
pub async fn move_past(tx: &mut Tx, consumer: &str, position: i64) -> Result<bool, Problem> {
    let moved = sql("INSERT INTO outbox_cursor (consumer, position) VALUES ($1, $2) \
         ON CONFLICT (consumer) DO UPDATE SET position = excluded.position \
         WHERE outbox_cursor.position < excluded.position")
    .bind(consumer)
    .bind(position)
    .run(tx)
    .await?;
    Ok(moved > 0)
}
