//! Numbers without gaps.

use crate::{Tx, sql};
use tenantry_core::Problem;

/// The next number of a named series, from 1. Given back if the transaction is not committed, so there are no
/// gaps; the row lock makes commit order and number order the same.
pub async fn next(tx: &mut Tx, series: &str) -> Result<i64, Problem> {
    sql("INSERT INTO counter (name, value) VALUES ($1, 1) \
         ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value")
    .bind(series)
    .one(tx)
    .await?
    .integer("value")
}
