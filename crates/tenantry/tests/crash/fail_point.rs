//! Processes that die at a write of theirs (`death.rs`), during intake and during a close.

use crate::child::{Does, Role};
use crate::death::{Death, count, library};
use crate::setting::Setting;
use crate::victim::Victim;
use crate::{brought_back, intake, kills, months, proof};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use tenantry_testkit::on_every_engine;

const KILLS_IN_INTAKE: u64 = 24;
const KILLS_IN_MONTHS: u64 = 16;
/// Writes of a start and some batches.
const WRITES_OF_INTAKE: u64 = 900;
/// Writes of a start and a month with its close.
const WRITES_OF_A_MONTH: u64 = 1_800;

/// Lets a process live until its death. Gives what it said.
fn lives(role: &Role, death: &Death, library: &Path) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    Victim::start(role.to(death.awaits(&mut command, library))).dies()
}

#[test]
fn whoever_dies_at_a_write_of_intake_has_lost_and_doubled_nothing() {
    on_every_engine(|bench| async move {
        let library = library(bench.directory());
        let mut deaths = BTreeMap::new();
        for kills in kills(KILLS_IN_INTAKE) {
            let setting = Setting::new(bench.another_location(), 2).await;
            let mut counted = BTreeSet::new();
            for number in kills.clone() {
                let _which = brought_back(&kills, number);
                let death = Death::of(number, WRITES_OF_INTAKE);
                let first = counted.last().map_or(0, |last| last + 1);
                let said = lives(&Role::new(&setting, Does::Intake { first }), &death, &library);
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
            for number in kills.clone() {
                let _which = brought_back(&kills, number);
                let death = Death::of(10_000_000 + number, WRITES_OF_A_MONTH);
                let said = lives(&Role::new(&setting, Does::Months), &death, &library);
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
