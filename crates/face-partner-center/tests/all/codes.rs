//! The page of fault codes: which a client can meet here, and why the others cannot occur.
//!
//! It cannot flatter: a code counts as met only if a test of this folder names it, and one that none names must say why
//! nothing causes it. A code that a test names and the list calls impossible fails too, so the reasons stay true.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use tenantry_testkit::golden;

const CODES: &str = include_str!("../compat/codes.txt");

const HEAD: &str = "\
# Partner Center v1: codes of faults

Generated from `crates/face-partner-center/tests/compat/codes.txt` and from the tests that provoke the codes. A fault is
`{\"code\", \"description\", \"data\", \"source\"}`; `description` says what was seen and what to do, `data` names the member.

";

struct Code {
    number: u32,
    status: &'static str,
    meaning: &'static str,
    /// Why nothing causes it; `None` if a test must.
    impossible: Option<&'static str>,
    /// Given by the code, provoked by no test yet.
    unproven: bool,
}

fn codes() -> Vec<Code> {
    let lines = CODES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (line, impossible) = line.split_once("  # ").map_or((line, None), |(line, why)| (line, Some(why)));
            let (line, unproven) = line.strip_suffix("  ~").map_or((line, false), |line| (line, true));
            let (numbers, meaning) = line.split_once("  ").unwrap();
            let (number, status) = numbers.split_once(' ').unwrap();
            Code { number: number.parse().unwrap(), status, meaning, impossible, unproven }
        })
        .collect()
}

/// Every number that a test of this folder expects: a word of a text (`"404 20003"`), or beside a `code`. So neither a
/// year nor a quantity counts.
fn named_by_tests() -> BTreeSet<u32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all");
    let mut named = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let texts = line.split('"').skip(1).step_by(2).flat_map(|text| text.split(' '));
            let beside = line.split(|c: char| !c.is_ascii_digit() && c != '_').filter(|_| line.contains("\"code\""));
            named.extend(texts.chain(beside).filter_map(|number| number.replace('_', "").parse::<u32>().ok()));
        }
    }
    named
}

#[test]
fn every_code_is_provoked_by_a_test_or_says_why_it_cannot_occur() {
    let (codes, named) = (codes(), named_by_tests());
    // Small numbers are statuses and counts in tests, which prove nothing.
    let provoked = |code: &&Code| code.number >= 1000 && named.contains(&code.number);
    let numbers = |of: &dyn Fn(&&Code) -> bool| codes.iter().filter(of).map(|code| code.number).collect::<Vec<_>>();
    let neither = numbers(&|code| !provoked(code) && code.impossible.is_none() && !code.unproven);
    assert!(neither.is_empty(), "no test provokes these, and no reason is given: {neither:?}");
    let both = numbers(&|code| provoked(code) && (code.impossible.is_some() || code.unproven));
    assert!(both.is_empty(), "called impossible or unproven, but a test provokes them: {both:?}");
    let distinct: BTreeSet<u32> = codes.iter().map(|code| code.number).collect();
    assert_eq!(distinct.len(), codes.len(), "a code stands twice in the list");
    let mut page = HEAD.to_owned();
    let met = codes.iter().filter(|code| code.impossible.is_none() && !code.unproven).count();
    let _ = writeln!(page, "Of {} codes {met} occur here and are provoked by a test.\n", codes.len());
    page.push_str("| code | HTTP | meaning | here |\n| --- | --- | --- | --- |\n");
    for code in &codes {
        let here = match (code.impossible, code.unproven) {
            (Some(why), _) => format!("does not occur: {why}"),
            (None, true) => "occurs, unproven by a test".to_owned(),
            (None, false) => "occurs".to_owned(),
        };
        let _ = writeln!(page, "| {} | {} | {} | {here} |", code.number, code.status, code.meaning);
    }
    golden(env!("CARGO_MANIFEST_DIR"), "../../docs/compat/partner-center-v1-faults.md", page);
}
