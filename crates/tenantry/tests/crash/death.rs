//! Death at a write: a process ends before its n-th write to a file or to the server, after it, or with half of it done.
//!
//! A kill from outside hits the long moments. The short ones, between the pages of one commit, are hit here, and each of
//! them, because the writes are counted: a small library (`fail_point.c`) is loaded into the process that dies. The
//! program itself has no switch for that and knows nothing of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use tenantry_core::Chance;

const DIED: &str = "died at ";

/// A death, as drawn from a number.
#[derive(Debug)]
pub struct Death {
    write: u64,
    how: &'static str,
}

impl Death {
    pub fn of(number: u64, writes: u64) -> Self {
        let chance = Chance::from_seed(1_000_000 + number);
        let how = ["before", "after", "torn"][usize::try_from(chance.below(3)).unwrap()];
        // Half of them early: a start and its first writes are few.
        let writes = if chance.below(2) == 0 { writes / 8 } else { writes };
        Self { write: 1 + chance.below(writes), how }
    }

    /// Whatever the command starts will die that way, if it writes that often.
    pub fn awaits<'a>(&self, command: &'a mut Command, library: &Path) -> &'a mut Command {
        command.env("LD_PRELOAD", library).env("TENANTRY_FAIL_AT", self.write.to_string());
        command.env("TENANTRY_FAIL_HOW", self.how)
    }
}

/// Makes the library. A machine that links Rust programs has a C compiler.
pub fn library(directory: &Path) -> PathBuf {
    let (source, library) = (directory.join("fail_point.c"), directory.join("fail_point.so"));
    std::fs::write(&source, include_str!("fail_point.c")).unwrap();
    let made =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).arg("-ldl").output();
    let made = made.unwrap_or_else(|error| panic!("cc: {error}"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    library
}

/// At what the processes died, to show that all kinds of writes are hit.
pub fn count(deaths: &mut BTreeMap<String, u64>, said: &[String]) {
    let at = said.iter().find_map(|line| line.strip_prefix(DIED));
    *deaths.entry(at.unwrap_or("nothing it could say").to_owned()).or_default() += 1;
}
