//! Death at a write: the process ends before its n-th write to a file or to the server, after it, or with half of it done.
//!
//! A kill from outside hits the long moments. The short ones, between the pages of one commit, are hit here, and each of
//! them, because the writes are counted: a small library (`fail_point.c`) is loaded into the process that dies. The
//! program itself has no switch for that and knows nothing of it.

use crate::child::{Does, Role};
use crate::setting::Setting;
use crate::victim::Victim;
use crate::{intake, kills, months, proof};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use tenantry_core::Chance;
use tenantry_testkit::on_every_engine;

const KILLS_IN_INTAKE: u64 = 24;
const KILLS_IN_MONTHS: u64 = 16;
/// Writes of a start and some batches.
const WRITES_OF_INTAKE: u64 = 900;
/// Writes of a start and a month with its close.
const WRITES_OF_A_MONTH: u64 = 1_800;
const DIED: &str = "died at ";

/// A death, as drawn from a number.
#[derive(Debug)]
pub struct Death {
    number: u64,
    write: u64,
    how: &'static str,
}

impl Death {
    pub fn of(number: u64, writes: u64) -> Self {
        let chance = Chance::from_seed(1_000_000 + number);
        let how = ["before", "after", "torn"][usize::try_from(chance.below(3)).unwrap()];
        // Half of them early: a start and its first writes are few.
        let writes = if chance.below(2) == 0 { writes / 8 } else { writes };
        Self { number, write: 1 + chance.below(writes), how }
    }

    /// Lets a process live until then. Gives what it said.
    fn of_process(&self, role: &Role, library: &Path) -> Vec<String> {
        let mut command = Command::new(std::env::current_exe().unwrap());
        Victim::start(role.to(self.awaits(&mut command, library))).dies()
    }

    /// Whatever the command starts will die that way, if it writes that often.
    pub fn awaits<'a>(&self, command: &'a mut Command, library: &Path) -> &'a mut Command {
        command.env("LD_PRELOAD", library).env("TENANTRY_FAIL_AT", self.write.to_string());
        command.env("TENANTRY_FAIL_HOW", self.how)
    }
}

impl Drop for Death {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("after death number {} {} write {}", self.number, self.how, self.write);
        }
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

#[test]
fn whoever_dies_at_a_write_of_intake_has_lost_and_doubled_nothing() {
    on_every_engine(|bench| async move {
        let library = library(bench.directory());
        let mut deaths = BTreeMap::new();
        for kills in kills(KILLS_IN_INTAKE) {
            let setting = Setting::new(bench.another_location(), 2).await;
            let mut counted = BTreeSet::new();
            for number in kills {
                let death = Death::of(number, WRITES_OF_INTAKE);
                let first = counted.last().map_or(0, |last| last + 1);
                let said = death.of_process(&Role::new(&setting, Does::Intake { first }), &library);
                count(&mut deaths, &said);
                intake::nothing_is_lost_or_doubled(&setting, number, first, &said, &mut counted).await;
            }
            let world = setting.reopen().await;
            proof::logged(&setting, &world, &counted).await;
            proof::books(&world).await;
        }
        eprintln!("{:?}: {deaths:?}", bench.engine());
    });
}

#[test]
fn whoever_dies_at_a_write_of_a_close_completes_it_after_the_restart() {
    on_every_engine(|bench| async move {
        let library = library(bench.directory());
        let mut deaths = BTreeMap::new();
        for kills in kills(KILLS_IN_MONTHS) {
            let setting = Setting::new(bench.another_location(), months::PARTNERS).await;
            let mut closed = months::Closed::new();
            for number in kills {
                let death = Death::of(10_000_000 + number, WRITES_OF_A_MONTH);
                let said = death.of_process(&Role::new(&setting, Does::Months), &library);
                count(&mut deaths, &said);
                months::is_completed(&setting, number, &said, &mut closed).await;
            }
            let world = setting.reopen().await;
            proof::documents(&setting, &world, &closed).await;
            proof::books(&world).await;
        }
        eprintln!("{:?}: {deaths:?}", bench.engine());
    });
}
