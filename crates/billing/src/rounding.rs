//! How the lines of an edge's documents are rounded: a policy of the edge, with a history.
//!
//! Half even unless somebody says otherwise. Others of the field round half up, and its own files cut
//! (`FLOOR(x, 2)`, effective-unit-price.json); who must agree with them to the cent can. The document keeps the mode
//! it was made with, so computing it again does not depend on what the policy says by then.

use crate::payment::may_write;
use std::collections::BTreeMap;
use tenantry_commerce::Edge;
use tenantry_core::{EdgeId, OpContext, Problem, Rounding, Timestamp};
use tenantry_db::{Connection, Db, audit, sql};

const MODES: [(Rounding, &str); 3] =
    [(Rounding::HalfEven, "half-even"), (Rounding::HalfUp, "half-up"), (Rounding::Floor, "floor")];

/// The name of a mode, as it is stored and written: `half-even`, `half-up`, `floor`.
#[must_use]
pub fn rounding_name(rounding: Rounding) -> &'static str {
    MODES.iter().find(|(mode, _)| *mode == rounding).map_or("half-even", |(_, name)| name)
}

/// A mode by its name.
pub fn rounding_named(name: &str) -> Result<Rounding, String> {
    let found = MODES.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode);
    found.ok_or_else(|| format!("`{name}` is no mode of rounding; say half-even, half-up or floor"))
}

/// From an instant on, rounds the lines of an edge's documents in a mode. The seller may say so.
///
/// # Errors
/// `Forbidden` for anybody else; `InvalidField` for an instant that is past: what was shown to a buyer stays.
pub async fn edge_rounding_set(
    ctx: &OpContext,
    db: &Db,
    edge: &Edge,
    rounding: Rounding,
    from: Timestamp,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "edge-rounding-set", &edge.id.to_string()).await?;
    let outcome = set(ctx, db, edge, rounding, from).await;
    line.close(ctx, db, outcome).await
}

async fn set(ctx: &OpContext, db: &Db, edge: &Edge, rounding: Rounding, from: Timestamp) -> Result<(), Problem> {
    may_write(ctx, db, edge.scope()).await?;
    if from < ctx.now() {
        let message = format!("{from} is past; rounding changes from now ({}) on", ctx.now());
        return Err(Problem::invalid("from", message));
    }
    let mut tx = db.begin().await?;
    sql("INSERT INTO edge_rounding (edge, seller, from_at, rounding, recorded_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (edge, from_at) DO UPDATE SET rounding = excluded.rounding, recorded_at = excluded.recorded_at")
    .bind(edge.id)
    .bind(edge.seller)
    .bind(from)
    .bind(rounding_name(rounding))
    .bind(ctx.now())
    .run(&mut tx)
    .await?;
    tx.commit().await
}

/// The mode of an edge at an instant.
pub(crate) async fn rounding_at(on: &mut impl Connection, edge: EdgeId, at: Timestamp) -> Result<Rounding, Problem> {
    let policy = "SELECT rounding FROM edge_rounding WHERE edge = $1 AND from_at <= $2 ORDER BY from_at DESC LIMIT 1";
    let row = sql(policy).bind(edge).bind(at).maybe(on).await?;
    row.map_or(Ok(Rounding::default()), |row| row.parsed("rounding", rounding_named))
}

/// What every edge with a policy of its own says at an instant, as it is stored: edge and name of the mode. One that cannot
/// be read is a fault of that edge alone, so who needs it reads it.
pub(crate) async fn roundings_at(on: &mut impl Connection, at: Timestamp) -> Result<BTreeMap<String, String>, Problem> {
    // Of an edge with several, the last stays.
    let rows = sql("SELECT edge, rounding FROM edge_rounding WHERE from_at <= $1 ORDER BY from_at").bind(at);
    rows.all(on).await?.iter().map(|row| Ok((row.text("edge")?, row.text("rounding")?))).collect()
}
