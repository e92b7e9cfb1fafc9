//! What rustfmt and clippy do not look at: sizes, headers, floats near money, words that mean "later", stray paths.
//!
//! Each rule is a small function from a file's text to its findings, `path:line: what; what to do instead`. A rule
//! that needs an exception is a rule to talk about, so the one list of exceptions may only shrink.

use crate::source::{Source, line_of, words};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{fmt, fs};

/// A file that is longer has two subjects.
const FILE_LINES: usize = 600;

/// A function that is longer does two things.
const FUNCTION_LINES: usize = 70;

/// Crates in which a float would sooner or later be money or a quantity (law 8).
const NO_FLOATS: &[&str] = &["core", "rating", "usage", "metering", "billing"];
/// Positions on a page are floats in every PDF library. These files get all figures as text (ADR 0006); the list
/// may only shrink.
const FLOATS_FOR_GEOMETRY: [&str; 1] = ["crates/billing/src/document/pdf.rs"];

/// Words that promise to do it later, and the macros that break when later comes.
const LATER: &[&str] = &["TODO", "FIXME", "XXX"];
const LATER_MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

/// Folders of one person's machine. Written in pieces, or this file would be its own finding.
const MACHINE_PATHS: &[&str] = &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];

/// Files written by hand. Golden files, data and lock files keep the form their maker gave them.
const HANDWRITTEN: &[&str] = &["css", "html", "js", "md", "rs", "sh", "sql", "toml", "yaml", "yml"];

/// Looks at every file of the project. One line per finding.
///
/// # Errors
/// A file or folder that cannot be read.
pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let paths = project_files(root)?;
    let mut findings = missing_readmes(&paths);
    for path in &paths {
        let bytes = fs::read(root.join(path)).map_err(|why| format!("cannot read {path}: {why}"))?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if !text.contains('\0') {
            findings.extend(file(path, &text));
        }
    }
    let index = fs::read_to_string(root.join("docs/adr/README.md")).unwrap_or_default();
    findings.extend(unlisted_decisions(&paths, &index));
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    findings.extend(missing_landmarks(&paths, &map));
    Ok(findings)
}

/// All findings of one file.
fn file(path: &str, text: &str) -> Vec<String> {
    let mut findings = machine_paths(path, text);
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if HANDWRITTEN.contains(&extension) || path.starts_with(".ci/") {
        findings.extend(blanks(path, text));
    }
    if extension == "rs" {
        let source = Source::new(text);
        findings.extend(shape(path, text, &source));
        findings.extend(later(path, &source));
        findings.extend(floats(path, &source));
        findings.extend(unasked(path, &source));
    }
    findings
}

/// Faces see what the policy passed (law 6): the door to everybody's usage is not theirs.
fn unasked(path: &str, source: &Source) -> Vec<String> {
    if !path.starts_with("crates/face-") || path.contains("/tests/") {
        return Vec::new();
    }
    let found = words(&source.code).into_iter().filter(|(_, word)| *word == "read_all");
    let todo = "ask a view of metering or billing, which asks the policy";
    found.map(|(at, _)| finding(path, line_of(&source.code, at), "`read_all` asks no policy", todo)).collect()
}

fn shape(path: &str, text: &str, source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if lines > FILE_LINES {
        let what = format!("{lines} lines, {FILE_LINES} are allowed");
        findings.push(finding(path, FILE_LINES + 1, what, "split it by subject: one act or query a file"));
    }
    if !text.starts_with("//!") {
        let todo = "open with a `//!` header that says why it exists";
        findings.push(finding(path, 1, "no header", todo));
    }
    for function in source.functions().into_iter().filter(|function| function.length > FUNCTION_LINES) {
        let what = format!("`{}` has {} lines, {FUNCTION_LINES} are allowed", function.name, function.length);
        findings.push(finding(path, function.line, what, "give its steps names: check, decide, save, view"));
    }
    findings
}

fn later(path: &str, source: &Source) -> Vec<String> {
    if path.contains("/tests/") || path.ends_with("/tests.rs") {
        return Vec::new();
    }
    let tests = source.tests();
    let marks = words(&source.prose).into_iter().filter(|(_, word)| LATER.contains(word));
    let macros = words(&source.code)
        .into_iter()
        .filter(|(at, word)| LATER_MACROS.contains(word) && source.code[at + word.len()..].starts_with('!'));
    let found = marks.chain(macros).map(|(at, word)| (line_of(&source.prose, at), word));
    found
        .filter(|(line, _)| !tests.iter().any(|lines| lines.contains(line)))
        .map(|(line, word)| finding(path, line, format!("says `{word}`"), "do it now, or leave it out and say so"))
        .collect()
}

fn floats(path: &str, source: &Source) -> Vec<String> {
    let crate_name = path.strip_prefix("crates/").and_then(|rest| rest.split('/').next());
    if !crate_name.is_some_and(|name| NO_FLOATS.contains(&name)) || FLOATS_FOR_GEOMETRY.contains(&path) {
        return Vec::new();
    }
    let found = words(&source.code).into_iter().filter(|(_, word)| is_float(word));
    let mut findings: Vec<_> = found
        .map(|(at, word)| {
            let todo = "use Quantity, Rate, Factor, Amount or Money; parse decimals from text";
            finding(path, line_of(&source.code, at), format!("`{word}` is a float"), todo)
        })
        .collect();
    findings.dedup();
    findings
}

/// `f64`, `as_f64`, `1f64`; not `0xf64`, which is 3940.
fn is_float(word: &str) -> bool {
    let Some(start) = word.strip_suffix("f64").or_else(|| word.strip_suffix("f32")) else { return false };
    start.is_empty() || start.ends_with('_') || start.bytes().all(|byte| byte.is_ascii_digit())
}

fn blanks(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        if content.contains('\t') {
            findings.push(finding(path, line, "a tab", "use spaces, or \\t in a string"));
        }
        if content.ends_with([' ', '\t', '\r']) {
            findings.push(finding(path, line, "blanks at the end of the line", "remove them"));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        findings.push(finding(path, text.lines().count(), "no line end at the end of the file", "add one"));
    }
    findings
}

/// A machine's folder is one that begins a path; `https://example.org/home/` names a page.
fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for folder in MACHINE_PATHS {
            let begins =
                |at| content[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`(<[=:,;|>".contains(c));
            if content.match_indices(folder).any(|(at, _)| begins(at)) {
                let todo = "use a path relative to the project, or a setting";
                findings.push(finding(path, line, format!("`{folder}` is on one machine only"), todo));
            }
        }
    }
    findings
}

fn missing_readmes(paths: &BTreeSet<String>) -> Vec<String> {
    let manifests = paths.iter().filter(|path| path.starts_with("crates/") || path.starts_with("xtask/"));
    let folders = manifests.filter_map(|path| path.strip_suffix("/Cargo.toml"));
    folders
        .filter(|folder| !paths.contains(&format!("{folder}/README.md")))
        .map(|folder| {
            let todo = "write it: Owns, Does not own, Words, Times, Failure, Invariants";
            finding(&format!("{folder}/README.md"), 1, "missing", todo)
        })
        .collect()
}

fn unlisted_decisions(paths: &BTreeSet<String>, index: &str) -> Vec<String> {
    let decisions = paths.iter().filter_map(|path| Some((path, path.strip_prefix("docs/adr/")?)));
    decisions
        .filter(|(_, name)| name.ends_with(".md") && *name != "README.md" && !index.contains(*name))
        .map(|(path, _)| finding(path, 1, "not listed in docs/adr/README.md", "add a line with a link to it"))
        .collect()
}

/// A map that names a file which is not there sends people the wrong way.
fn missing_landmarks(paths: &BTreeSet<String>, map: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (line, content) in (1..).zip(map.lines()) {
        // What stands between two backticks, every second piece, is a name.
        let named = content.split('`').skip(1).step_by(2).filter(|name| name.starts_with("crates/"));
        for name in named {
            let folder = format!("{}/", name.trim_end_matches('/'));
            if !paths.contains(name) && !paths.iter().any(|path| path.starts_with(&folder)) {
                let todo = "name the file that does it now";
                findings.push(finding("ARCHITECTURE.md", line, format!("there is no {name}"), todo));
            }
        }
    }
    findings
}

fn finding(path: &str, line: usize, what: impl fmt::Display, todo: &str) -> String {
    format!("{path}:{line}: {what}; {todo}")
}

/// Paths of all files git knows or would add. Without git (an unpacked archive): all but build results.
fn project_files(root: &Path) -> Result<BTreeSet<String>, String> {
    // A checkout may belong to somebody else, as it does in most build machines.
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let mut files = BTreeSet::new();
    match listed {
        Ok(listed) if listed.status.success() && !listed.stdout.is_empty() => {
            let names = listed.stdout.split(|&byte| byte == 0).map(|name| String::from_utf8_lossy(name).into_owned());
            files.extend(names.filter(|name| root.join(name).is_file()));
        }
        _ => walk(root, "", &mut files)?,
    }
    Ok(files)
}

fn walk(root: &Path, folder: &str, files: &mut BTreeSet<String>) -> Result<(), String> {
    let entries = fs::read_dir(root.join(folder)).map_err(|why| format!("cannot list {folder}: {why}"))?;
    for entry in entries {
        let entry = entry.map_err(|why| format!("cannot list {folder}: {why}"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().map_err(|why| format!("cannot look at {path}: {why}"))?;
        if kind.is_file() {
            files.insert(path);
        } else if kind.is_dir() && name != ".git" && name != "target" {
            walk(root, &path, files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The findings of a file, each shortened to `line: what`.
    fn found(path: &str, text: &str) -> Vec<String> {
        let cut = |finding: String| {
            let after_path = finding.strip_prefix(path).unwrap().trim_start_matches(':');
            let (what, todo) = after_path.split_once("; ").unwrap();
            assert!(!todo.is_empty(), "{finding}");
            what.to_owned()
        };
        file(path, text).into_iter().map(cut).collect()
    }

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(found(path, text), expected, "{path}: {text}");
    }

    #[test]
    fn a_clean_file_has_no_findings() {
        let text = "//! Head.\n\n/// A sum.\npub fn sum(a: u64, b: u64) -> u64 {\n    a + b\n}\n";
        check("crates/rating/src/sum.rs", text, &[]);
    }

    #[test]
    fn sizes_have_limits() {
        let function = |lines: usize| format!("//! Head.\nfn long() {{\n{}}}\n", "    a;\n".repeat(lines - 2));
        check("crates/http/src/a.rs", &function(70), &[]);
        check("crates/http/src/a.rs", &function(71), &["2: `long` has 71 lines, 70 are allowed"]);
        let table = |lines: usize| format!("//! Head.\nconst T: &[u8] = &[\n{}];\n", "    1,\n".repeat(lines - 3));
        check("crates/http/src/a.rs", &table(600), &[]);
        check("crates/http/src/a.rs", &table(601), &["601: 601 lines, 600 are allowed"]);
    }

    #[test]
    fn every_file_opens_with_a_header() {
        check("crates/http/src/a.rs", "use b;\n", &["1: no header"]);
        check("crates/http/tests/a.rs", "\n//! Head.\n", &["1: no header"]);
        check("docs/a.md", "# Head\n", &[]);
    }

    #[test]
    fn later_is_found_outside_tests_and_literals() {
        let check = |text: &str, expected: &[&str]| check("crates/http/src/a.rs", text, expected);
        check("//! Head.\n// TODO: more\n", &["2: says `TODO`"]);
        check("//! Head. FIXME\n", &["1: says `FIXME`"]);
        check("//! Head.\nfn a() {\n    todo!()\n}\n", &["3: says `todo`"]);
        check("//! Head.\nfn a() {\n    dbg!(1)\n}\n", &["3: says `dbg`"]);
        check("//! Head.\nconst NO_CURRENCY: &str = \"XXX\";\n", &[]);
        check("//! Head.\nfn todo() -> bool {\n    dbg != todo\n}\n", &[]);
        check("//! Head.\n#[cfg(test)]\nmod tests {\n    // TODO\n}\n", &[]);
    }

    #[test]
    fn floats_are_found_where_money_lives() {
        let check = |path: &str, line: &str, expected: &[&str]| check(path, &format!("//! Head.\n{line}\n"), expected);
        check("crates/billing/src/a.rs", "fn a(b: f64) {}", &["2: `f64` is a float"]);
        check("crates/core/src/a.rs", "fn a(b: f64) -> f64 {}", &["2: `f64` is a float"]);
        check("crates/core/src/a.rs", "let a = b as f32;", &["2: `f32` is a float"]);
        check("crates/usage/src/a.rs", "let a = 1.0_f64;", &["2: `0_f64` is a float"]);
        check("crates/metering/src/a.rs", "value.as_f64()", &["2: `as_f64` is a float"]);
        check("crates/rating/src/a.rs", "// never f64", &[]);
        check("crates/rating/src/a.rs", "let a = \"f64\";", &[]);
        check("crates/rating/src/a.rs", "let a = 0xf64 + buf64;", &[]);
        check("crates/http/src/a.rs", "fn a(b: f64) {}", &[]);
        check("crates/billing/src/document/pdf.rs", "let x: f32;", &[]);
    }

    #[test]
    fn blanks_and_tabs_are_found_in_what_people_write() {
        check("docs/a.md", "a \nb\tc\n", &["1: blanks at the end of the line", "2: a tab"]);
        check("docs/a.md", "a", &["1: no line end at the end of the file"]);
        check("crates/billing/tests/golden/lines.csv", "a \nb\tc", &[]);
    }

    #[test]
    fn paths_of_one_machine_are_found_in_every_file() {
        for folder in MACHINE_PATHS {
            let expected = format!("1: `{folder}` is on one machine only");
            check("docs/a.json", &format!("\"{folder}a\""), &[&expected]);
            check("docs/a.json", &format!("{folder}a"), &[&expected]);
            check("docs/a.json", &format!("https://example.org{folder}a"), &[]);
        }
    }

    #[test]
    fn faces_ask_the_policy() {
        let check = |path: &str, expected: usize| {
            let found = unasked(path, &Source::new("let figures = metering.read_all(|fold| fold.position()).await;"));
            assert_eq!(found.len(), expected, "{path}: {found:?}");
        };
        check("crates/face-tenantry/src/unrated.rs", 1);
        check("crates/face-tenantry/tests/all/money.rs", 0);
        check("crates/billing/src/check.rs", 0);
    }

    #[test]
    fn crates_have_readmes_and_decisions_are_listed() {
        let paths = ["crates/a/Cargo.toml", "crates/b/Cargo.toml", "crates/b/README.md", "docs/adr/0001-one.md"];
        let paths = paths.into_iter().map(str::to_owned).collect();
        assert_eq!(missing_readmes(&paths).len(), 1);
        assert!(missing_readmes(&paths)[0].starts_with("crates/a/README.md:1: missing"));
        assert_eq!(unlisted_decisions(&paths, "nothing").len(), 1);
        assert_eq!(unlisted_decisions(&paths, "* [One](0001-one.md)").len(), 0);
        let map = "see `crates/b/README.md`\nand `crates/b/` or `crates/b/src/gone.rs`, not `lib.rs`";
        assert_eq!(
            missing_landmarks(&paths, map),
            ["ARCHITECTURE.md:2: there is no crates/b/src/gone.rs; name the file that does it now"]
        );
    }
}
