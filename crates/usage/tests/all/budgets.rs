//! Budgets in the fold: what counts, when a threshold is crossed, and that the incremental figures are the true ones.

use crate::builder::{Log, edge, guid, month, subscription, time};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tenantry_core::{Amount, Currency, Money, Month, TenantId};
use tenantry_usage::{
    BudgetAction, BudgetId, BudgetKind, BudgetScope, BudgetTerms, Close, Fold, Owed, Record, ServiceState,
};

fn id(name: &str) -> BudgetId {
    BudgetId::parse(&guid(name)).unwrap()
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(&guid(name)).unwrap()
}

fn money(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// A monthly cap on everything of the first edge, with notices at 50 and 80 %.
fn terms(name: &str, cents: i128) -> BudgetTerms {
    BudgetTerms {
        id: id(name),
        owner: tenant("partner"),
        name: name.to_owned(),
        scope: BudgetScope::Channel(edge("first")),
        edge: edge("first"),
        kind: BudgetKind::Monthly,
        limit: money(cents),
        thresholds: vec![50, 80, 100],
        action: BudgetAction::Cap,
        on_anomaly: BudgetAction::Notify,
    }
}

/// Storage at 1.00 list; 0.85 on the first edge.
fn log() -> Log {
    Log::channel().sheet("2026-01-01", "storage 0 0:1 \n tiered 0 0:1,10:0.5")
}

fn put(mut log: Log, terms: BudgetTerms) -> Log {
    log.records.push(Record::Budget(terms));
    log
}

fn with(mut log: Log, record: Record) -> Log {
    log.records.push(record);
    log
}

/// All crossings in short: record, budget's month, percent, action, before and after.
fn crossings(fold: &Fold) -> Vec<String> {
    let show = |crossing: &tenantry_usage::Crossing| {
        let month = crossing.month.map_or("credit".to_owned(), |month| month.to_string());
        let action = crossing.action.name();
        format!(
            "{} {month} {}% {action} {}->{}",
            crossing.at_record, crossing.threshold, crossing.before, crossing.spent
        )
    };
    fold.budgets().crossings_after(0).map(show).collect()
}

#[test]
fn a_threshold_is_crossed_by_the_record_that_reaches_it_and_once_a_month() {
    let log = put(log(), terms("b", 1_000));
    let first = i64::try_from(log.records.len()).unwrap() + 1;
    let fold = log
        .usage("2026-01-05 00 vm storage 5")
        .usage("2026-01-06 00 vm storage 1")
        .usage("2026-01-06 01 vm storage 10")
        .usage("2026-01-07 00 vm storage 1")
        .usage("2026-02-01 00 vm storage 6")
        .fold();
    let at = |record: i64, text: &str| format!("{} {text}", first + record);
    assert_eq!(
        crossings(&fold),
        [
            at(1, "2026-01 50% notify 4.25->5.1"),
            at(2, "2026-01 80% notify 5.1->13.6"),
            at(2, "2026-01 100% cap 5.1->13.6"),
            at(4, "2026-02 50% notify 0->5.1"),
        ]
    );
    let cap = fold.budgets().crossings_after(2).next().unwrap();
    assert_eq!((cap.number, cap.overshoot().to_string()), (3, "3.6".to_owned()));
    assert!(fold.budgets().reached(id("b"), month("2026-01")) && !fold.budgets().reached(id("b"), month("2026-02")));
}

#[test]
fn late_usage_counts_in_the_month_it_happened_in() {
    let fold =
        put(log(), terms("b", 1_000)).usage("2026-02-02 00 vm storage 4").usage("2026-01-31 23 vm storage 7").fold();
    let spent = |of: &str| fold.budgets().spent(id("b"), month(of)).to_string();
    assert_eq!((spent("2026-01"), spent("2026-02")), ("5.95".to_owned(), "3.4".to_owned()));
    // After the close nobody watches January; what comes late is billed by the next document.
    let fold = put(log(), terms("b", 1_000))
        .usage("2026-02-02 00 vm storage 4")
        .close("2026-01")
        .usage("2026-01-31 23 vm storage 70")
        .fold();
    assert_eq!(crossings(&fold), Vec::<String>::new());
    assert_eq!(fold.budgets().spent(id("b"), month("2026-02")).to_string(), "3.4");
}

#[test]
fn what_was_billed_counts_like_what_is_not() {
    // A close in the middle of a month's life: the grace is over, then usage of the next month goes on.
    let fold = put(log(), terms("b", 1_000))
        .usage("2026-02-02 00 vm storage 4 \n 2026-01-02 00 vm storage 1")
        .close("2026-01")
        .usage("2026-02-03 00 vm storage 2")
        .fold();
    assert_eq!(fold.budgets().spent(id("b"), month("2026-02")).to_string(), "5.1");
}

#[test]
fn corrections_lower_what_was_spent_and_do_not_cross_again() {
    let fold = put(log(), terms("b", 1_000))
        .usage("2026-01-05 00 vm storage 12")
        .usage("2026-01-05 00 vm storage -10 e1")
        .usage("2026-01-06 00 vm storage 11")
        .fold();
    assert_eq!(crossings(&fold).len(), 3, "{:?}", crossings(&fold));
    assert_eq!(fold.budgets().spent(id("b"), month("2026-01")).to_string(), "11.05");
}

#[test]
fn each_scope_counts_what_lies_in_it() {
    let machine = |group: &str| format!("/subscriptions/1/resourceGroups/{group}/providers/a/b/vm");
    let of = |scope: BudgetScope, cents: i128| BudgetTerms { scope, ..terms("b", cents) };
    for (scope, spent) in [
        (BudgetScope::Channel(edge("first")), "8.5"),
        (BudgetScope::Partner(tenant("partner")), "8.5"),
        (BudgetScope::Partner(tenant("nobody")), "0"),
        (BudgetScope::Customer(tenant("customer")), "8.5"),
        (BudgetScope::Subscription(subscription("shop")), "3.4"),
        (BudgetScope::Subscription(subscription("till")), "5.1"),
        (BudgetScope::resource_group(subscription("shop"), "WEB"), "2.55"),
        (BudgetScope::resource_group(subscription("till"), "web"), "0"),
    ] {
        let usage = |log: Log| {
            log.usage(&format!(
                "2026-01-05 00 {} storage 3 \n 2026-01-05 00 {} storage 1",
                machine("Web"),
                machine("db")
            ))
            .usage_of("till", "2026-01-05 00 vm storage 6")
        };
        let before = usage(put(log(), of(scope.clone(), 10_000))).fold();
        let after = put(usage(log()), of(scope.clone(), 10_000)).fold();
        for fold in [before, after] {
            assert_eq!(fold.budgets().spent(id("b"), month("2026-01")).to_string(), spent, "{scope:?}");
        }
    }
}

#[test]
fn each_tier_counts_in_its_own_prices() {
    let below = BudgetTerms {
        scope: BudgetScope::Subscription(subscription("shop")),
        edge: edge("second"),
        ..terms("below", 10_000)
    };
    let fold = put(put(log(), terms("above", 10_000)), below).usage("2026-01-05 00 vm storage 10").fold();
    let spent = |name: &str| fold.budgets().spent(id(name), month("2026-01"));
    let mut fold_again = fold.clone();
    assert_eq!(spent("above"), fold_again.running_charge(subscription("shop"), edge("first")));
    assert_eq!(spent("below"), fold_again.running_charge(subscription("shop"), edge("second")));
}

#[test]
fn a_budget_put_on_what_was_spent_already_is_crossed_at_once_and_a_higher_one_is_not() {
    let log = put(log().usage("2026-01-05 00 vm storage 20"), terms("b", 1_000));
    let fold = log.fold();
    assert_eq!(crossings(&fold).len(), 3);
    assert!(fold.budgets().to_stop().contains(&subscription("shop")));
    let raised = put(log, terms("b", 2_000));
    let fold = raised.fold();
    assert!(!fold.budgets().reached(id("b"), month("2026-01")), "raised: 17 of 20");
    // 80 % of the new limit is still reached and was told.
    assert_eq!(crossings(&fold).len(), 3, "{:?}", crossings(&fold));
    let again = raised.usage("2026-01-06 00 vm storage 10").fold();
    assert_eq!(crossings(&again).len(), 4, "the raised limit can be reached again");
    let removed = with(put(crate::budgets::log(), terms("b", 1_000)), Record::BudgetRemoved(id("b")));
    let fold = removed.usage("2026-01-06 00 vm storage 100").fold();
    assert!(crossings(&fold).is_empty() && fold.budgets().is_empty());
}

#[test]
fn prices_that_change_move_what_was_spent() {
    let log = put(log(), terms("b", 1_000)).usage("2026-01-05 00 vm storage 10").usage("2026-01-06 00 vm unknown 1");
    let dearer = log.sheet("2026-01-01", "storage 0 0:2 \n unknown 0 0:3");
    let fold = dearer.fold();
    assert_eq!(fold.budgets().spent(id("b"), month("2026-01")).to_string(), "19.55");
    assert!(fold.budgets().reached(id("b"), month("2026-01")));
}

#[test]
fn a_subscription_made_later_counts_and_its_use_under_a_reached_cap_is_told() {
    let mut fold = put(log(), terms("b", 1_000)).usage("2026-01-05 00 vm storage 20").fold();
    let look_at = fold.budgets().to_stop().clone();
    assert!(look_at.contains(&subscription("shop")));
    fold.stopped(&look_at);
    assert!(fold.budgets().to_stop().is_empty());
    let new = crate::builder::terms("late", &["first"], ServiceState::Active, "2026-01-10");
    fold.apply(fold.position() + 1, Record::Subscription(new)).unwrap();
    let usage = crate::builder::event("x", "late", &["2026-01-11", "00", "vm", "storage", "1"]);
    fold.apply(fold.position() + 1, Record::Usage(vec![usage])).unwrap();
    assert_eq!(fold.budgets().to_stop().iter().collect::<Vec<_>>(), [&subscription("late")]);
    assert_eq!(crossings(&fold).len(), 3, "told once");
}

#[test]
fn a_credit_limit_counts_what_is_owed_and_what_is_not_billed_without_a_gap_at_the_close() {
    let credit = BudgetTerms { kind: BudgetKind::Credit, ..terms("c", 2_000) };
    let log = put(log(), credit).usage("2026-01-05 00 vm storage 10");
    let spent = |log: &Log| log.fold().budgets().spent(id("c"), month("2026-05")).to_string();
    assert_eq!(spent(&log), "8.5");
    let log = log.close("2026-01");
    assert_eq!(spent(&log), "8.5", "billed, and no document told yet");
    let owed = |cents, close| Record::Owed(Owed { edge: edge("first"), amount: money(cents), through_close: close });
    let log = with(log, owed(1_020, 1));
    assert_eq!(spent(&log), "10.2", "the document has tax on it");
    let log = log.usage("2026-02-05 00 vm storage 12 \n 2026-01-31 00 vm storage 1");
    assert_eq!(spent(&log), "21.25", "late usage counts too");
    assert!(log.fold().budgets().reached(id("c"), month("2026-02")));
    let log = with(log, owed(0, 1));
    assert_eq!(spent(&log), "11.05", "paid");
    assert!(!log.fold().budgets().reached(id("c"), month("2026-02")));
    assert!(crossings(&log.usage("2026-02-06 00 vm storage 12").fold()).len() > 3, "and reached again");
}

#[test]
fn a_budget_of_an_edge_that_is_not_there_is_refused() {
    let strange = BudgetTerms { edge: edge("nowhere"), ..terms("b", 1) };
    assert!(log().fold().check(&Record::Budget(strange)).is_err());
}

/// What a budget of an edge comes to, from the lines: billed and unbilled, of the month's usage.
fn from_lines(fold: &Fold, of: Month) -> Amount {
    let first = edge("first");
    let billed = fold.closes().iter().flat_map(|close: &Close| fold.billed_by(first, close.number));
    let lines = billed.chain(fold.unbilled(first, month("9999-12")));
    lines.filter(|line| line.month == of).map(|line| line.charge).sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_incremental_figure_is_the_sum_of_the_lines_whatever_happens(
        steps in proptest::collection::vec((0..8_u8, 1..28_u8, 0..2_u8, 1..40_u8), 1..25),
        put_at in 0..25_usize,
        kind in 0..3_u8,
    ) {
        let scope = match kind {
            0 => BudgetScope::Channel(edge("first")),
            1 => BudgetScope::Customer(tenant("customer")),
            _ => BudgetScope::Partner(tenant("partner")),
        };
        let budget = BudgetTerms { scope, ..terms("b", 5_000) };
        let mut log = log();
        let mut closed = false;
        for (at, (what, day, which, amount)) in steps.into_iter().enumerate() {
            if at == put_at {
                log = put(log, budget.clone());
            }
            let shop = if which == 0 { "shop" } else { "till" };
            let row = |month: &str, meter: &str| format!("2026-{month}-{day:02} 00 vm {meter} {amount}");
            log = match what {
                0 | 1 => log.usage_of(shop, &row("01", "storage")),
                2 | 3 => log.usage_of(shop, &row("01", "tiered")),
                4 => log.usage_of(shop, &row("02", "tiered")),
                5 => log.sheet("2026-01-01", &format!("storage 0 0:{amount} \n tiered 0 0:2,{amount}:1")),
                6 if !closed => { closed = true; log.close("2026-01") },
                _ => log.usage_of(shop, &row("02", "storage")),
            };
        }
        log = put(log, BudgetTerms { id: id("last"), ..budget });
        let fold = log.fold();
        let open: Vec<_> = ["2026-01", "2026-02"].into_iter().skip(usize::from(closed)).collect();
        for of in open {
            for name in ["b", "last"] {
                if name == "last" || fold.budgets().get(id(name)).is_some() {
                    prop_assert_eq!(fold.budgets().spent(id(name), month(of)), from_lines(&fold, month(of)), "{} {}", name, of);
                }
            }
        }
        // The same from a checkpoint, and the same checkpoint.
        let restored = Fold::restore(&fold.checkpoint().unwrap()).unwrap();
        prop_assert_eq!(crossings(&restored), crossings(&fold));
        prop_assert!(restored.checkpoint().unwrap() == crate::builder::fold(&log.records).checkpoint().unwrap());
        // Overshoot is never more than the record that crossed.
        for crossing in fold.budgets().crossings_after(0) {
            prop_assert!(crossing.before == crossing.spent || crossing.overshoot() <= crossing.spent - crossing.before);
        }
    }
}

#[test]
fn charges_of_days_add_up_to_the_lines() {
    let fold =
        log().usage("2026-01-30 00 vm tiered 8 \n 2026-01-31 05 db tiered 8 \n 2026-02-01 00 vm storage 2").fold();
    let days =
        fold.day_charges(subscription("shop"), edge("first"), time("2026-01-31").day(), time("2026-02-01").day());
    let shown: Vec<_> =
        days.iter().map(|day| format!("{} {} {} {}", day.day, day.resource, day.region, day.charge)).collect();
    // 2 at 1 and 6 at 0.5, times 0.85.
    assert_eq!(shown, ["2026-01-31 db westus 4.25", "2026-02-01 vm westus 1.7"]);
    assert_eq!(fold.used_on(time("2026-01-31").day()).into_iter().collect::<Vec<_>>(), [subscription("shop")]);
    assert!(fold.used_on(time("2026-01-29").day()).is_empty());
}

/// Stored forms are read for years; see `stored.rs`.
const STORED: [(&str, &str); 3] = [
    ("budget", include_str!("../stored/budget.hex")),
    ("budget-removed", include_str!("../stored/budget-removed.hex")),
    ("owed", include_str!("../stored/owed.hex")),
];

#[test]
fn records_of_budgets_are_written_and_read_as_ever() {
    let group = BudgetTerms { scope: BudgetScope::resource_group(subscription("shop"), "Web"), ..terms("b", 1_000) };
    let owed = Owed { edge: edge("first"), amount: money(-5), through_close: 3 };
    let records = [Record::Budget(group), Record::BudgetRemoved(id("b")), Record::Owed(owed)];
    let today = records
        .each_ref()
        .map(|record| record.encode().unwrap().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let stored = STORED.map(|(_, text)| text.lines().filter(|line| !line.starts_with('#')).collect::<String>());
    assert_eq!(today, stored, "a changed stored form needs a form byte of its own");
    for ((record, hex), (kind, _)) in records.into_iter().zip(&stored).zip(STORED) {
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
        assert_eq!(Record::decode(&bytes), Ok(record), "{kind}");
    }
}

#[test]
fn no_budget_of_one_partner_counts_or_stops_what_another_sells_to_the_same_customer() {
    // `till` is not sold over the second edge; both belong to one customer.
    let scope = BudgetScope::Customer(tenant("customer"));
    let fold = put(log(), BudgetTerms { scope, edge: edge("second"), ..terms("b", 100) })
        .usage("2026-01-05 00 vm storage 10")
        .usage_of("till", "2026-01-05 00 vm storage 10")
        .fold();
    let limits = |name: &str| fold.limits_on(subscription(name), month("2026-01"), BudgetAction::Cap).count();
    assert_eq!((limits("shop"), limits("till")), (1, 0));
    assert!(!fold.budgets().to_stop().contains(&subscription("till")));
}
