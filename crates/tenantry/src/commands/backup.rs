//! `tenantry backup`: a copy of the database as of one instant, also while a server runs.

use crate::cli::Backup;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde_json::json;
use tenantry_core::Problem;
use tenantry_db::backup::copy_to;

pub(crate) fn run(arguments: &Backup, output: &mut Output<'_>) -> Result<(), Failure> {
    block_on(async {
        let db = arguments.place.database().await?;
        let copied = copy_to(&db, &arguments.file).await;
        db.close().await;
        copied
    })??;
    let bytes = std::fs::metadata(&arguments.file).map_err(Problem::internal)?.len();
    let file = arguments.file.display().to_string();
    output.answer(&json!({ "file": file, "bytes": bytes }), || {
        // A log that belongs to another file would be played into this one.
        format!(
            "{file}: {bytes} bytes. To restore: stop the server, remove world.sqlite-wal and world.sqlite-shm, put the \
             copy in place of world.sqlite, start again.\n"
        )
    })
}
