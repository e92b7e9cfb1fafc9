//! Which PostgreSQL this run tests: the one named by `TENANTRY_TEST_POSTGRES_URL`, else one that this process
//! starts with the programs it finds, once, when the first test asks.

use crate::private_server::PrivateServer;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Names a server to use instead of a private one: `postgres://user:password@host:port/database`.
const URL: &str = "TENANTRY_TEST_POSTGRES_URL";
/// Where packages of distributions put the programs: a directory per version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// A server to test with.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) url: String,
    /// `PostgreSQL 15`.
    pub(crate) name: String,
    /// Somebody else's: schemas have to be removed.
    pub(crate) borrowed: bool,
    _private: Option<PrivateServer>,
}

impl Postgres {
    /// The server of this process, or what is missing for one.
    pub(crate) fn of_this_process() -> Result<&'static Self, &'static str> {
        static SERVER: OnceLock<Result<Postgres, String>> = OnceLock::new();
        SERVER.get_or_init(Self::find).as_ref().map_err(String::as_str)
    }

    fn find() -> Result<Self, String> {
        if let Some(url) = variable(URL).filter(|url| !url.is_empty()) {
            let url = url.into_string().unwrap_or_else(|_| panic!("{URL} is not UTF-8"));
            return Ok(Self { url, name: format!("PostgreSQL of {URL}"), borrowed: true, _private: None });
        }
        let search_path = variable("PATH").unwrap_or_default();
        let programs = programs(&search_path, Path::new(VERSIONS)).ok_or("no initdb found")?;
        let name = name(&programs);
        let server = PrivateServer::start(&programs);
        Ok(Self { url: server.url.clone(), name, borrowed: false, _private: Some(server) })
    }
}

/// The directory with the server programs: of the search path, else of the newest installed version.
fn programs(search_path: &OsStr, versions: &Path) -> Option<PathBuf> {
    let complete = |directory: &PathBuf| ["initdb", "postgres"].iter().all(|name| directory.join(name).is_file());
    let mut installed: Vec<(u32, PathBuf)> = std::fs::read_dir(versions)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    installed.sort_unstable_by(|one, other| other.cmp(one));
    std::env::split_paths(search_path).chain(installed.into_iter().map(|(_, path)| path)).find(complete)
}

/// `postgres (PostgreSQL) 15.3 (Debian 15.3-1)` is PostgreSQL 15 to people.
fn name(programs: &Path) -> String {
    let said = Command::new(programs.join("postgres")).arg("--version").output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout);
    let version = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    format!("PostgreSQL {}", version.and_then(|version| version.split('.').next()).unwrap_or("of unknown version"))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
pub(crate) fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_taken_from_the_search_path_or_the_newest_version() {
        let root = tempfile::tempdir().unwrap();
        let versions = root.path().join("versions");
        for (directory, files) in [
            ("mine", &["initdb", "postgres"][..]),
            ("half", &["initdb"]),
            ("versions/9/bin", &["initdb", "postgres"]),
            ("versions/15/bin", &["initdb", "postgres"]),
            ("versions/16/bin", &["postgres"]),
            ("versions/common/bin", &["initdb", "postgres"]),
        ] {
            let directory = root.path().join(directory);
            std::fs::create_dir_all(&directory).unwrap();
            files.iter().for_each(|file| std::fs::write(directory.join(file), "").unwrap());
        }
        for (search_path, versions, found) in [
            (vec!["half", "mine"], versions.as_path(), Some("mine")),
            (vec!["half", "absent"], &versions, Some("versions/15/bin")),
            (vec![], &versions, Some("versions/15/bin")),
            (vec!["half"], Path::new("/nonexistent"), None),
        ] {
            let joined = std::env::join_paths(search_path.iter().map(|name| root.path().join(name))).unwrap();
            assert_eq!(programs(&joined, versions), found.map(|name| root.path().join(name)), "{search_path:?}");
        }
    }
}
