//! DuckDB beside us, where it is installed: `bench/duckdb/install` puts it into a virtual environment of Python below
//! `target/`. Without it the lines say so and go on.

use crate::measure::Run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a script said: how many nanoseconds its work took, and what that came to.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) run: Run,
    pub(crate) result: String,
}

fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-duckdb/bin/python");
    python.is_file().then_some(python)
}

/// Runs a script of `bench/duckdb` on some files.
pub(crate) fn run(script: &str, units: u64, files: &[&Path]) -> Option<Said> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("duckdb").join(script);
    let ended = Command::new(python()?).arg(script).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let (nanos, result) = said.trim().split_once(' ').unwrap();
    Some(Said { run: Run { units, nanos: nanos.parse().unwrap() }, result: result.to_owned() })
}

/// Said in place of a figure.
pub(crate) const MISSING: &str = "DuckDB: not installed (bench/duckdb/install)";
