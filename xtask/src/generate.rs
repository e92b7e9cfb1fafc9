//! Generated files: made by tests, committed, compared on every run.
//!
//! What describes the program for people (OpenAPI documents, the policy table, the command line reference) is
//! computed from the program by tests whose names begin with `generated_`. Each compares its text
//! with the committed file through `tenantry_testkit::golden`, so a change of behaviour is a diff that somebody
//! reads. This command runs just those tests; with `TENANTRY_UPDATE=1` the same comparison writes the file instead.

use std::path::Path;
use std::process::{Command, Stdio};

/// Set to `1`, it makes `golden` write what it would have compared.
const UPDATE: &str = "TENANTRY_UPDATE";

/// What tests that make files are called.
const PREFIX: &str = "generated_";

/// What to do with files that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write them anew.
    Rewrite,
    /// Fail and say how to update.
    Check,
}

/// Runs the tests that make the generated files. Returns what to tell the user.
///
/// # Errors
/// A test failed, cargo could not be started, or there is no such test at all: a check of nothing proves nothing.
pub fn run(root: &Path, mode: Mode) -> Result<String, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--workspace", "--tests", PREFIX]).current_dir(root);
    // What does not build says so on stderr; `output` would swallow it and leave a reader with "differs" and no reason.
    cargo.stdout(Stdio::piped()).stderr(Stdio::inherit());
    match mode {
        Mode::Rewrite => cargo.env(UPDATE, "1"),
        Mode::Check => cargo.env_remove(UPDATE),
    };
    let output = cargo.output().map_err(|why| format!("cannot start cargo: {why}"))?;
    judge(mode, output.status.success(), &String::from_utf8_lossy(&output.stdout))
}

fn judge(mode: Mode, success: bool, output: &str) -> Result<String, String> {
    match (mode, success, passed(output)) {
        (Mode::Check, false, _) => Err(format!(
            "{output}\na generated file differs from the committed one (see above). If the change is meant, run \
             `cargo xtask generate`, read the diff and commit it"
        )),
        (Mode::Rewrite, false, _) => Err(format!("{output}\na generated file could not be made (see above)")),
        (_, true, 0) => Err(format!("no test is named `{PREFIX}*`, so nothing was generated or compared")),
        (Mode::Check, true, tests) => Ok(format!("generate: as committed ({tests} tests)")),
        (Mode::Rewrite, true, tests) => Ok(format!("generate: written by {tests} tests; read the diff, then commit")),
    }
}

/// How many tests passed, over all test programs.
fn passed(output: &str) -> usize {
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|line| line.split(' ').next()?.parse::<usize>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_PROGRAMS: &str = "\
running 1 test
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 41 filtered out; finished in 0.01s
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s
";

    #[test]
    fn the_tests_of_all_programs_are_counted() {
        assert_eq!(passed(TWO_PROGRAMS), 3);
        assert_eq!(judge(Mode::Check, true, TWO_PROGRAMS), Ok("generate: as committed (3 tests)".to_owned()));
    }

    #[test]
    fn a_difference_says_how_to_update() {
        let told = judge(Mode::Check, false, "openapi/tenantry.json differs").unwrap_err();
        assert!(told.contains("openapi/tenantry.json differs") && told.contains("`cargo xtask generate`"), "{told}");
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        let nothing = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out";
        assert!(judge(Mode::Check, true, nothing).is_err());
        assert!(judge(Mode::Rewrite, true, nothing).is_err());
    }
}
