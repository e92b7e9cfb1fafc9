//! Where a world is, as said on the command line, and the ways to open it there: as its owner, or for a look beside
//! whoever owns it.

use crate::listen::{HOST, PORT};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenantry_core::{Chance, Problem, Reason, Timestamp};
use tenantry_db::{Db, Location};
use tenantry_worlds::{Look, NewWorld, Settings, World};

/// What tenant domains of our worlds end in. Clients of this field know this one.
pub(crate) const DOMAIN_SUFFIX: &str = "onmicrosoft.com";
/// How long after a month's end late usage is waited for. The field's sources may be a day late; we wait two.
const CLOSE_GRACE_SECONDS: i64 = 48 * 3_600;
/// Holds the origin that the world was last served at: tokens made beside the server must name the same one.
const ORIGIN_FILE: &str = "origin";

/// Where the world is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The directory of the world: database, certificates, files.
    #[arg(long, value_name = "DIR", default_value = "tenantry-data", verbatim_doc_comment)]
    pub(crate) data_dir: PathBuf,

    /// Keep the database on a PostgreSQL server, not in the directory: postgres://user@host/name
    #[arg(long, value_name = "URL", value_parser = server_url, verbatim_doc_comment)]
    database: Option<String>,

    /// The schema of the world in that database.
    #[arg(long, value_name = "NAME", default_value = "tenantry", verbatim_doc_comment)]
    schema: String,
}

/// The URL of a server, as far as it can be told without asking it. What is wrong is said without the URL, which may
/// hold a password.
fn server_url(text: &str) -> Result<String, &'static str> {
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    if known { Ok(text.to_owned()) } else { Err(NOT_A_SERVER) }
}

const NOT_A_SERVER: &str = "it begins with postgres://, like postgres://user@host/name; a database in a file lives in the \
    directory that --data-dir names";

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

    /// The directory of the server's certificates.
    pub(crate) fn tls(&self) -> PathBuf {
        self.directory().join("tls")
    }

    /// The directory, whole, for people in other directories.
    pub(crate) fn directory(&self) -> PathBuf {
        std::path::absolute(&self.data_dir).unwrap_or_else(|_| self.data_dir.clone())
    }

    /// Makes the directory, for its owner only, if it is not there.
    pub(crate) fn prepare(&self) -> Result<(), Problem> {
        private_directory(&self.data_dir).map_err(|error| {
            let told = format!("cannot make the directory {} ({error})", self.data_dir.display());
            Problem::new(Reason::Unavailable, told).at("data-dir")
        })
    }

    /// Opens the world or begins it, as owner. `begin` is the time a sandbox starts at; `None` is a live world.
    pub(crate) async fn open(
        &self,
        origin: &str,
        begin: Option<Timestamp>,
        chance: Chance,
    ) -> Result<Arc<World>, Problem> {
        self.open_ending_in(DOMAIN_SUFFIX, origin, begin, chance).await
    }

    /// The same; tenant domains of a new world end in `domain_suffix`. One that is there keeps its own.
    pub(crate) async fn open_ending_in(
        &self,
        domain_suffix: &str,
        origin: &str,
        begin: Option<Timestamp>,
        chance: Chance,
    ) -> Result<Arc<World>, Problem> {
        self.prepare()?;
        let settings = Settings {
            name: "world".to_owned(),
            sandbox: begin.is_some(),
            domain_suffix: domain_suffix.to_owned(),
            origin: origin.to_owned(),
            close_grace_seconds: CLOSE_GRACE_SECONDS,
        };
        World::open(self.location(), settings, NewWorld { sandbox_from: begin }, Arc::new(chance)).await
    }

    /// Opens a world that is there, as owner: nobody else may serve it meanwhile.
    pub(crate) async fn open_existing(&self) -> Result<Arc<World>, Problem> {
        self.must_exist().await?;
        self.open(&self.origin(), None, from_machine()?).await
    }

    /// Looks at a world that is there. Another process may serve it meanwhile.
    pub(crate) async fn look(&self) -> Result<Look, Problem> {
        self.find().await?.ok_or_else(|| self.no_world())
    }

    /// Opens only the database of a world that is there, of whatever version.
    pub(crate) async fn database(&self) -> Result<Db, Problem> {
        if self.database.is_none() && !self.file().exists() {
            return Err(self.no_world());
        }
        Db::open(self.location()).await
    }

    async fn find(&self) -> Result<Option<Look>, Problem> {
        Look::at(self.location(), Arc::new(from_machine()?)).await
    }

    /// Whether a world was begun here.
    pub(crate) async fn exists(&self) -> Result<bool, Problem> {
        if self.database.is_none() {
            return Ok(self.file().exists());
        }
        let found = self.find().await?;
        let exists = found.is_some();
        if let Some(look) = found {
            look.close().await;
        }
        Ok(exists)
    }

    /// A typing error in `--data-dir` must not begin an empty world.
    pub(crate) async fn must_exist(&self) -> Result<(), Problem> {
        if self.exists().await? { Ok(()) } else { Err(self.no_world()) }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> String {
        match &self.database {
            Some(_) => format!("schema {} of the database", self.schema),
            None => self.data_dir.display().to_string(),
        }
    }

    /// What to type to get here again. A database's URL may hold a password, so it is not repeated.
    pub(crate) fn flags(&self) -> String {
        let directory = quoted(&self.directory());
        match &self.database {
            Some(_) => format!("--data-dir {directory} --schema {} --database URL", self.schema),
            None => format!("--data-dir {directory}"),
        }
    }

    fn no_world(&self) -> Problem {
        let flag = if self.database.is_some() { "--schema" } else { "--data-dir" };
        let told = format!(
            "there is no world in {}; name another place with {flag}, begin a world with `tenantry setup`, or make \
             one to try with `tenantry demo`",
            self.name()
        );
        Problem::new(Reason::InvalidField, told).at("data-dir")
    }

    /// Removes the files of a world that was begun a moment ago and came to nothing. On a server it stays, and is
    /// taken up where it stopped.
    pub(crate) fn forget(&self) {
        if self.database.is_none() {
            for ending in ["sqlite", "sqlite-wal", "sqlite-shm", "lock"] {
                // What stays is found, and named, by the next try.
                let _ = std::fs::remove_file(self.file().with_extension(ending));
            }
        }
    }

    /// The origin that the world is served at, or was last.
    pub(crate) fn origin(&self) -> String {
        let kept = std::fs::read_to_string(self.data_dir.join(ORIGIN_FILE)).unwrap_or_default();
        if kept.is_empty() { format!("https://{HOST}:{PORT}") } else { kept.trim().to_owned() }
    }

    /// Notes the origin that the world is served at from now on.
    pub(crate) fn keep_origin(&self, origin: &str) -> Result<(), Problem> {
        write(&self.data_dir.join(ORIGIN_FILE), origin)
    }
}

/// Writes a small file whole, or says why not.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Problem> {
    std::fs::write(file, text).map_err(|error| {
        let told = format!("cannot write {} ({error}); check the directory and its permissions", file.display());
        Problem::new(Reason::Unavailable, told)
    })
}

/// A path as a shell reads it back.
pub(crate) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-".contains(&b);
    if path.bytes().all(plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// A source of chance for whoever is not told to repeat anything.
pub(crate) fn from_machine() -> Result<Chance, Problem> {
    Chance::from_machine().map_err(Problem::internal)
}

/// Makes a directory that only its owner may enter: it holds the world's signing key. One that is there keeps the
/// permissions its owner gave it.
fn private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}
