//! The field's worked cases of seats, line by line, and the laws behind them.
//!
//! The rows are transcribed from data/reconciliation-files/billing-scenarios.json; where the file lies beside the
//! workspace they are held against it, so that a slip of the pen shows.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;
use tenantry_core::{Amount, Currency, Day, Factor, Money, Quantity, Rate, Rounding};
use tenantry_rating::{
    SeatAccount, SeatCycle, SeatForm, SeatLine, SeatPeriod, SeatPolicy, SeatPrice, SeatStage, Tiers,
    effective_unit_price,
};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn price(rate: &str) -> SeatPrice {
    SeatPrice { rate: Rate::parse(rate).unwrap(), factor: Factor::ONE, currency: Currency::USD }
}

fn policy(stage: SeatStage) -> SeatPolicy {
    SeatPolicy { stage, rounding: Rounding::HalfEven, refund_days: 30 }
}

/// A worked case: what is given, the stage of rounding its figures need, and the lines of each file.
struct Case {
    id: &'static str,
    stage: SeatStage,
    form: SeatForm,
    cycle: SeatCycle,
    price: &'static str,
    seats: &'static [(&'static str, i64)],
    ended: Option<&'static str>,
    /// Days the printed charge dates lie before ours: the one-time cases print the purchase of 11 June as 10 June.
    printed_before: i32,
    /// The bill date; `None` for all that happened, where the case names none.
    files: &'static [(Option<&'static str>, &'static [Printed])],
}

/// Charge start, charge end, charge type, unit price, quantity, amount, as printed.
type Printed = (&'static str, &'static str, &'static str, &'static str, i64, &'static str);

const BOUGHT: &str = "2018-01-13";
const ANNUAL_NEW: &[Printed] = &[("2018-01-13", "2019-01-12", "Prorate fees when purchase", "48.00", 1, "48.00")];
const MONTHLY_NEW: &[Printed] = &[("2018-01-13", "2018-02-12", "Cycle fee", "4.00", 1, "4.00")];

const CASES: &[Case] = &[
    Case {
        id: "annual-new",
        stage: SeatStage::SeatDay,
        form: SeatForm::Licence,
        cycle: SeatCycle::Annual,
        price: "48.00",
        seats: &[(BOUGHT, 1)],
        ended: None,
        printed_before: 0,
        files: &[(Some("2018-01-15"), ANNUAL_NEW)],
    },
    Case {
        id: "annual-change-quantity",
        stage: SeatStage::SeatDay,
        form: SeatForm::Licence,
        cycle: SeatCycle::Annual,
        price: "48.00",
        seats: &[(BOUGHT, 1), ("2018-02-01", 2)],
        ended: None,
        printed_before: 0,
        files: &[
            (Some("2018-01-15"), ANNUAL_NEW),
            (
                Some("2018-02-15"),
                &[
                    ("2018-01-13", "2019-01-12", "Cycle instance prorate", "-48.00", 1, "-48.00"),
                    ("2018-01-13", "2018-01-31", "Cycle instance prorate", "2.47", 1, "2.47"),
                    ("2018-02-01", "2019-01-12", "Cycle instance prorate", "44.98", 2, "89.96"),
                ],
            ),
        ],
    },
    Case {
        id: "annual-suspend-within-30-days",
        stage: SeatStage::SeatDay,
        form: SeatForm::Licence,
        cycle: SeatCycle::Annual,
        price: "48.00",
        seats: &[(BOUGHT, 1)],
        ended: Some("2018-02-01"),
        printed_before: 0,
        files: &[
            (Some("2018-01-15"), ANNUAL_NEW),
            (Some("2018-02-15"), &[("2018-01-13", "2019-01-12", "Cancel fee", "-48.00", 1, "-48.00")]),
        ],
    },
    Case {
        id: "monthly-new",
        stage: SeatStage::Seat,
        form: SeatForm::Licence,
        cycle: SeatCycle::Monthly,
        price: "4.00",
        seats: &[(BOUGHT, 1)],
        ended: None,
        printed_before: 0,
        files: &[
            (Some("2018-01-15"), MONTHLY_NEW),
            (Some("2018-02-15"), &[("2018-02-13", "2018-03-12", "Cycle fee", "4.00", 1, "4.00")]),
        ],
    },
    Case {
        id: "monthly-change-quantity",
        stage: SeatStage::Seat,
        form: SeatForm::Licence,
        cycle: SeatCycle::Monthly,
        price: "4.00",
        seats: &[(BOUGHT, 1), ("2018-02-01", 2)],
        ended: None,
        printed_before: 0,
        files: &[
            (Some("2018-01-15"), MONTHLY_NEW),
            (
                Some("2018-02-15"),
                &[
                    ("2018-01-13", "2018-02-12", "Cycle instance prorate", "-4.00", 1, "-4.00"),
                    ("2018-01-13", "2018-01-31", "Cycle instance prorate", "2.45", 1, "2.45"),
                    ("2018-02-01", "2018-02-12", "Cycle instance prorate", "1.55", 2, "3.10"),
                    ("2018-02-13", "2018-03-12", "Cycle instance prorate", "4.00", 2, "8.00"),
                ],
            ),
        ],
    },
    Case {
        id: "one-time-add-seat-same-day",
        stage: SeatStage::Seat,
        form: SeatForm::OneTime,
        cycle: SeatCycle::Monthly,
        price: "4.00",
        seats: &[("2019-06-11", 1), ("2019-06-11", 2)],
        ended: None,
        printed_before: 1,
        files: &[(
            None,
            &[
                ("2019-06-10", "2019-07-09", "new", "4", 1, "4"),
                ("2019-06-10", "2019-07-09", "addQuantity", "4", 1, "-4"),
                ("2019-06-10", "2019-07-09", "addQuantity", "4", 2, "8"),
            ],
        )],
    },
    Case {
        id: "one-time-add-seat-next-day",
        stage: SeatStage::Seat,
        form: SeatForm::OneTime,
        cycle: SeatCycle::Monthly,
        price: "4.00",
        seats: &[("2019-06-11", 1), ("2019-06-12", 2)],
        ended: None,
        printed_before: 1,
        files: &[(
            None,
            &[
                ("2019-06-10", "2019-07-09", "new", "4", 1, "4"),
                ("2019-06-10", "2019-07-09", "addQuantity", "4", 1, "-3.87"),
                ("2019-06-10", "2019-07-09", "addQuantity", "4", 2, "7.74"),
            ],
        )],
    },
    Case {
        id: "one-time-remove-seat-same-day",
        stage: SeatStage::Seat,
        form: SeatForm::OneTime,
        cycle: SeatCycle::Monthly,
        price: "4.00",
        seats: &[("2019-06-11", 2), ("2019-06-11", 1)],
        ended: None,
        printed_before: 1,
        files: &[(
            None,
            &[
                ("2019-06-10", "2019-07-09", "new", "4", 2, "8"),
                ("2019-06-10", "2019-07-09", "removeQuantity", "4", 2, "-8"),
                ("2019-06-10", "2019-07-09", "removeQuantity", "4", 1, "4"),
            ],
        )],
    },
];

impl Case {
    fn account(&self) -> SeatAccount {
        SeatAccount {
            form: self.form,
            cycle: self.cycle,
            price: price(self.price),
            policy: policy(self.stage),
            bought: day(self.seats[0].0),
            seats: self.seats.iter().map(|(from, seats)| (day(from), *seats)).collect(),
            ended: self.ended.map(day),
        }
    }

    fn computed(&self) -> Vec<Vec<String>> {
        let account = self.account();
        let mut before = None;
        let run = |(bill, _): &(Option<&str>, &[Printed])| {
            // Without a bill date: at the end of the day of the last change.
            let through = bill.map_or(account.seats.last().unwrap().0, day);
            let lines = account.bill(before, through);
            before = Some(through);
            lines.iter().map(|line| self.shown(line)).collect()
        };
        self.files.iter().map(run).collect()
    }

    fn shown(&self, line: &SeatLine) -> String {
        let printed = |of: Day| Day::from_number(of.number() - self.printed_before);
        let (first, last) = (printed(line.period.first()), printed(line.period.last()));
        let reason = line.reason.charge_type(self.form, self.cycle);
        let unit = plain(&line.unit.to_string());
        format!("{first} {last} {reason}: {unit} x {} = {}", line.seats, plain(&line.amount.to_string()))
    }

    fn printed(&self) -> Vec<Vec<String>> {
        let line = |(first, last, reason, unit, seats, amount): &Printed| {
            format!("{first} {last} {reason}: {} x {seats} = {}", plain(unit), plain(amount))
        };
        self.files.iter().map(|(_, lines)| lines.iter().map(line).collect()).collect()
    }
}

/// The one-time cases print `4`, the others `4.00`: compared as numbers.
fn plain(text: &str) -> String {
    Amount::parse(text).unwrap().to_string()
}

#[test]
fn the_worked_cases_of_the_field_come_out_line_by_line() {
    for case in CASES {
        assert_eq!(case.computed(), case.printed(), "{}", case.id);
    }
}

#[test]
fn the_rows_say_what_the_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reconciliation-files");
    let Ok(text) = std::fs::read_to_string(folder.join("billing-scenarios.json")) else {
        println!("skipped: the file is not there; its rows were compared");
        return;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for said in &cases {
        let id = said["id"].as_str().unwrap();
        let Some(case) = CASES.iter().find(|case| case.id == id) else {
            assert_eq!(id, "azure-plan-tier-example", "every other case is one of seats");
            continue;
        };
        let text = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap().to_owned();
        let line = |line: &serde_json::Value| {
            let (unit, amount) = (plain(&text(line, "unitPrice")), plain(&text(line, "amount")));
            let (first, last) = (text(line, "chargeStart"), text(line, "chargeEnd"));
            format!("{first} {last} {}: {unit} x {} = {amount}", text(line, "chargeType"), line["quantity"])
        };
        let files = said["files"].as_array().unwrap();
        let lines: Vec<Vec<_>> =
            files.iter().map(|file| file["lines"].as_array().unwrap().iter().map(line).collect()).collect();
        assert_eq!(case.printed(), lines, "{id}");
        let bills: Vec<_> = files.iter().map(|file| file["billDate"].as_str()).collect();
        assert_eq!(case.files.iter().map(|(bill, _)| *bill).collect::<Vec<_>>(), bills, "{id}");
        assert_eq!(case.seats[0].0, text(&said["given"], "purchaseDate"), "{id}");
        compared += 1;
    }
    assert_eq!(compared, CASES.len());
}

/// What the same change costs at each stage: the figures of the cases tell the stages apart.
#[test]
fn each_case_needs_its_own_stage_of_rounding() {
    let annual = SeatPeriod::new(day("2018-01-13"), day("2019-01-12")).unwrap();
    let month = SeatPeriod::new(day("2018-01-13"), day("2018-02-12")).unwrap();
    let term = SeatPeriod::new(day("2019-06-11"), day("2019-07-10")).unwrap();
    let rest = |period: SeatPeriod, from: &str| period.rest(day(from)).unwrap();
    for (what, rate, period, days, seats, by_stage) in [
        (
            "annual, from 1 February",
            "48.00",
            annual,
            rest(annual, "2018-02-01"),
            2,
            ["44.98 89.96", "44.98 89.96", "45.50 91.00", "45.50 91.00"],
        ),
        (
            "monthly, up to 31 January",
            "4.00",
            month,
            month.until(day("2018-02-01")).unwrap(),
            1,
            ["2.47 2.47", "2.47 2.47", "2.45 2.45", "2.45 2.45"],
        ),
        (
            "one-time, from the next day",
            "4.00",
            term,
            rest(term, "2019-06-12"),
            2,
            ["3.77 7.54", "3.92 7.84", "3.87 7.74", "3.87 7.73"],
        ),
        ("a whole month", "4.00", month, month, 3, ["4.00 12.00"; 4]),
    ] {
        let stages = [SeatStage::SeatDay, SeatStage::AllSeatsDay, SeatStage::Seat, SeatStage::Line];
        let seen = stages.map(|stage| {
            let charge = price(rate).charge(period, days, seats, policy(stage));
            format!("{} {}", charge.unit, charge.amount)
        });
        assert_eq!(seen, by_stage, "{what}");
    }
}

#[test]
fn the_mode_of_rounding_decides_ties_and_the_floor() {
    // 1.25 for 10 days of 100 is 0.125.
    let period = SeatPeriod::new(day("2026-01-01"), day("2026-04-10")).unwrap();
    let days = SeatPeriod::new(day("2026-01-01"), day("2026-01-10")).unwrap();
    for (mode, amount) in [(Rounding::HalfEven, "0.12"), (Rounding::HalfUp, "0.13"), (Rounding::Floor, "0.12")] {
        let policy = SeatPolicy { stage: SeatStage::Seat, rounding: mode, refund_days: 0 };
        assert_eq!(price("1.25").charge(period, days, 1, policy).amount.to_string(), amount, "{mode:?}");
    }
    for (mode, amount) in [(Rounding::HalfEven, "0.14"), (Rounding::HalfUp, "0.14"), (Rounding::Floor, "0.13")] {
        let policy = SeatPolicy { stage: SeatStage::Seat, rounding: mode, refund_days: 0 };
        assert_eq!(price("1.35").charge(period, days, 1, policy).amount.to_string(), amount, "{mode:?}");
    }
}

#[test]
fn an_end_after_the_window_gives_back_the_days_not_used() {
    let account = |form| SeatAccount {
        form,
        cycle: SeatCycle::Monthly,
        price: price("31.00"),
        policy: SeatPolicy { refund_days: 5, ..policy(SeatStage::Seat) },
        bought: day("2026-01-01"),
        seats: vec![(day("2026-01-01"), 2)],
        ended: Some(day("2026-01-11")),
    };
    let shown = |form| -> Vec<String> {
        let account = account(form);
        let lines = account.bill(Some(day("2026-01-02")), day("2026-01-31"));
        let reason = |line: &SeatLine| line.reason.charge_type(form, account.cycle);
        lines.iter().map(|line| format!("{} {} {}", line.period.last(), reason(line), line.amount)).collect()
    };
    let licence = ["2026-01-31 Prorate fees when cancel -62.00", "2026-01-10 Prorate fees when cancel 20.00"];
    assert_eq!(shown(SeatForm::Licence), licence);
    assert_eq!(shown(SeatForm::OneTime), ["2026-01-31 cancelImmediate -42.00"]);
    for form in [SeatForm::Licence, SeatForm::OneTime] {
        let next = account(form).bill(Some(day("2026-01-31")), day("2026-03-31"));
        assert_eq!(next, [], "what has ended is not renewed");
    }
}

#[test]
fn periods_are_reckoned_from_the_day_of_purchase() {
    let shown = |cycle: SeatCycle, bought: &str, number| {
        let period = cycle.period(day(bought), number).unwrap();
        format!("{} {} {}", period.first(), period.last(), period.days())
    };
    for (cycle, bought, number, expected) in [
        (SeatCycle::Monthly, "2018-01-13", 0, "2018-01-13 2018-02-12 31"),
        (SeatCycle::Monthly, "2019-06-11", 0, "2019-06-11 2019-07-10 30"),
        (SeatCycle::Monthly, "2026-01-31", 0, "2026-01-31 2026-02-27 28"),
        (SeatCycle::Monthly, "2026-01-31", 1, "2026-02-28 2026-03-30 31"),
        (SeatCycle::Monthly, "2026-01-31", 2, "2026-03-31 2026-04-29 30"),
        (SeatCycle::Monthly, "2026-12-01", 1, "2027-01-01 2027-01-31 31"),
        (SeatCycle::Annual, "2018-01-13", 0, "2018-01-13 2019-01-12 365"),
        (SeatCycle::Annual, "2024-02-29", 0, "2024-02-29 2025-02-27 365"),
        (SeatCycle::Annual, "2024-02-29", 4, "2028-02-29 2029-02-27 365"),
    ] {
        assert_eq!(shown(cycle, bought, number), expected);
    }
}

#[test]
fn inclusive_ranges_of_an_azure_plan_are_bounds_one_lower() {
    let ranges = [("1", "1"), ("101", "0.80"), ("100001", "0.50")];
    let bound = |(from, rate): &(&str, &str)| {
        let from = Quantity::parse(from).unwrap().checked_sub(Quantity::whole(1)).unwrap();
        (from, Rate::parse(rate).unwrap())
    };
    let tiers = Tiers::new(ranges.iter().map(bound).collect()).unwrap();
    let charge = tiers.charge(Quantity::ZERO, Quantity::ZERO, Quantity::whole(101));
    assert_eq!(charge.round(Currency::USD, Rounding::HalfEven).to_string(), "100.80");
}

#[test]
fn the_field_floors_a_cost_and_shows_it_by_unit() {
    let rows = [("29", "21.39", "0.737586206896552"), ("210.950039", "155.63", "0.737757626107858")];
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/reconciliation-files/effective-unit-price.json");
    if let Ok(text) = std::fs::read_to_string(file) {
        let said: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&said["unitPrice"], &said["partnerEarnedCredit"]), (&"0.868".into(), &"0.15".into()));
        for (row, (units, cost, effective)) in said["rows"].as_array().unwrap().iter().zip(rows) {
            assert_eq!(row["billableUnits"], units);
            assert_eq!((&row["billableCost"], &row["effectiveUnitPrice"]), (&cost.into(), &effective.into()));
        }
    }
    for (units, cost, effective) in rows {
        let units = Quantity::parse(units).unwrap();
        let factor = Factor::after_discount("0.15").unwrap();
        let exact = Amount::priced(units, Rate::parse("0.868").unwrap(), factor);
        let floored = exact.round(Currency::USD, Rounding::Floor);
        assert_eq!(floored.to_string(), cost);
        assert_eq!(effective_unit_price(floored, units).as_deref(), Some(effective));
    }
    assert_eq!(effective_unit_price(Money::zero(Currency::USD), Quantity::ZERO), None);
}

fn stage() -> impl Strategy<Value = SeatStage> {
    prop_oneof![Just(SeatStage::SeatDay), Just(SeatStage::AllSeatsDay), Just(SeatStage::Seat), Just(SeatStage::Line)]
}

fn mode() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::HalfEven), Just(Rounding::HalfUp), Just(Rounding::Floor)]
}

fn account() -> impl Strategy<Value = SeatAccount> {
    let bought = day("2023-11-15").number();
    let form = prop_oneof![Just(SeatForm::Licence), Just(SeatForm::OneTime)];
    let cycle = prop_oneof![Just(SeatCycle::Monthly), Just(SeatCycle::Annual)];
    let changes = prop::collection::vec((0..420_i32, 0..40_i64), 0..6);
    let policy = (stage(), mode(), 0..60_i64);
    let ended = prop::option::of(0..420_i32);
    (form, cycle, 1..100_000_i64, policy, 1..40_i64, changes, ended).prop_map(
        move |(form, cycle, cents, (stage, rounding, refund_days), seats, mut changes, ended)| {
            changes.sort_by_key(|(after, _)| *after);
            let later = changes.into_iter().map(|(after, seats)| (Day::from_number(bought + after), seats));
            SeatAccount {
                form,
                cycle,
                price: price(&Money::from_minor(i128::from(cents), Currency::USD).to_string()),
                policy: SeatPolicy { stage, rounding, refund_days },
                bought: Day::from_number(bought),
                seats: [(Day::from_number(bought), seats)].into_iter().chain(later).collect(),
                ended: ended.map(|after| Day::from_number(bought + after)),
            }
        },
    )
}

fn total<'a>(lines: impl IntoIterator<Item = &'a SeatLine>) -> i128 {
    lines.into_iter().map(|line| line.amount.minor()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256, failure_persistence: None, rng_seed: RngSeed::Fixed(4), ..ProptestConfig::default()
    })]

    /// The number of runs in between changes the lines, never the money.
    #[test]
    fn any_number_of_runs_comes_to_the_same(account in account(), mut runs in prop::collection::vec(0..500_i32, 0..8)) {
        runs.sort_unstable();
        let through = Day::from_number(account.bought.number() + 500);
        let days = runs.iter().map(|after| Day::from_number(account.bought.number() + after)).chain([through]);
        let mut before = None;
        let mut billed = Vec::new();
        for day in days {
            billed.extend(account.bill(before, day));
            before = Some(day);
        }
        prop_assert_eq!(total(&billed), total(&account.bill(None, through)));
        prop_assert_eq!(account.bill(Some(through), through), vec![]);
    }

    #[test]
    fn what_ends_within_the_window_costs_nothing(account in account(), after in 0..60_i32) {
        let mut account = account;
        account.policy.refund_days = 60;
        account.ended = Some(Day::from_number(account.bought.number() + after));
        let through = Day::from_number(account.bought.number() + 500);
        prop_assert_eq!(total(&account.bill(None, through)), 0);
    }

    /// Whole numbers of our own: price in cents, days, seats; the line rounded once.
    #[test]
    fn a_line_is_the_price_by_days_rounded_once(
        cents in 1..1_000_000_i128, used in 1..365_i64, seats in 1..1000_i64, mode in mode(),
    ) {
        let year = SeatPeriod::new(day("2025-01-01"), day("2025-12-31")).unwrap();
        let days = SeatPeriod::new(day("2025-01-01"), Day::from_number(day("2025-01-01").number() + i32::try_from(used).unwrap() - 1)).unwrap();
        let policy = SeatPolicy { stage: SeatStage::Line, rounding: mode, refund_days: 0 };
        let seen = price(&Money::from_minor(cents, Currency::USD).to_string()).charge(year, days, seats, policy).amount.minor();
        let numerator = cents * i128::from(used * seats);
        let (below, rest) = (numerator / 365, numerator % 365);
        // 365 is odd: there are no ties, so both modes of the nearest agree.
        let expected = if mode == Rounding::Floor || rest * 2 < 365 { below } else { below + 1 };
        prop_assert_eq!(seen, expected);
    }
}
