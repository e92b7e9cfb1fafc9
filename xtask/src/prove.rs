//! The long forms of the proofs that are short in every run of the tests.
//!
//! Each suite draws its cases from numbers and takes how many, and from which on, from the environment. Here they are
//! run one after the other, with figures that take hours, not days, all from one seed: another seed is another path.
//! A suite that fails prints what brings its case back, and the others are run all the same.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A suite, and how long it is to be.
#[derive(Debug, Clone, Copy)]
struct Proof {
    what: &'static str,
    tests: &'static [&'static str],
    count: (&'static str, u64),
    seed: &'static str,
}

const PROOFS: [Proof; 4] = [
    Proof {
        what: "random channels against an independent calculator",
        tests: &["-p", "tenantry", "--test", "differential"],
        count: ("TENANTRY_DIFFERENTIAL_CASES", 100_000),
        seed: "TENANTRY_DIFFERENTIAL_SEED",
    },
    Proof {
        what: "parsers on inputs that nobody wrote",
        tests: &["--workspace", "--test", "fuzz"],
        count: ("TENANTRY_FUZZ_ROUNDS", 100_000),
        seed: "TENANTRY_FUZZ_SEED",
    },
    Proof {
        what: "kills at any moment and at any write",
        tests: &["-p", "tenantry", "--test", "crash"],
        count: ("TENANTRY_CRASH_KILLS", 1_000),
        seed: "TENANTRY_CRASH_SEED",
    },
    Proof {
        what: "two processes, one killed or stopped",
        tests: &["-p", "tenantry", "--test", "two_processes"],
        count: ("TENANTRY_TWO_PROCESSES_ROUNDS", 100),
        seed: "TENANTRY_TWO_PROCESSES_SEED",
    },
];

/// Runs all of them from a seed on. Returns what to tell the user.
///
/// # Errors
/// The names of those that failed, when all have run; or cargo could not be started.
pub fn run(root: &Path, seed: u64) -> Result<String, String> {
    let mut failed = Vec::new();
    for proof in PROOFS {
        eprintln!("prove: {}: {}", proof.what, proof.command(seed));
        if !proof.holds(root, seed)? {
            failed.push(proof.what);
        }
    }
    match failed.as_slice() {
        [] => Ok(format!("prove: all {} hold, from seed {seed}", PROOFS.len())),
        _ => Err(format!("from seed {seed} these failed (each has said what brings it back): {}", failed.join("; "))),
    }
}

impl Proof {
    /// As a user would type it.
    fn command(&self, seed: u64) -> String {
        let (count, many) = self.count;
        format!("{count}={many} {}={seed} cargo test {}", self.seed, self.tests.join(" "))
    }

    #[expect(clippy::disallowed_methods, reason = "how long a proof took on this machine")]
    fn holds(&self, root: &Path, seed: u64) -> Result<bool, String> {
        let begun = Instant::now();
        let mut cargo = Command::new("cargo");
        cargo.arg("test").args(self.tests).current_dir(root);
        // Without PostgreSQL half of it would be left out, and nobody told.
        cargo.env("TENANTRY_TEST_REQUIRE_POSTGRES", "1");
        cargo.env(self.count.0, self.count.1.to_string()).env(self.seed, seed.to_string());
        let ended = cargo.status().map_err(|why| format!("cannot start cargo: {why}"))?;
        let how = if ended.success() { "holds" } else { "FAILED" };
        eprintln!("prove: {}: {how}, {} s", self.what, begun.elapsed().as_secs());
        Ok(ended.success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What these commands say is also what the suites read: a variable that is misspelt would make a long run a short one.
    #[test]
    fn the_suites_read_the_variables() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let of = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
        let sources = [
            of("crates/tenantry/tests/differential/main.rs"),
            of("crates/testkit/src/fuzz.rs"),
            of("crates/tenantry/tests/crash/main.rs"),
            of("crates/tenantry/tests/two_processes/main.rs"),
        ];
        for (proof, source) in PROOFS.iter().zip(sources) {
            for variable in [proof.count.0, proof.seed] {
                assert!(source.contains(&format!("\"{variable}\"")), "{variable} is read by nobody");
            }
        }
    }

    #[test]
    fn a_command_is_what_one_types() {
        let typed = "TENANTRY_CRASH_KILLS=1000 TENANTRY_CRASH_SEED=7 cargo test -p tenantry --test crash";
        assert_eq!(PROOFS[2].command(7), typed);
    }
}
