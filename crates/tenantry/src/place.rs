//! Where a world is, as said on the command line, and opening it there.

use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use tenantry_core::{Chance, Problem, Reason, Timestamp};
use tenantry_db::{Db, Location};
use tenantry_worlds::{NewWorld, Settings, World};

/// What tenant domains of our worlds end in. Clients of this field know this one.
pub(crate) const DOMAIN_SUFFIX: &str = "onmicrosoft.com";
/// How long after a month's end late usage is waited for. The field's sources may be a day late; we wait two.
const CLOSE_GRACE_SECONDS: i64 = 48 * 3_600;
/// The port of `serve` and `demo`.
pub(crate) const PORT: u16 = 8443;

/// Where the world is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The directory of the world: database, certificates, files.
    #[arg(long, value_name = "DIR", default_value = "tenantry-data", verbatim_doc_comment)]
    pub(crate) data_dir: PathBuf,

    /// Keep the database on a PostgreSQL server, not in the directory: postgres://user@host/name
    #[arg(long, value_name = "URL", verbatim_doc_comment)]
    database: Option<String>,

    /// The schema of the world in that database.
    #[arg(long, value_name = "NAME", default_value = "tenantry", verbatim_doc_comment)]
    schema: String,
}

impl Place {
    fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Server { url: url.clone(), schema: self.schema.clone() },
            None => Location::File(self.file()),
        }
    }

    fn file(&self) -> PathBuf {
        self.data_dir.join("world.sqlite")
    }

    /// Opens the world or begins it, as owner. `begin` is the time a sandbox starts at; `None` is a live world.
    pub(crate) async fn open(
        &self,
        origin: &str,
        begin: Option<Timestamp>,
        chance: Chance,
    ) -> Result<Arc<World>, Problem> {
        std::fs::create_dir_all(&self.data_dir).map_err(|error| {
            let told = format!("cannot make the directory {} ({error})", self.data_dir.display());
            Problem::new(Reason::Unavailable, told).at("data-dir")
        })?;
        let settings = Settings {
            name: "world".to_owned(),
            sandbox: begin.is_some(),
            domain_suffix: DOMAIN_SUFFIX.to_owned(),
            origin: origin.to_owned(),
            close_grace_seconds: CLOSE_GRACE_SECONDS,
        };
        World::open(self.location(), settings, NewWorld { sandbox_from: begin }, Arc::new(chance)).await
    }

    /// Opens a world that is there, as owner: nobody else may serve it meanwhile.
    pub(crate) async fn open_existing(&self) -> Result<Arc<World>, Problem> {
        self.must_exist()?;
        let chance = Chance::from_machine().map_err(Problem::internal)?;
        self.open(&format!("https://localhost:{PORT}"), None, chance).await
    }

    /// Opens only the database of a world that is there. A server may run beside it: nothing is written.
    pub(crate) async fn database(&self) -> Result<Db, Problem> {
        self.must_exist()?;
        Db::open(self.location()).await
    }

    /// Whether a world was begun here. A server's schema is not looked into: opening tells.
    pub(crate) fn exists(&self) -> bool {
        self.database.is_some() || self.file().exists()
    }

    /// A typing error in `--data-dir` must not begin an empty world.
    fn must_exist(&self) -> Result<(), Problem> {
        if self.exists() {
            return Ok(());
        }
        let told = format!(
            "there is no world in {}; name its directory with --data-dir, or make one with `tenantry demo --once`",
            self.data_dir.display()
        );
        Err(Problem::new(Reason::InvalidField, told).at("data-dir"))
    }
}
