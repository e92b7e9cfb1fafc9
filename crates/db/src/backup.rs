//! A consistent copy of a running SQLite database.

use crate::pool::Connection;
use crate::{Db, Engine};
use sqlx::Executor;
use std::path::Path;
use tenantry_core::{Problem, Reason};

/// Copies the database, as of one instant and while others read and write, into a new file.
pub async fn copy_to(db: &Db, target: &Path) -> Result<(), Problem> {
    if db.engine() == Engine::Postgres {
        return Err(Problem::new(
            Reason::Unsupported,
            "a PostgreSQL world is backed up with the server's own tools, for example \
             `pg_dump --schema=<world> --format=custom <database>`",
        ));
    }
    if target.exists() {
        return Err(Problem::new(
            Reason::AlreadyExists,
            format!("{} exists; a backup never overwrites. Name another file", target.display()),
        ));
    }
    let mut outside = db.outside_transaction().await?;
    let quoted = target.to_string_lossy().replace('\'', "''");
    let statement = format!("VACUUM INTO '{quoted}'");
    outside.begins()?.execute(sqlx::AssertSqlSafe(statement)).await.map_err(crate::error::problem)?;
    keep_private(target)
}

/// The copy holds the world's signing key and the hashes of its secrets: for its owner only.
fn keep_private(file: &Path) -> Result<(), Problem> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).map_err(|error| {
            let message = format!("the copy is at {}, but could not be made private: {error}", file.display());
            Problem::new(Reason::Unavailable, message).because(error)
        })?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
