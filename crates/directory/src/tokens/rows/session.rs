//! Sign-in sessions as rows, and the tickets of sign-ins that are not finished.

use super::{OPEN_MOST, PRUNED, signed_in_by};
use crate::tokens::person::SignedInBy;
use tenantry_core::{Problem, Timestamp};
use tenantry_db::{Connection, Tx, sql};

/// How far a sign-in came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The password was good; the second factor is to come.
    Ticket,
    /// The second factor was good too; a new password is to come.
    Proven,
    /// Signed in.
    Open,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Proven => "proven",
            Self::Open => "open",
        }
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    digest: &str,
    stage: Stage,
    by: &SignedInBy,
    (at, until): (Timestamp, Timestamp),
) -> Result<(), Problem> {
    sql("DELETE FROM sign_in_session WHERE digest IN \
         (SELECT digest FROM sign_in_session WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    sql("DELETE FROM sign_in_session WHERE tenant = $1 AND user_id = $2 AND stage = $3 AND digest NOT IN \
         (SELECT digest FROM sign_in_session WHERE tenant = $1 AND user_id = $2 AND stage = $3 \
         ORDER BY signed_in_at DESC, digest LIMIT $4)")
    .bind(by.home)
    .bind(by.user)
    .bind(stage.name())
    .bind(OPEN_MOST - 1)
    .run(tx)
    .await?;
    sql(
        "INSERT INTO sign_in_session (digest, tenant, user_id, stage, second_factor, signed_in_at, valid_from, tries, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
    )
    .bind(digest)
    .bind(by.home)
    .bind(by.user)
    .bind(stage.name())
    .bind(by.second_factor)
    .bind(by.signed_in_at)
    .bind(by.valid_from)
    .bind(until)
    .run(tx)
    .await?;
    Ok(())
}

/// Who signed in, and until when that counts.
pub(crate) async fn find(
    on: &mut impl Connection,
    digest: &str,
    stage: Stage,
    now: Timestamp,
) -> Result<Option<(SignedInBy, Timestamp)>, Problem> {
    let row = sql("SELECT tenant, user_id, second_factor, signed_in_at, valid_from, expires_at FROM sign_in_session \
         WHERE digest = $1 AND stage = $2 AND expires_at > $3")
    .bind(digest)
    .bind(stage.name())
    .bind(now)
    .maybe(on)
    .await?;
    row.map(|row| Ok((signed_in_by(&row)?, row.time("expires_at")?))).transpose()
}

/// Counts a try at a ticket. `false` if there were `most` already, or the ticket is no more.
pub(crate) async fn try_once(tx: &mut Tx, digest: &str, most: i64, now: Timestamp) -> Result<bool, Problem> {
    let changed = sql("UPDATE sign_in_session SET tries = tries + 1 \
         WHERE digest = $1 AND stage = $2 AND tries < $3 AND expires_at > $4")
    .bind(digest)
    .bind(Stage::Ticket.name())
    .bind(most)
    .bind(now)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// `false` if it is gone already.
pub(crate) async fn delete(tx: &mut Tx, digest: &str) -> Result<bool, Problem> {
    Ok(sql("DELETE FROM sign_in_session WHERE digest = $1").bind(digest).run(tx).await? == 1)
}
