//! A backup taken while usage comes in is the world of one instant: put in its place it opens, checks, knows everything
//! that was acknowledged before it was begun, and counts the rest when it is sent again.

use crate::child::{Does, LANES, Role, acknowledged};
use crate::setting::{Setting, first_month, send};
use crate::victim::Moment;
use crate::{proof, variable};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tenantry_db::{Db, Location, backup};
use tenantry_metering::Verdict;
use tenantry_testkit::on_every_engine;

/// Batches acknowledged before the backup begins.
const BEFORE: usize = 25;
/// Lines heard after it has ended.
const AFTER: u64 = 10;

#[test]
fn a_backup_taken_under_load_restores_and_checks() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), 2).await;
        let mut writer = Role::new(&setting, Does::Intake { first: 0 }).start();
        let mut said = Vec::new();
        while acknowledged(&said).len() < BEFORE {
            said.push(writer.line().expect("the process ended by itself"));
        }
        let before = acknowledged(&said);
        let Some(restored) = copy(&setting.location, bench.directory()).await else { return };
        said.extend(writer.kill_at(Moment { lines: AFTER, micros: 0 }));
        let all = acknowledged(&said);

        let setting = setting.at(restored);
        let world = setting.reopen().await;
        let last = all.last().map_or(0, |last| last + LANES);
        let mut in_copy = BTreeSet::new();
        for number in 0..last {
            if send(&world, setting.batch(first_month(), number)).await == Verdict::Duplicate {
                in_copy.insert(number);
            }
        }
        assert!(in_copy.is_superset(&before), "acknowledged and not in the backup: {:?}", before.difference(&in_copy));
        let sent = (0..last).collect();
        proof::counted(&setting, &world, &sent).await;
        proof::logged(&setting, &world, &sent).await;
        proof::books(&world).await;
    });
}

/// Backs the world up as an operator does and restores it elsewhere. `None` where the server's tools are missing.
async fn copy(location: &Location, directory: &Path) -> Option<Location> {
    match location {
        Location::File(_) => {
            let file = directory.join("restored.sqlite");
            let db = Db::open(location.clone()).await.unwrap();
            backup::copy_to(&db, &file).await.unwrap();
            db.close().await;
            Some(Location::File(file))
        }
        Location::Server { url, schema } => {
            let Some(tools) = tools() else {
                // Not `eprintln!`: a passed test would not show it.
                let _ = writeln!(std::io::stderr(), "skipped: no pg_dump beside the server's programs");
                return None;
            };
            let dump = directory.join("world.dump");
            let file = dump.to_str().unwrap();
            run(&tools.join("pg_dump"), &["--format=custom", "--schema", schema, "--file", file, "--dbname", url]);
            let name = format!("restored_{schema}");
            let (connection, database) = url.rsplit_once('/').unwrap();
            let query = database.split_once('?').map_or("", |(_, query)| query);
            run(&tools.join("psql"), &["--quiet", "--command", &format!("CREATE DATABASE {name}"), url]);
            let url = format!("{connection}/{name}?{query}");
            run(&tools.join("pg_restore"), &["--dbname", &url, file]);
            Some(Location::Server { url, schema: schema.clone() })
        }
    }
}

/// The directory of PostgreSQL's client programs.
fn tools() -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut installed: Vec<_> = installed.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    installed.sort();
    let complete =
        |directory: &PathBuf| ["pg_dump", "pg_restore", "psql"].iter().all(|name| directory.join(name).is_file());
    std::env::split_paths(&path).chain(installed.into_iter().rev()).find(complete)
}

fn run(program: &Path, arguments: &[&str]) {
    let ended = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{} {arguments:?}: {said}", program.display());
}
