//! The compatibility page: every operation the documentation and clients know, and what it does here.
//!
//! It cannot flatter: a row *works* because a route answers it, is *proven* because a step of a real client names its
//! number (`conformance/steps.txt`, written by the run itself), and *differs* because `rows.txt` says how. A route
//! that no row names fails the test, so the page grows with the face; a row that no route answers must say why.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tenantry_face_partner_center::{face, openapi_text};
use tenantry_testkit::{ORIGIN, golden};

const ROWS: &str = include_str!("../compat/rows.txt");
const STEPS: &str = include_str!("../../../../conformance/steps.txt");

const HEAD: &str = "\
# Partner Center v1: what works

Generated from the routes, from the steps that real clients passed (`conformance/run`) and from
`crates/face-partner-center/tests/compat/rows.txt`.

* **works**: answered, and a client of the field named here did it, unmodified.
* **works, unproven by a client**: answered and tested, but no client here called it, unless by plain HTTP: in Java, as
  the SDK of that language is known to write it (`conformance/java`).
* **differs**: answered otherwise than documented, and how.
* **not offered**: 404, and why.

";

/// Walks rows without being a client of the field: a row that only it did is not proven.
const PLAIN: &str = "plain HTTP (Java)";

/// What a row can be.
const KINDS: [&str; 4] = ["works", "works, unproven by a client", "differs", "not offered"];

/// An operation of the documentation; several spellings may be one row.
struct Row {
    number: u32,
    /// Method and path.
    operations: Vec<(String, String)>,
    note: Option<&'static str>,
    differs: Option<&'static str>,
    /// Why no route answers it.
    absent: Option<&'static str>,
}

/// The rows by group, in the order of the file.
fn rows() -> Vec<(&'static str, Vec<Row>)> {
    let mut groups: Vec<(&str, Vec<Row>)> = Vec::new();
    for line in ROWS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            groups.push((name, Vec::new()));
            continue;
        }
        let group = &mut groups.last_mut().unwrap().1;
        if let Some(how) = line.strip_prefix("differs  ") {
            group.last_mut().unwrap().differs = Some(how);
            continue;
        }
        if let Some(why) = line.strip_prefix("absent  ") {
            group.last_mut().unwrap().absent = Some(why);
            continue;
        }
        let (line, note) = line.split_once("  # ").map_or((line, None), |(line, note)| (line, Some(note)));
        let (number, operations) = line.split_once("  ").unwrap();
        let operation = |text: &str| {
            let (method, path) = text.split_once(' ').unwrap();
            (method.to_owned(), path.to_owned())
        };
        let operations = operations.split(", ").map(operation).collect();
        group.push(Row { number: number.parse().unwrap(), operations, note, differs: None, absent: None });
    }
    groups
}

/// A path in one spelling: small letters, and no names of parameters.
fn plain(path: &str) -> String {
    let segment = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_lowercase() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// What the face answers: method and plain path.
fn routes() -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(&openapi_text(&face(ORIGIN))).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, operations)| {
        operations.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), plain(path)))
    });
    operations.collect()
}

/// The clients that did each row: a step ends with `(row 3)` or `(rows 3, 7)`.
fn proofs() -> BTreeMap<u32, BTreeSet<&'static str>> {
    let mut proofs: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for step in STEPS.lines() {
        let named = step.strip_suffix(')').and_then(|step| step.rsplit_once("(row"));
        let Some((_, numbers)) = named else { continue };
        let client = step.split_once(": ").unwrap().0;
        for number in numbers.trim_start_matches('s').split(',') {
            proofs.entry(number.trim().parse().unwrap()).or_default().insert(client);
        }
    }
    proofs
}

fn answered(row: &Row, routes: &BTreeSet<(String, String)>) -> bool {
    row.operations.iter().all(|(method, path)| routes.contains(&(method.clone(), plain(path))))
}

/// Which of [`KINDS`] a row is, and what there is to say about it.
fn verdict(
    row: &Row,
    routes: &BTreeSet<(String, String)>,
    proofs: &BTreeMap<u32, BTreeSet<&str>>,
) -> (&'static str, String) {
    let [works, unproven, differs, absent] = KINDS;
    match (row.differs, answered(row, routes), proofs.get(&row.number)) {
        (Some(how), ..) => (differs, how.to_owned()),
        (None, false, _) => (absent, row.absent.unwrap_or_default().to_owned()),
        (None, true, Some(clients)) if clients.iter().any(|client| *client != PLAIN) => {
            let clients: Vec<_> = clients.iter().copied().filter(|client| *client != PLAIN).collect();
            (works, clients.join(", "))
        }
        (None, true, Some(_)) => (unproven, "by plain HTTP".to_owned()),
        (None, true, None) => (unproven, String::new()),
    }
}

#[test]
fn generated_compatibility_page() {
    let (routes, proofs) = (routes(), proofs());
    let mut page = String::new();
    let mut counts = KINDS.map(|kind| (kind, 0_u32));
    for (group, rows) in rows() {
        write!(page, "\n## {group}\n\n| # | operation | here |\n| --- | --- | --- |\n").unwrap();
        for row in rows {
            let (kind, said) = verdict(&row, &routes, &proofs);
            counts.iter_mut().filter(|(of, _)| *of == kind).for_each(|(_, count)| *count += 1);
            let spelled = row.operations.iter().map(|(method, path)| format!("`{method} {path}`"));
            let note = row.note.map(|note| format!(" ({note})")).unwrap_or_default();
            let number = if row.number == 0 { "-".to_owned() } else { row.number.to_string() };
            let said = if said.is_empty() { kind.to_owned() } else { format!("{kind}: {said}") };
            writeln!(page, "| {number} | {}{note} | {said} |", spelled.collect::<Vec<_>>().join(", ")).unwrap();
        }
    }
    let counted = counts.map(|(kind, count)| format!("{count} {kind}")).join("; ");
    let page = format!("{HEAD}Of {} rows: {counted}.\n{page}", counts.map(|(_, count)| count).iter().sum::<u32>());
    golden(env!("CARGO_MANIFEST_DIR"), "../../docs/compat/partner-center-v1.md", page);
}

#[test]
fn the_rows_are_those_of_the_documentation_and_each_stands_once() {
    let numbers: Vec<_> = rows().iter().flat_map(|(_, rows)| rows.iter().map(|row| row.number)).collect();
    let (numbered, beyond): (Vec<u32>, Vec<u32>) = numbers.into_iter().partition(|number| *number > 0);
    assert_eq!(numbered, (1..=221).collect::<Vec<_>>());
    assert_eq!(beyond.len(), 2);
}

#[test]
fn whatever_is_not_offered_says_why_and_nothing_else_does() {
    let (rows, routes) = (rows(), routes());
    let wrong = rows.iter().flat_map(|(_, rows)| rows).filter(|row| answered(row, &routes) == row.absent.is_some());
    let wrong: Vec<_> = wrong.map(|row| row.number).collect();
    assert!(
        wrong.is_empty(),
        "write or take away the `absent` lines of these rows in tests/compat/rows.txt: {wrong:?}"
    );
}

#[test]
fn every_route_is_a_row() {
    let rows = rows();
    let operations = rows.iter().flat_map(|(_, rows)| rows).flat_map(|row| &row.operations);
    let known: BTreeSet<_> = operations.map(|(method, path)| (method.clone(), plain(path))).collect();
    let unknown: Vec<_> = routes().into_iter().filter(|route| !known.contains(route)).collect();
    assert!(unknown.is_empty(), "name these routes in tests/compat/rows.txt: {unknown:?}");
}

#[test]
fn steps_name_rows_that_are_answered() {
    let (rows, routes) = (rows(), routes());
    for (number, clients) in proofs() {
        let row = rows.iter().flat_map(|(_, rows)| rows).find(|row| row.number == number);
        let row = row.unwrap_or_else(|| panic!("{clients:?} names row {number}, which is not there"));
        let any = row.operations.iter().any(|(method, path)| routes.contains(&(method.clone(), plain(path))));
        assert!(any, "{clients:?} names row {number}, which no route answers");
    }
}
