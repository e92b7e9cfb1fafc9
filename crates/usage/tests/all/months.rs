//! Months as people meet them, worked out by hand.

use crate::builder::{Log, edge, meter, month, name, rows, subscription};
use crate::report::{FAR, rated_rows};
use tenantry_usage::Fold;

/// Every document of both edges: rows of `document edge subscription month meter day resource quantity list charge`.
fn documents(fold: &Fold) -> Vec<String> {
    let mut printed = Vec::new();
    for name in ["first", "second"] {
        for close in fold.closes() {
            let billed = rated_rows(&fold.billed_by(edge(name), close.number));
            printed.extend(billed.iter().map(|row| format!("close-{} {name} {row}", close.number)));
        }
        printed.extend(
            rated_rows(&fold.unbilled(edge(name), month(FAR))).iter().map(|row| format!("unbilled {name} {row}")),
        );
    }
    for ((subscription, meter, month), quantity) in fold.unrated() {
        printed.push(format!("unrated {} {month} {} {quantity}", self::name(subscription), self::name(meter)));
    }
    printed
}

fn check(log: &Log, expected: &str) {
    let expected: Vec<String> = rows(expected).map(|row| row.join(" ")).collect();
    assert_eq!(documents(&log.fold()), expected);
}

const STORAGE: &str = "storage 0 0:5,10:3";

#[test]
fn each_edge_gets_its_share_and_third_parties_are_spared() {
    let log = Log::channel()
        .sheet("2026-01-01", "compute 0 0:0.1 \n market 0 0:2 third-party")
        .usage("2026-01-03 09 vm compute 730.123456789012345678 \n 2026-01-03 09 app market 1.5")
        .usage_of("till", "2026-01-04 09 vm compute 10");
    check(
        &log,
        "unbilled first  shop 2026-01 compute 2026-01-03 vm 730.123456789012345678 73.0123456789012345678 62.06049382706604938263
         unbilled first  shop 2026-01 market  2026-01-03 app 1.5 3 3
         unbilled first  till 2026-01 compute 2026-01-04 vm 10 1 0.85
         unbilled second shop 2026-01 compute 2026-01-03 vm 730.123456789012345678 73.0123456789012345678 58.9574691357127469134985
         unbilled second shop 2026-01 market  2026-01-03 app 1.5 3 2.85",
    );
}

/// What happened in a month that is closed and cannot change is not looked at again, however long the history of an edge is.
#[test]
fn a_rule_reopens_the_months_it_can_change_and_no_other() {
    let two_months = Log::channel()
        .sheet("2026-01-01", STORAGE)
        .usage("2026-01-03 00 vm storage 8")
        .usage_of("till", "2026-01-31 23 vm storage 8")
        .close("2026-01")
        .usage("2026-02-03 00 vm storage 8")
        .close("2026-02");
    let open = |log: &Log| log.fold().accounts_open();
    assert_eq!(open(&two_months), 0);
    for (rules, looked_at) in [
        ("0.85 first-party 2026-01-01 \n 0.8 first-party 2026-03-01", 0),
        ("0.85 first-party 2026-01-01 \n 0.8 first-party 2026-02-28", 1),
        ("0.85 first-party 2026-01-01 \n 0.8 first-party 2026-02-01", 1),
        ("0.85 first-party 2026-01-01 \n 0.8 first-party 2026-01-31", 3),
        ("0.84 first-party 2026-01-01", 3),
        ("0.85 first-party 2026-01-01", 0),
        ("", 3),
    ] {
        assert_eq!(open(&two_months.clone().edge("first", rules)), looked_at, "{rules}");
    }
    assert_eq!(open(&two_months.edge("second", "")), 2, "`till` is not sold through it");
}

/// Who asks about one meter of one month finds what the documents have of it, and what is open.
#[test]
fn what_is_about_a_meter_is_what_the_documents_say_of_it() {
    let fold = Log::channel()
        .sheet("2026-01-01", STORAGE)
        .usage("2026-01-03 00 vm storage 8 \n 2026-01-04 00 app storage 3")
        .usage_of("till", "2026-01-31 23 vm storage 8")
        .close("2026-01")
        .usage("2026-01-02 00 vm storage 4 \n 2026-02-01 00 vm storage 1")
        .close("2026-02")
        .usage("2026-01-02 05 vm storage 2")
        .fold();
    for name in ["first", "second"] {
        let edge = edge(name);
        let billed = fold.closes().iter().map(|close| (close.number, fold.billed_by(edge, close.number)));
        let open = (0, fold.unbilled(edge, month(FAR)));
        let all: Vec<_> =
            billed.chain([open]).flat_map(|(close, lines)| lines.into_iter().map(move |line| (close, line))).collect();
        for (_, line) in &all {
            let key = (line.subscription, line.meter, line.month);
            let expected = all.iter().filter(|(_, line)| (line.subscription, line.meter, line.month) == key);
            assert_eq!(fold.lines_about(edge, key), expected.cloned().collect::<Vec<_>>(), "{name}");
        }
        let of_till = all.iter().any(|(_, line)| line.subscription == subscription("till"));
        assert_eq!(of_till, name == "first");
        let till = fold.lines_about(edge, (subscription("till"), meter("storage"), month("2026-01")));
        assert_eq!(till.is_empty(), name == "second", "it is not sold through that edge");
    }
}

#[test]
fn a_late_event_in_a_closed_month_is_a_line_of_the_next_close_at_the_price_of_its_time() {
    let log = Log::channel()
        .sheet("2026-01-01", STORAGE)
        .sheet("2026-02-01", "storage 0 0:100")
        .usage("2026-01-03 00 vm storage 8")
        .close("2026-01")
        .usage("2026-01-02 00 vm storage 4 \n 2026-02-01 00 vm storage 1")
        .close("2026-02");
    // The late four come first in their month: two of the eight now lie above ten.
    check(
        &log,
        "close-1 first  shop 2026-01 storage 2026-01-03 vm 8 40 34
         close-2 first  shop 2026-01 storage 2026-01-02 vm 4 20 17
         close-2 first  shop 2026-01 storage 2026-01-03 vm 0 -4 -3.4
         close-2 first  shop 2026-02 storage 2026-02-01 vm 1 100 85
         close-1 second shop 2026-01 storage 2026-01-03 vm 8 40 32.3
         close-2 second shop 2026-01 storage 2026-01-02 vm 4 20 16.15
         close-2 second shop 2026-01 storage 2026-01-03 vm 0 -4 -3.23
         close-2 second shop 2026-02 storage 2026-02-01 vm 1 100 80.75",
    );
}

#[test]
fn a_correction_after_the_close_is_a_credit() {
    let log = Log::channel()
        .sheet("2026-01-01", STORAGE)
        .usage_of("till", "2026-01-03 00 vm storage 12")
        .close("2026-01")
        .usage_of("till", "2026-01-03 00 vm storage -12 e1");
    check(
        &log,
        "close-1  first till 2026-01 storage 2026-01-03 vm 12 56 47.6
         unbilled first till 2026-01 storage 2026-01-03 vm -12 -56 -47.6",
    );
}

#[test]
fn a_repriced_sheet_of_the_same_date_bills_the_difference() {
    let log = Log::channel()
        .sheet("2026-01-01", "compute 0 0:1")
        .usage_of("till", "2026-01-03 00 vm compute 10")
        .close("2026-01")
        .sheet("2026-01-01", "compute 4 0:1.5");
    check(
        &log,
        "close-1  first till 2026-01 compute 2026-01-03 vm 10 10 8.5
         unbilled first till 2026-01 compute 2026-01-03 vm 0 -1 -0.85",
    );
}

#[test]
fn usage_without_a_price_waits_and_is_billed_when_one_arrives() {
    let log = Log::channel()
        .sheet("2026-01-01", "compute 0 0:1")
        .usage_of("till", "2026-01-03 00 vm storage 8 \n 2026-01-09 00 vm storage 8")
        .close("2026-01");
    check(&log, "unrated till 2026-01 storage 16");
    let priced = log.sheet("2026-01-05", STORAGE).close("2026-02");
    check(
        &priced,
        "close-2 first till 2026-01 storage 2026-01-09 vm 8 28 23.8
         unrated till 2026-01 storage 8",
    );
    check(
        &priced.sheet("2026-01-01", STORAGE).sheet("2026-01-05", STORAGE),
        "close-2  first till 2026-01 storage 2026-01-09 vm 8 28 23.8
         unbilled first till 2026-01 storage 2026-01-03 vm 8 40 34",
    );
}

#[test]
fn what_was_billed_is_not_also_unrated_when_the_price_is_taken_away() {
    let log = Log::channel()
        .sheet("2026-01-01", "storage 0 0:1")
        .usage_of("till", "2026-01-03 00 vm storage 8")
        .close("2026-01")
        .sheet("2026-01-01", "compute 0 0:1");
    check(&log, "close-1 first till 2026-01 storage 2026-01-03 vm 8 8 6.8");
    check(
        &log.usage_of("till", "2026-01-03 05 vm storage 2"),
        "close-1 first till 2026-01 storage 2026-01-03 vm 8 8 6.8
         unrated till 2026-01 storage 2",
    );
}

#[test]
fn a_price_that_changes_within_the_month_holds_from_its_day_on() {
    let log = Log::channel()
        .sheet("2026-01-01", STORAGE)
        .sheet("2026-01-10T12:00:00Z", "storage 0 0:4,10:2")
        .usage_of("till", "2026-01-10 23 vm storage 6 \n 2026-01-11 00 vm storage 6");
    check(
        &log,
        "unbilled first till 2026-01 storage 2026-01-10 vm 6 30 25.5
         unbilled first till 2026-01 storage 2026-01-11 vm 6 20 17",
    );
}

#[test]
fn a_close_takes_earlier_months_along_and_leaves_later_ones() {
    let log = Log::channel()
        .sheet("2026-01-01", "compute 0 0:1")
        .usage_of("till", "2026-01-31 23 vm compute 1 \n 2026-02-01 00 vm compute 2 \n 2026-03-01 00 vm compute 4");
    assert_eq!(log.fold().first_open_month(), Some(month("2026-01")));
    let closed = log.close("2026-02");
    check(
        &closed,
        "close-1  first till 2026-01 compute 2026-01-31 vm 1 1 0.85
         close-1  first till 2026-02 compute 2026-02-01 vm 2 2 1.7
         unbilled first till 2026-03 compute 2026-03-01 vm 4 4 3.4",
    );
    assert_eq!(closed.fold().first_open_month(), Some(month("2026-03")));
    assert_eq!(closed.fold().unbilled(edge("first"), month("2026-02")), []);
}
