//! The one place where driver errors become problems.

use tenantry_core::{Problem, Reason};

/// SQLite's primary result code for a full disk, and PostgreSQL's SQLSTATE for it.
const SQLITE_FULL: &str = "13";
const POSTGRES_DISK_FULL: &str = "53100";

/// What a driver error means to a caller.
pub(crate) fn problem(error: sqlx::Error) -> Problem {
    if is_storage_full(&error) {
        return Problem::new(
            Reason::StorageFull,
            "the disk that holds the database is full; nothing was saved. Free some space and send the request again",
        )
        .because(error);
    }
    match error {
        // Statements that expect a clash say ON CONFLICT; what arrives here are two acts at the same moment.
        sqlx::Error::Database(database) if database.is_unique_violation() => Problem::new(
            Reason::AlreadyExists,
            "somebody else made the same thing at the same moment; look at what is there now and try again if need be",
        )
        .because(sqlx::Error::Database(database)),
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed => {
            Problem::new(Reason::Unavailable, "the database does not answer; try again shortly")
                .retry_after(5)
                .because(error)
        }
        other => Problem::internal(other),
    }
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
