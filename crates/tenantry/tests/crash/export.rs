//! An export that dies at any of its writes leaves no file that could be taken for a whole one, and the next try finishes
//! it: the same parts, the same manifest, to the byte, whatever was there already.

use crate::death::{Death, count, library};
use crate::setting::{Setting, fifth, first_month, send};
use crate::{brought_back, kills};
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use tenantry_db::{Location, sql};
use tenantry_testkit::on_every_engine;

const KILLS: u64 = 16;
/// Writes of an export, the look at the world included.
const WRITES: u64 = 60;
/// So that there are several.
const PART_ROWS: &str = "3";
const SIGKILL: i32 = 9;

/// Files by name.
type Files = BTreeMap<String, Vec<u8>>;

fn export(setting: &Setting, data: &Path, invoice: &str, into: &Path, death: Option<(&Death, &Path)>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command
        .args(["export", "--invoice", invoice, "--format", "daily", "--part-rows", PART_ROWS, "--data-dir"])
        .arg(data);
    if let Location::Server { url, schema } = &setting.location {
        command.args(["--database", url, "--schema", schema]);
    }
    command.arg("--out").arg(into.join("rows.csv"));
    if let Some((death, library)) = death {
        death.awaits(&mut command, library);
    }
    command.output().unwrap()
}

fn files(directory: &Path) -> Files {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn an_export_that_died_at_a_write_is_finished_by_the_next() {
    on_every_engine(|bench| async move {
        let data = bench.directory().join("data");
        std::fs::create_dir(&data).unwrap();
        let location = match bench.location() {
            Location::File(_) => Location::File(data.join("world.sqlite")),
            server @ Location::Server { .. } => server.clone(),
        };
        let setting = Setting::new(location, 1).await;
        let world = setting.reopen().await;
        for number in 0..5 {
            send(&world, setting.batch(first_month(), number)).await;
        }
        world.advance(&world.system("crash"), fifth(first_month().next())).await.unwrap();
        let invoice = sql("SELECT number FROM invoice").one(&mut world.db().reader().await.unwrap()).await.unwrap();
        let invoice = invoice.text("number").unwrap();
        world.close().await.unwrap();
        drop(world);

        let whole = bench.directory().join("whole");
        std::fs::create_dir(&whole).unwrap();
        let said = export(&setting, &data, &invoice, &whole, None);
        assert!(said.status.success(), "{said:?}");
        let expected = files(&whole);
        assert!(expected.len() > 3, "parts and a manifest: {:?}", expected.keys());

        let library = library(bench.directory());
        let (mut deaths, mut finished) = (BTreeMap::new(), 0);
        // Each has a directory of its own: nothing of one is left for the next.
        for number in kills(KILLS).into_iter().flatten() {
            let _which = brought_back(&(number..number + 1), number);
            let directory = bench.directory().join(format!("export-{number}"));
            std::fs::create_dir(&directory).unwrap();
            // Twice: the second try finds what the first one left.
            for again in 0..2 {
                let death = Death::of(20_000_000 + 2 * number + again, WRITES);
                let ended = export(&setting, &data, &invoice, &directory, Some((&death, &library)));
                if ended.status.signal() != Some(SIGKILL) {
                    assert!(ended.status.success(), "{ended:?}");
                    finished += 1;
                    continue;
                }
                let said = String::from_utf8_lossy(&ended.stdout);
                count(&mut deaths, &said.lines().map(str::to_owned).collect::<Vec<_>>());
                nothing_half_has_a_whole_name(&files(&directory), &expected);
            }
            let ended = export(&setting, &data, &invoice, &directory, None);
            assert!(ended.status.success(), "{ended:?}");
            let seen = files(&directory);
            assert_eq!(seen.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
            assert!(seen == expected, "an export that was interrupted gave other bytes");
            std::fs::remove_dir_all(&directory).unwrap();
        }
        eprintln!("{:?}: {deaths:?}, {finished} finished before their death", bench.engine());
        assert!(!deaths.is_empty(), "nobody died");
    });
}

/// A name of the finished export stands for its whole content; other names are nobody's business.
fn nothing_half_has_a_whole_name(seen: &Files, expected: &Files) {
    for (name, bytes) in seen {
        if let Some(whole) = expected.get(name) {
            assert!(bytes == whole, "{name} is there and not whole: {} of {} bytes", bytes.len(), whole.len());
        }
    }
}
