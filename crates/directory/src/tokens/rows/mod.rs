//! The SQL of sign-in: one file per kind of row.
//!
//! Codes, tokens, tickets and cookies are looked up by the SHA-256 of their text. Redeeming one is one conditional
//! UPDATE: of two that come at once, one finds the condition gone.
//!
//! Expired rows go when new ones come: each insert takes up to [`PRUNED`] expired rows of its table with it, in its own
//! transaction. So a table holds what still counts and little more, in every world, also one whose clock stands still
//! and runs no jobs.

pub(crate) mod assertion;
pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod family;
pub(crate) mod key;
pub(crate) mod session;

use super::person::SignedInBy;
use tenantry_core::{ObjectId, Problem, TenantId};
use tenantry_db::Row;

/// How many expired rows an insert deletes at most.
pub(crate) const PRUNED: i64 = 20;

/// The columns that say who signed in, and how.
pub(crate) fn signed_in_by(row: &Row) -> Result<SignedInBy, Problem> {
    Ok(SignedInBy {
        home: row.parsed("tenant", TenantId::parse)?,
        user: row.parsed("user_id", ObjectId::parse)?,
        second_factor: row.flag("second_factor")?,
        signed_in_at: row.time("signed_in_at")?,
        valid_from: row.time("valid_from")?,
    })
}
