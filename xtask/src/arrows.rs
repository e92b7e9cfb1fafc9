//! Dependencies point one way: a crate uses only crates that stand before it in [`HOUSE`].
//!
//! The compiler refuses circles, but not a shortcut: a face that reads a table, a pure crate that learns to wait, two
//! faces that grow together. Each costs nothing on the day it is taken and a rewrite later. So the order is a list
//! that somebody can read, and every manifest is compared with it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

/// The crates from the ground up, by folder. A `*` stands for any ending; crates on one line may not use each other.
const HOUSE: &[&str] = &[
    "core",
    "rating",
    "usage",
    "db",
    "access",
    "directory",
    "commerce",
    "resources",
    "metering",
    "billing",
    "exports",
    "notify",
    "support",
    "worlds",
    "http",
    "face-*",
    "portal",
    "tenantry",
];

/// Tenantry in a box stands beside the house: it may use what is below the faces, and only tests may use it.
const TESTKIT: &str = "testkit";

/// Crates that own tables.
const SLICES: &[&str] = &["directory", "commerce", "resources", "metering", "billing", "notify", "support", "worlds"];

/// Crates that only compute: their results must be the same on any machine, in any year.
const PURE: &[&str] = &["core", "rating", "usage", "access"];

/// What a pure crate may not know: how to wait, how to store, how to talk.
const IMPURE: &[&str] = &["http", "hyper", "hyper-util", "rustls", "sqlx", "tokio", "tokio-rustls"];

/// One crate as its manifest tells it.
#[derive(Debug)]
struct Room {
    /// The folder below `crates/`.
    name: String,
    uses: Vec<Use>,
}

#[derive(Debug)]
struct Use {
    /// The package's real name, also where the manifest gives it another.
    package: String,
    in_tests_only: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Manifest {
    dependencies: Dependencies,
    build_dependencies: Dependencies,
    dev_dependencies: Dependencies,
    target: BTreeMap<String, Manifest>,
    workspace: Workspace,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Workspace {
    dependencies: Dependencies,
}

type Dependencies = BTreeMap<String, Dependency>;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Dependency {
    Version(#[expect(dead_code, reason = "only tells the two forms apart")] String),
    Detailed { package: Option<String> },
}

/// Reads every manifest below `crates/`. One sentence per violation.
///
/// # Errors
/// A file that cannot be read or is not a manifest.
pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let workspace = parse(&root.join("Cargo.toml"))?.workspace.dependencies;
    let mut findings = Vec::new();
    for folder in entries(&root.join("crates"))? {
        if !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let room = Room::new(&file_name(&folder), &parse(&folder.join("Cargo.toml"))?, &workspace);
        findings.extend(room.violations());
    }
    Ok(findings)
}

impl Room {
    fn new(name: &str, manifest: &Manifest, workspace: &Dependencies) -> Self {
        let mut uses = Vec::new();
        manifest.collect(workspace, &mut uses);
        Self { name: name.to_owned(), uses }
    }

    fn violations(&self) -> Vec<String> {
        if rank(&self.name).is_none() && self.name != TESTKIT {
            return vec![self.finding(
                "is not in the order of the house",
                "add it to HOUSE in xtask/src/arrows.rs and to ARCHITECTURE.md, above all it uses",
            )];
        }
        self.uses.iter().filter_map(|used| self.violation(used)).collect()
    }

    fn violation(&self, used: &Use) -> Option<String> {
        let package = used.package.as_str();
        let what = format!("uses {package}");
        let (what, todo) = match package.strip_prefix("tenantry-").or((package == "tenantry").then_some("tenantry")) {
            Some(room) => self.inside(room, used.in_tests_only).map(|todo| (what, todo))?,
            None => self.outside(package).map(|todo| (what, todo))?,
        };
        Some(self.finding(&what, todo))
    }

    /// What to do instead of using our own crate `room`; `None` if using it is fine.
    fn inside(&self, room: &str, in_tests_only: bool) -> Option<&'static str> {
        if room == TESTKIT {
            return (!in_tests_only).then_some("the testkit is for tests: move it to [dev-dependencies]");
        }
        let Some(below) = rank(room) else {
            return Some("no such crate stands in HOUSE in xtask/src/arrows.rs: add it there, in its place");
        };
        let here = rank(&self.name);
        if here.is_none() && is_outward(room) {
            return Some("the testkit stands below the faces: test a face in the face's own tests/ folder");
        }
        if is_face(&self.name) && is_face(room) {
            return Some(
                "faces never use each other: move what both need down, into the slice that owns it or to http",
            );
        }
        if here.is_some_and(|here| here <= below) {
            return Some("it does not stand below: move what is shared down, or this code up (the order is HOUSE)");
        }
        (room == "db" && !self.may_use_db()).then_some(if is_face(&self.name) {
            "a face only translates: call an act or a query of the slice that owns the table"
        } else {
            "only slices own tables: call an act or a query of the slice that owns the data"
        })
    }

    /// What to do instead of using `package`, which is not ours; `None` if using it is fine.
    fn outside(&self, package: &str) -> Option<&'static str> {
        if package == "getrandom" && self.name != "core" {
            return Some("chance is an input: draw from OpContext::chance");
        }
        if is(PURE, &self.name) && is(IMPURE, package) {
            return Some("this crate only computes: take the value as an argument and let a slice or http do the work");
        }
        (package == "sqlx" && self.name != "db")
            .then_some("only db names the driver: write the text with tenantry_db::sql in a slice's rows.rs")
    }

    /// The binary opens the database and hands it to the slices, and so do exports; neither reads a table.
    fn may_use_db(&self) -> bool {
        // `http` keeps the answers of writes, to replay them; `db` owns that table, no slice does.
        is(SLICES, &self.name) || is(&[TESTKIT, "tenantry", "http", "exports"], &self.name)
    }

    fn finding(&self, what: impl fmt::Display, todo: impl fmt::Display) -> String {
        format!("crates/{name}/Cargo.toml:1: {name} {what}; {todo}", name = self.name)
    }
}

impl Manifest {
    fn collect(&self, workspace: &Dependencies, uses: &mut Vec<Use>) {
        let kinds = [(&self.dependencies, false), (&self.build_dependencies, false), (&self.dev_dependencies, true)];
        for (dependencies, in_tests_only) in kinds {
            for (name, dependency) in dependencies {
                let package = dependency.package().or_else(|| workspace.get(name)?.package()).unwrap_or(name);
                uses.push(Use { package: package.to_owned(), in_tests_only });
            }
        }
        for target in self.target.values() {
            target.collect(workspace, uses);
        }
    }
}

impl Dependency {
    fn package(&self) -> Option<&str> {
        match self {
            Self::Version(_) => None,
            Self::Detailed { package } => package.as_deref(),
        }
    }
}

/// How far from the ground; `None` for a crate that is not in the house.
fn rank(room: &str) -> Option<usize> {
    HOUSE.iter().position(|place| match place.strip_suffix('*') {
        Some(start) => room.starts_with(start),
        None => room == *place,
    })
}

/// Faces are what others see; the portal is one.
fn is_face(room: &str) -> bool {
    room.starts_with("face-") || room == "portal"
}

fn is_outward(room: &str) -> bool {
    is_face(room) || room == "tenantry"
}

fn is(list: &[&str], name: &str) -> bool {
    list.contains(&name)
}

fn parse(path: &Path) -> Result<Manifest, String> {
    toml::from_str(&read(path)?).map_err(|why| format!("{}: {why}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(folder).and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect());
    let mut paths: Vec<_> = listed.map_err(|why: std::io::Error| format!("cannot list {}: {why}", folder.display()))?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about a crate with this manifest; renames in the workspace are known.
    fn violations(name: &str, manifest: &str) -> Vec<String> {
        let workspace = "[workspace.dependencies]\nstore = { package = \"tenantry-db\", path = \"crates/db\" }\n";
        let workspace: Manifest = toml::from_str(workspace).unwrap();
        let manifest: Manifest = toml::from_str(manifest).unwrap();
        Room::new(name, &manifest, &workspace.workspace.dependencies).violations()
    }

    #[test]
    fn arrows_that_point_down_are_fine() {
        let check = |name: &str, package: &str| {
            let found = violations(name, &format!("[dependencies]\n{package}.workspace = true\n"));
            assert_eq!(found, Vec::<String>::new(), "{name} -> {package}");
        };
        check("rating", "tenantry-core");
        check("billing", "tenantry-metering");
        check("billing", "tenantry-db");
        check("db", "sqlx");
        check("http", "tokio");
        check("face-login", "tenantry-http");
        check("tenantry", "tenantry-face-login");
        check("tenantry", "tenantry-db");
        check("testkit", "tenantry-worlds");
        check("testkit", "tenantry-db");
        check("http", "tenantry-db");
        check("core", "getrandom");
        check("core", "serde");
    }

    #[test]
    fn arrows_that_point_elsewhere_are_found() {
        let check = |name: &str, package: &str, told: &str| {
            let found = violations(name, &format!("[dependencies]\n{package}.workspace = true\n"));
            assert_eq!(found.len(), 1, "{name} -> {package}: {found:?}");
            assert!(found[0].contains(told), "{name} -> {package}: {}", found[0]);
        };
        check("core", "tenantry-rating", "does not stand below");
        check("commerce", "tenantry-billing", "does not stand below");
        check("commerce", "tenantry-commerce", "does not stand below");
        check("worlds", "tenantry-http", "does not stand below");
        check("http", "tenantry-face-login", "does not stand below");
        check("directory", "tenantry", "does not stand below");
        check("face-login", "tenantry-face-tenantry", "faces never use each other");
        check("portal", "tenantry-face-login", "faces never use each other");
        check("face-login", "tenantry-db", "a face only translates");
        check("portal", "tenantry-db", "a face only translates");
        check("access", "tenantry-db", "only slices own tables");
        check("face-login", "sqlx", "only db names the driver");
        check("billing", "sqlx", "only db names the driver");
        check("http", "sqlx", "only db names the driver");
        check("testkit", "sqlx", "only db names the driver");
        check("usage", "tokio", "only computes");
        check("access", "hyper", "only computes");
        check("rating", "sqlx", "only computes");
        check("directory", "getrandom", "chance is an input");
        check("commerce", "tenantry-testkit", "[dev-dependencies]");
        check("testkit", "tenantry-face-login", "below the faces");
        check("testkit", "tenantry", "below the faces");
        check("commerce", "tenantry-wine-cellar", "no such crate");
        check("wine-cellar", "tenantry-core", "not in the order");
    }

    #[test]
    fn every_kind_of_dependency_is_looked_at() {
        let check = |manifest: &str, expected: usize| {
            assert_eq!(violations("face-login", manifest).len(), expected, "{manifest}");
        };
        check("[dev-dependencies]\ntenantry-testkit.workspace = true\n", 0);
        check("[build-dependencies]\ntenantry-testkit = \"1\"\n", 1);
        check("[dev-dependencies]\ntenantry-db.workspace = true\n", 1);
        check("[build-dependencies]\ntenantry-db = \"1\"\n", 1);
        check("[target.'cfg(unix)'.dependencies]\ntenantry-db.workspace = true\n", 1);
        check("[dependencies]\nstore.workspace = true\n", 1);
        check("[dependencies]\nrows = { package = \"sqlx\", version = \"0.9\" }\n", 1);
    }
}
