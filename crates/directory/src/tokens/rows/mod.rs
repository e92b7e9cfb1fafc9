//! The SQL of sign-in: one file per kind of row.
//!
//! Codes, tokens, tickets and cookies are looked up by the SHA-256 of their text. Redeeming one is one conditional
//! UPDATE: of two that come at once, one finds the condition gone.
//!
//! Expired rows go when new ones come: each insert takes up to [`PRUNED`] expired rows of its table with it, in its own
//! transaction. So a table holds what still counts and little more, in every world, also one whose clock stands still
//! and runs no jobs.
//!
//! And what still counts is bounded, so that nobody fills a table before it expires ([`OPEN_MOST`]). Whoever signed in
//! is known: of a user's codes and sessions the oldest make room. A device code is asked for by anybody who knows an
//! application, so there the newest is refused: a stranger shall not push out those of others.

pub(crate) mod assertion;
pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod family;
pub(crate) mod key;
pub(crate) mod session;
pub(crate) mod weak_sign_in;

use super::person::SignedInBy;
use tenantry_core::{ObjectId, Problem, TenantId};
use tenantry_db::Row;

/// How many expired rows an insert deletes at most.
pub(crate) const PRUNED: i64 = 20;

/// How many sessions, tickets of unfinished sign-ins and authorization codes a user has at most, and for how many
/// devices of an application a decision is awaited. Far more than anybody has use for, far less than hurts.
pub(crate) const OPEN_MOST: i64 = 1_000;

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
