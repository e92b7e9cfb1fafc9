//! The demo from beginning to end, as it is typed: a world is made, its documents are read, explained, proven and
//! copied. What one command says must be what the others say.

#![cfg(test)]

use serde_json::Value;
use std::ffi::OsString;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::TempDir;
use tenantry::output::Streams;
use tenantry_testkit::golden;

const TRANSFER_OUT: &str = "9995d93a-7d35-4d3f-9c69-7a7fea447ef4";

struct Called {
    code: u8,
    data: String,
    talk: String,
}

fn call(directory: &Path, arguments: &[&str]) -> Called {
    let (mut data, mut talk) = (Vec::new(), Vec::new());
    let line = ["tenantry"].iter().chain(arguments).map(OsString::from);
    let place = [OsString::from("--data-dir"), directory.as_os_str().to_owned()];
    let code = tenantry::run(line.chain(place), Streams { data: &mut data, talk: &mut talk, terminal: false });
    Called { code, data: String::from_utf8(data).unwrap(), talk: String::from_utf8(talk).unwrap() }
}

fn told(directory: &Path, arguments: &[&str]) -> Value {
    let called = call(directory, &[arguments, &["--json"]].concat());
    assert_eq!(called.code, 0, "{arguments:?}: {}", called.talk);
    serde_json::from_str(&called.data).unwrap()
}

fn refused(directory: &Path, arguments: &[&str], part: &str) {
    let called = call(directory, arguments);
    assert_eq!(called.code, 1, "{arguments:?}");
    assert!(called.talk.contains(part), "{arguments:?}: {}", called.talk);
}

/// The answer without the paths, which differ from directory to directory.
fn in_place(mut shown: Value) -> Value {
    for path in ["caFile", "dataDir"] {
        shown[path].take();
    }
    shown
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn new() -> (TempDir, Value) {
    let directory = tempfile::tempdir().unwrap();
    let story = told(directory.path(), &["demo", "--once"]);
    (directory, story)
}

/// A demo of the test's own: a copy, because making one takes a second or two in a debug build.
fn made() -> (TempDir, Value) {
    static MASTER: LazyLock<(TempDir, Value)> = LazyLock::new(new);
    let (master, story) = &*MASTER;
    let directory = tempfile::tempdir().unwrap();
    let files = std::fs::read_dir(master.path()).unwrap().map(Result::unwrap);
    for file in files.filter(|file| file.file_type().unwrap().is_file()) {
        std::fs::copy(file.path(), directory.path().join(file.file_name())).unwrap();
    }
    (directory, story.clone())
}

#[test]
fn the_demo_agrees_with_itself_in_every_command() {
    let (directory, story) = made();
    let at = directory.path();
    assert_eq!(story["invoices"].as_array().unwrap().len(), 2);
    assert_eq!(
        in_place(told(at, &["demo", "--once"])),
        in_place(story.clone()),
        "a demo that is there is left as it is"
    );

    let (number, total) = (text(&story["invoices"][0]["id"]), text(&story["invoices"][0]["total"]));
    let pdf = at.join("invoice.pdf");
    let shown = told(at, &["invoice", "show", number, "--pdf", pdf.to_str().unwrap()]);
    assert_eq!(shown["total"], total);
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"));

    let rows = told(at, &["invoice", "lines", number]);
    let charge = |row: &Value| tenantry_core::Amount::parse_exact(text(&row["charge"])).unwrap();
    let sum: tenantry_core::Amount = rows.as_array().unwrap().iter().map(charge).sum();
    let amount = |line: &Value| tenantry_core::Amount::parse_exact(text(&line["amount"])).unwrap();
    let seats: Vec<_> = shown["seat_lines"].as_array().unwrap().iter().map(amount).collect();
    assert!(!seats.is_empty(), "licences are on the document, too");
    let seats: tenantry_core::Amount = seats.into_iter().sum();
    assert_eq!(
        sum + seats,
        tenantry_core::Amount::parse(total).unwrap(),
        "the rows sum to the invoice to the last digit"
    );
    let file = call(at, &["invoice", "lines", number]).data;
    assert_eq!(file.lines().count(), rows.as_array().unwrap().len() + 1);

    let line = shown["lines"].as_array().unwrap().iter().find(|line| line["meter"] == TRANSFER_OUT).unwrap();
    let subscription = text(&line["subscription"]);
    let of_line = ["explain", "--subscription", subscription, "--meter", TRANSFER_OUT];
    let explained = told(at, &[&of_line[..], &["--invoice", number]].concat());
    assert_eq!((&explained["exact"], &explained["amount"]), (&line["exact"], &line["amount"]));
    assert_eq!(explained["rows"][0]["events"].as_array().unwrap().len(), 24);
    let day = call(at, &[&of_line[..], &["--day", "2026-03-02"]].concat()).data;
    assert!(day.contains("not billed yet") && day.contains("/2026-03-02T19:00:00Z`"), "{day}");

    let line = &shown["seat_lines"][0];
    let of_seats = ["explain", "--subscription", text(&line["subscription"])];
    let explained = told(at, &[&of_seats[..], &["--invoice", number]].concat());
    let lines = explained["lines"].as_array().unwrap();
    assert!(
        lines.iter().any(|known| known["amount"] == line["amount"] && known["chargeStart"] == line["charge_start"])
    );
    let (bought, seats) = (&line["bought"], &line["seats"]);
    assert_eq!(explained["history"][0]["seats"][0], serde_json::json!({ "from": bought, "seats": seats }));
    let open = call(at, &of_seats).data;
    assert!(open.contains("not billed yet") && open.contains("list price"), "{open}");

    let checked = told(at, &["check"]);
    assert_eq!((&checked["ok"], &checked["events"]), (&Value::Bool(true), &story["events"]));

    let closed = told(at, &["close", "2026-02"]);
    assert_eq!(closed["alreadyClosed"], true);
    let february = closed["invoices"].as_array().unwrap();
    let of_partner = february.iter().find(|invoice| invoice["number"] == story["invoices"][1]["id"]).unwrap();
    assert_eq!(of_partner["total"], story["invoices"][1]["total"]);
    assert_eq!(
        february.len(),
        6,
        "one of each edge: those of the provider, of the indirect provider, and of each reseller"
    );
    refused(at, &["close", "2026-03"], "2026-03 runs until 2026-04-01T00:00:00Z");
    refused(at, &["invoice", "show", "D269999999"], "D269999999");
}

#[test]
fn files_come_in_once_and_a_copy_goes_out() {
    let (directory, story) = made();
    let at = directory.path();
    let subscription = text(&story["customers"][0]["subscriptions"][0]["id"]);
    let csv = at.join("usage.csv");
    let header = "usageStart,meterId,usageQuantity\n";
    let good = format!("2026-03-01T10:00:00Z,{TRANSFER_OUT},2.5\n2026-03-01T10:00:00Z,{TRANSFER_OUT},2.5\n");
    std::fs::write(&csv, format!("{header}{good}")).unwrap();
    let import = ["import", "usage", csv.to_str().unwrap(), "--subscription", subscription];
    let first = told(at, &import);
    assert_eq!((&first["accepted"], &first["duplicates"]), (&2.into(), &0.into()));
    let again = told(at, &import);
    assert_eq!((&again["accepted"], &again["duplicates"]), (&0.into(), &2.into()));

    std::fs::write(&csv, format!("{header}{good}2017-10-01,{TRANSFER_OUT},1\n")).unwrap();
    refused(at, &import, "1 record refused");
    let elsewhere =
        ["import", "usage", csv.to_str().unwrap(), "--subscription", "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10"];
    refused(at, &elsewhere, "there is no usage based subscription 1f0c2b9e");
    std::fs::write(&csv, format!("{header}{good}2026-03-02,{TRANSFER_OUT},many\n")).unwrap();
    refused(at, &import, "line 4, usageQuantity: `many`");

    let card = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/price-sheet.json");
    let sheet = told(at, &["import", "rate-card", card, "--market", "US", "--effective-from", "2026-03-10"]);
    assert_eq!((&sheet["importNumber"], &sheet["thirdPartyMeters"]), (&2.into(), &6.into()));
    refused(
        at,
        &["import", "rate-card", csv.to_str().unwrap(), "--market", "US", "--effective-from", "2026-03-10"],
        "usage.csv: ",
    );

    refused(
        at,
        &["import", "rate-card", card, "--market", "US", "--effective-from", "2026-03-10", "--currency", "EUR"],
        "price-sheet.json: the card is in USD, not in EUR; nothing was imported",
    );

    let copy = at.join("copy");
    std::fs::create_dir(&copy).unwrap();
    let file = copy.join("world.sqlite");
    told(at, &["backup", file.to_str().unwrap()]);
    refused(at, &["backup", file.to_str().unwrap()], "never overwrites");
    assert_eq!(told(&copy, &["check"])["ok"], true, "the copy is a world");
}

/// A customer of two resellers, each in its time, is billed by each for its own part of the month, and the documents of all
/// edges come from one log.
#[test]
fn the_longer_channel_is_billed_on_every_edge() {
    let (directory, story) = made();
    let at = directory.path();
    let (tiers, sold) = (&story["tiers"], story["sold"].as_array().unwrap());
    let by = |reseller: usize| {
        let name = &tiers["resellers"][reseller]["name"];
        let document = sold.iter().find(|one| one["seller"] == *name && one["period"] == "2026-02").unwrap();
        told(at, &["invoice", "show", text(&document["id"])])
    };
    let (before, after) = (by(0), by(1));
    for document in [&before, &after] {
        assert_eq!(document["buyer"]["tenant"], tiers["customer"]["tenantId"]);
        assert_eq!(document["month"], "2026-02");
    }
    let hours = |document: &Value| -> Vec<String> {
        let lines = document["lines"].as_array().unwrap().iter();
        lines.filter(|line| line["unit"] == "1 Hour").map(|line| text(&line["quantity"]).to_owned()).collect()
    };
    // Four hours each night, 28 nights; the change is in the middle of the 16th.
    assert_eq!((hours(&before), hours(&after)), (vec!["64".to_owned()], vec!["48".to_owned()]));
    assert_eq!(told(at, &["check"])["ok"], true);
}

/// The subscription that ran away is told of by alerts that are there, for the partner that sells it.
#[test]
fn what_ran_away_is_noticed() {
    let (_directory, story) = made();
    let noticed = story["noticed"].as_array().unwrap();
    let of = |kind: &str| noticed.iter().filter(|alert| alert["kind"] == kind).count();
    assert!(of("unusualSpend") > 0, "{noticed:#?}");
    assert!(of("budget") > 0, "{noticed:#?}");
    assert!(noticed.iter().all(|alert| text(&alert["at"]) > "2026-03-03"), "{noticed:#?}");
}

#[test]
fn the_answer_has_what_scripts_rely_on() {
    let (directory, story) = made();
    let shown = told(directory.path(), &["demo", "--once"]);
    for path in ["origin", "caFile", "dataDir"] {
        assert!(shown[path].is_string(), "{path}");
    }
    for name in ["tenantId", "domain", "appId", "appSecret"] {
        assert!(shown["partner"][name].is_string() && shown["provider"][name].is_string(), "{name}");
    }
    assert_eq!(shown["partner"]["roles"], serde_json::json!(["AdminAgents", "SalesAgents", "Billing admin"]));
    assert!(Path::new(text(&shown["caFile"])).exists());
    let customers = shown["customers"].as_array().unwrap();
    let subscriptions = customers.iter().map(|customer| customer["subscriptions"].as_array().unwrap().len());
    assert_eq!(subscriptions.collect::<Vec<_>>(), [2, 2, 1]);
    let january = &shown["invoices"][0];
    assert_eq!((&january["id"], &january["period"]), (&"D260000001".into(), &"2026-01".into()));
    assert_eq!((&january["total"], &january["currency"]), (&story["invoices"][0]["total"], &"USD".into()));
}

/// The story's ids by what they stand for, so that the golden is about words.
fn named(story: &Value, text: &str) -> String {
    let mut names: Vec<(&str, String)> = Vec::new();
    for party in ["partner", "secondPartner", "provider"] {
        names.push((self::text(&story[party]["tenantId"]), self::text(&story[party]["domain"]).to_owned()));
    }
    for customer in story["customers"].as_array().unwrap() {
        names.push((self::text(&customer["tenantId"]), self::text(&customer["domain"]).to_owned()));
        for list in ["subscriptions", "fromSecondPartner"] {
            for bought in customer[list].as_array().into_iter().flatten() {
                names.push((self::text(&bought["id"]), self::text(&bought["name"]).to_owned()));
            }
        }
    }
    names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, &format!("<{name}>")))
}

/// Who may do what on the demo, both ways for each kind of person. The golden is read aloud before it changes.
#[test]
fn access_is_explained_both_ways() {
    const START: &str = "Microsoft.Compute/virtualMachines/start/action";
    const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";
    let (directory, story) = made();
    let at = directory.path();
    let customer = &story["customers"][0];
    let shop = format!("/subscriptions/{}", text(&customer["subscriptions"][0]["id"]));
    let archive = format!("/subscriptions/{}", text(&customer["fromSecondPartner"][0]["id"]));
    let machine = |name| format!("{shop}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/{name}");
    let (one, two) = (machine("shop-web-1"), machine("shop-web-2"));
    let (agent, rival) = ("admin@harborline.onmicrosoft.com", "admin@ridgeline.onmicrosoft.com");
    let (operator, helper) = ("operator@northquay.onmicrosoft.com", "helpdesk@harborline.onmicrosoft.com");
    let mut page = String::from("What `tenantry access explain` says on the demo; ids by their names.\n");
    for (heading, principal, action, scope, allowed) in [
        ("A partner's agent", agent, START, one.as_str(), true),
        ("", agent, "OrderPlace", "customer/northquay.onmicrosoft.com", true),
        ("", agent, START, &archive, false),
        ("A customer's contributor at one machine", operator, START, &one, true),
        ("", operator, ASSIGN, &one, false),
        ("", operator, START, &two, false),
        ("The second partner", rival, START, &archive, true),
        ("", rival, START, &shop, false),
        ("A helpdesk agent", helper, "PasswordReset", "tenant/northquay.onmicrosoft.com", true),
        ("", helper, "OrderPlace", "customer/northquay.onmicrosoft.com", false),
    ] {
        if !heading.is_empty() {
            page += &format!("\n{heading}\n{}\n", "=".repeat(heading.len()));
        }
        let question = ["access", "explain", principal, action, scope];
        let called = call(at, &question);
        assert_eq!((called.code, called.talk.as_str()), (0, ""), "{question:?}");
        page += &format!("\n{}", named(&story, &called.data));
        let answer = told(at, &question);
        assert_eq!(answer["allowed"], allowed, "{answer:#}");
        assert_eq!((&answer["principal"], &answer["scope"]), (&principal.into(), &scope.into()));
    }
    golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/access-explain.txt", page);
    for (question, part) in [
        (["nobody@northquay.onmicrosoft.com", START, &one], "there is no principal `nobody@northquay"),
        ([agent, "Fly", &one], "`Fly` is no action"),
        ([agent, START, "shop"], "`shop` is no scope"),
        ([agent, START, "/subscriptions/00000000-0000-4000-8000-000000000001"], "there is no `/subscriptions/0000"),
    ] {
        refused(at, &[&["access", "explain"][..], &question].concat(), part);
    }
}

/// The examples in the help are for the demo, and work as they stand.
#[test]
fn the_examples_of_access_explain_work() {
    let (directory, _) = made();
    let root = tenantry::definition();
    let explain = root.find_subcommand("access").unwrap().find_subcommand("explain").unwrap();
    let help = explain.get_after_help().unwrap().to_string().replace("\\\n", "");
    let examples: Vec<_> = help.lines().filter_map(|line| line.trim().strip_prefix("tenantry ")).collect();
    assert_eq!(examples.len(), 4, "{help}");
    for example in examples {
        let arguments: Vec<_> = example.split_whitespace().collect();
        told(directory.path(), &arguments);
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    assert_eq!(in_place(new().1), in_place(made().1));
}

#[test]
fn a_directory_without_a_world_is_not_filled_by_accident() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [
        &["check"][..],
        &["close", "2026-01"],
        &["invoice", "show", "D1"],
        &["backup", "x"],
        &["token"],
        &["serve", "--listen", "0"],
    ] {
        refused(directory.path(), arguments, "there is no world in");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}
