//! Goldens: what the program made, compared with a committed file that somebody has read.

use crate::lines;
use crate::postgres::variable;
use std::path::Path;

/// Set to `1`, it writes the files instead of comparing.
const UPDATE: &str = "TENANTRY_UPDATE";

/// Compares with a file of the crate under test: `golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/x.txt", &text)`.
///
/// # Panics
/// When they differ, with the lines that do; when the file is not there. With `TENANTRY_UPDATE=1` it writes the
/// file instead.
#[track_caller]
pub fn golden(crate_directory: &str, path: &str, actual: impl AsRef<[u8]>) {
    let file = Path::new(crate_directory).join(path);
    if variable(UPDATE).is_some_and(|value| value == "1") {
        update(&file, actual.as_ref());
    } else if let Err(said) = compare(&file, path, actual.as_ref()) {
        panic!("{said}");
    }
}

fn update(file: &Path, actual: &[u8]) {
    // A file that is not touched is not built again.
    if std::fs::read(file).is_ok_and(|committed| committed == actual) {
        return;
    }
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, actual).unwrap();
}

fn compare(file: &Path, path: &str, actual: &[u8]) -> Result<(), String> {
    let advice =
        format!("If this is what users shall see, run again with {UPDATE}=1 and read the diff before you commit");
    let committed =
        std::fs::read(file).map_err(|error| format!("the golden {path} cannot be read: {error}. {advice}"))?;
    if committed == actual {
        return Ok(());
    }
    let what = match (std::str::from_utf8(&committed), std::str::from_utf8(actual)) {
        (Ok(committed), Ok(actual)) => lines::difference(committed, actual),
        _ => {
            let same = committed.iter().zip(actual).take_while(|(one, other)| one == other).count();
            format!("{} bytes, now {}; the first that differs is number {same}\n", committed.len(), actual.len())
        }
    };
    Err(format!("{path} differs (- committed, + now):\n{what}{advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_golden_is_written_once_and_then_compared() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("deep/er/x.txt");
        for (actual, expected) in [
            ("one\ntwo\n", Ok(())),
            ("one\n2\n", Err("deep/x.txt differs (- committed, + now):\n  one\n- two\n+ 2\nIf this is")),
            ("one\ntwo", Err("+ two (no line end)\n")),
        ] {
            update(&file, b"one\ntwo\n");
            let seen = compare(&file, "deep/x.txt", actual.as_bytes());
            match expected {
                Ok(()) => assert_eq!(seen, Ok(())),
                Err(part) => assert!(seen.as_ref().is_err_and(|said| said.contains(part)), "{seen:?}"),
            }
        }
        update(&file, b"%PDF\xff1");
        let said = compare(&file, "x.pdf", b"%PDF\xff22").unwrap_err();
        assert!(said.contains("6 bytes, now 7; the first that differs is number 5"), "{said}");
        let said = compare(&directory.path().join("none"), "none", b"").unwrap_err();
        assert!(said.contains("the golden none cannot be read") && said.contains("TENANTRY_UPDATE=1"), "{said}");
    }
}
