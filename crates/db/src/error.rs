//! The one place where driver errors become problems.

use tenantry_core::{Problem, Reason};

/// SQLite's primary result code for a full disk, and PostgreSQL's SQLSTATE for it.
const SQLITE_FULL: &str = "13";
const POSTGRES_DISK_FULL: &str = "53100";
/// PostgreSQL's SQLSTATEs of a server that is stopped, stops, or starts: the beginning of all of them.
const POSTGRES_STOPPED: &str = "57P0";

/// PostgreSQL's SQLSTATE when it ended a transaction that was silent for too long.
const POSTGRES_TOO_SILENT: &str = "25P03";
/// And when a lock was not to be had in time.
const POSTGRES_LOCK_NOT_AVAILABLE: &str = "55P03";

/// What a driver error means to a caller.
pub(crate) fn problem(error: sqlx::Error) -> Problem {
    if is_storage_full(&error) {
        return Problem::new(
            Reason::StorageFull,
            "the disk that holds the database is full; nothing was saved. Free some space and send the request again",
        )
        .because(error);
    }
    if is_gone(&error) {
        return Problem::new(Reason::Unavailable, "the database does not answer; try again shortly")
            .retry_after(5)
            .because(error);
    }
    if code_is(&error, POSTGRES_LOCK_NOT_AVAILABLE) {
        let told = "another process held what this needs for too long; nothing was saved, send the request again";
        return Problem::new(Reason::WorldBusy, told).retry_after(1).because(error);
    }
    match error {
        // Statements that expect a clash say ON CONFLICT; what arrives here are two acts at the same moment.
        sqlx::Error::Database(database) if database.is_unique_violation() => Problem::new(
            Reason::AlreadyExists,
            "somebody else made the same thing at the same moment; look at what is there now and try again if need be",
        )
        .because(sqlx::Error::Database(database)),
        other => Problem::internal(other),
    }
}

/// Whether there is nobody at the other end of the connection, or none to be had.
pub(crate) fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let gone = |code: &str| code.starts_with(POSTGRES_STOPPED) || code == POSTGRES_TOO_SILENT;
            database.code().is_some_and(|code| gone(&code))
        }
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

fn code_is(error: &sqlx::Error, wanted: &str) -> bool {
    matches!(error, sqlx::Error::Database(database) if database.code().is_some_and(|code| code == wanted))
}

fn is_storage_full(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            code == POSTGRES_DISK_FULL || code == SQLITE_FULL || database.message().contains("disk is full")
        }
        sqlx::Error::Io(io) => io.kind() == std::io::ErrorKind::StorageFull,
        _ => false,
    }
}
