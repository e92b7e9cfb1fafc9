//! Numbered steps that bring a database to the shape this program expects.
//!
//! Each slice owns its tables and its steps. A step runs once, in its own transaction, and is recorded with
//! the checksum of its text; a step whose text changed after it ran is refused, because two databases of the
//! same number would then differ. A database that holds steps this program does not know was written by a
//! newer one and is refused too. Before an existing SQLite file is changed, a copy is put beside it.

use crate::pool::Connection;
use crate::statement::sql;
use crate::{Db, Engine, Location, backup};
use sha2::{Digest, Sha256};
use sqlx::Executor;
use tenantry_core::{Problem, Reason, Timestamp};

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Counts from 1 in each slice.
    pub number: i64,
    /// A word or two.
    pub name: &'static str,
    /// Statements for both engines.
    pub sql: &'static str,
}

/// The steps of one slice, in order.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// The crate's name.
    pub name: &'static str,
    /// Its steps.
    pub migrations: &'static [Migration],
}

impl Db {
    /// Runs the steps that have not run yet. No other process may serve the world (see `Db::enter`). `at` is recorded, nothing more. Returns how many ran.
    pub async fn migrate(&self, slices: &[Slice], at: Timestamp) -> Result<usize, Problem> {
        let mut tx = self.begin().await?;
        sql(
            "CREATE TABLE IF NOT EXISTS schema_step (slice TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, \
             checksum TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (slice, number))",
        )
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        let applied = self.applied(slices).await?;
        let mut ran = 0;
        for slice in slices {
            for step in slice.migrations {
                if applied.contains(&(slice.name.to_owned(), step.number)) {
                    continue;
                }
                if ran == 0 && !applied.is_empty() {
                    self.copy_before_migrating(applied.len()).await?;
                }
                self.apply(slice.name, step, at).await?;
                ran += 1;
            }
        }
        if ran > 0 && self.engine() == Engine::Postgres {
            self.say_how_bytes_lie().await?;
        }
        Ok(ran)
    }

    /// What the usage log and long documents store is compressed already, or random. PostgreSQL would compress it again,
    /// which takes more of its time than all else it does for an append. Short documents are text: its own way to compress
    /// that takes four times as long as LZ4 (which a server may be built without) and makes it larger. No statement that both
    /// engines know says so, and none has to: it changes how bytes lie on disk, not what they are.
    async fn say_how_bytes_lie(&self) -> Result<(), Problem> {
        const TABLES: [&str; 5] = [
            "ALTER TABLE IF EXISTS invoice ALTER COLUMN packed SET STORAGE EXTERNAL",
            "ALTER TABLE IF EXISTS usage_log ALTER COLUMN bytes SET STORAGE EXTERNAL",
            "ALTER TABLE IF EXISTS usage_checkpoint_piece ALTER COLUMN bytes SET STORAGE EXTERNAL",
            "ALTER TABLE IF EXISTS usage_identity_run ALTER COLUMN bytes SET STORAGE EXTERNAL",
            "ALTER TABLE IF EXISTS usage_identity_page ALTER COLUMN bytes SET STORAGE EXTERNAL",
        ];
        const DOCUMENTS: [&str; 2] = [
            "ALTER TABLE IF EXISTS invoice ALTER COLUMN document SET COMPRESSION lz4",
            "ALTER TABLE IF EXISTS credit_note ALTER COLUMN document SET COMPRESSION lz4",
        ];
        let mut tx = self.begin().await?;
        let has_lz4 =
            sql("SELECT name FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)");
        let documents = if has_lz4.maybe(&mut tx).await?.is_some() { &DOCUMENTS[..] } else { &[] };
        for table in TABLES.iter().chain(documents) {
            tx.begins()?.execute(*table).await.map_err(crate::error::problem)?;
        }
        tx.commit().await
    }

    /// Whether all of these steps have run. Changes nothing.
    ///
    /// # Errors
    /// `Unsupported` if a newer version of the program wrote the database.
    pub async fn is_current(&self, slices: &[Slice]) -> Result<bool, Problem> {
        let applied = self.applied(slices).await?;
        Ok(applied.len() == slices.iter().map(|slice| slice.migrations.len()).sum::<usize>())
    }

    async fn applied(&self, slices: &[Slice]) -> Result<Vec<(String, i64)>, Problem> {
        let mut reader = self.reader().await?;
        let rows =
            sql("SELECT slice, number, checksum FROM schema_step ORDER BY slice, number").all(&mut reader).await?;
        let mut applied = Vec::with_capacity(rows.len());
        for row in rows {
            let (slice, number, checksum) = (row.text("slice")?, row.integer("number")?, row.text("checksum")?);
            let known = slices
                .iter()
                .filter(|known| known.name == slice)
                .flat_map(|known| known.migrations)
                .find(|step| step.number == number);
            match known {
                None => {
                    return Err(Problem::new(
                        Reason::Unsupported,
                        format!(
                            "this database was written by a newer version of Tenantry (step {slice}/{number}); \
                             upgrade the program, or restore the copy made before the upgrade"
                        ),
                    ));
                }
                Some(step) if digest(step.sql) != checksum => {
                    return Err(Problem::corrupt(format!("migration {slice}/{number} changed after it was applied")));
                }
                Some(_) => applied.push((slice, number)),
            }
        }
        Ok(applied)
    }

    /// The copy gets its name only when it is whole. One that is there already is of an earlier try at the same
    /// steps: what it holds is what would be copied now, or better.
    async fn copy_before_migrating(&self, steps: usize) -> Result<(), Problem> {
        // A server has its own backups; a library must not decide where to put a dump.
        let (Engine::Sqlite, Location::File(path)) = (self.engine(), self.location()) else { return Ok(()) };
        let copy = path.with_extension(format!("before-step-{steps}.sqlite"));
        if copy.exists() {
            return Ok(());
        }
        let unfinished = path.with_extension("before-step.unfinished");
        let failed = |error: std::io::Error| {
            let message = format!("cannot keep a copy at {} before migrating: {error}", copy.display());
            Problem::new(Reason::Unavailable, message).because(error)
        };
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        backup::copy_to(self, &unfinished).await?;
        std::fs::rename(&unfinished, &copy).map_err(failed)
    }

    async fn apply(&self, slice: &'static str, step: &Migration, at: Timestamp) -> Result<(), Problem> {
        let mut tx = self.begin().await?;
        tx.begins()?.execute(step.sql).await.map_err(crate::error::problem)?;
        sql("INSERT INTO schema_step (slice, number, name, checksum, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(slice)
            .bind(step.number)
            .bind(step.name)
            .bind(digest(step.sql))
            .bind(at)
            .run(&mut tx)
            .await?;
        tx.commit().await
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
