//! Drafts that do not add up are stopped, and the finding says where.

use super::*;
use tenantry_core::{Currency, ResourceUri};
use tenantry_usage::{LineRow, Series};

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn row(day: &str, of: &str, charge: &str) -> LineRow {
    LineRow {
        day: Day::parse(day).unwrap(),
        series: Series {
            meter: MeterId::parse("00000000-0000-4000-8000-000000000002").unwrap(),
            resource: ResourceUri::new("/subscriptions/1/resourceGroups/rg/providers/P.T/vms/one"),
            region: "westeurope".into(),
            subscription: SubscriptionId::parse("00000000-0000-4000-8000-000000000003").unwrap(),
            tags: String::new(),
            additional_info: String::new(),
        }
        .into(),
        quantity: quantity(of),
        list: amount(charge),
        charge: amount(charge),
        sheet: None,
        billed_before: 0,
    }
}

/// A line of two days: 3 units for 0.30.
fn draft() -> Draft {
    let line = DraftLine {
        subscription: SubscriptionId::parse("00000000-0000-4000-8000-000000000003").unwrap(),
        customer: tenantry_core::TenantId::parse("00000000-0000-4000-8000-000000000004").unwrap(),
        meter: MeterId::parse("00000000-0000-4000-8000-000000000002").unwrap(),
        month: Month::parse("2026-01").unwrap(),
        described: None,
        quantity: quantity("3"),
        list: amount("0.3"),
        exact: amount("0.3"),
        amount: Money::from_minor(30, Currency::USD),
        unrated: Quantity::ZERO,
        rows: vec![row("2026-01-01", "1", "0.1"), row("2026-01-02", "2", "0.2")],
    };
    let edge = EdgeId::parse("00000000-0000-4000-8000-000000000001").unwrap();
    Draft { edge, currency: Currency::USD, rounding: tenantry_core::Rounding::HalfEven, lines: vec![line] }
}

fn stopped(change: impl Fn(&mut DraftLine)) -> String {
    let mut draft = draft();
    change(&mut draft.lines[0]);
    let problem = prove(&Fold::default(), &draft, Document::Closed(1)).unwrap_err();
    assert_eq!(problem.reason(), Reason::Corrupt);
    assert!(problem.message().contains("edge 00000000-0000-4000-8000-000000000001"), "{problem:?}");
    assert!(problem.message().contains("nothing was issued"), "{problem:?}");
    problem.message().to_owned()
}

#[test]
fn what_does_not_add_up_is_stopped_and_named() {
    for (what, change, word) in [
        (
            "a day more than the line says",
            Box::new(|line: &mut DraftLine| line.rows[1].quantity = quantity("2.5")) as Box<dyn Fn(&mut DraftLine)>,
            "do not sum to the line's quantity 3",
        ),
        ("a charge changed", Box::new(|line| line.rows[0].charge = amount("0.11")), "charges of the days"),
        ("a list charge changed", Box::new(|line| line.rows[0].list = amount("0.11")), "charges of the days"),
        (
            "a line rounded up",
            Box::new(|line| line.amount = Money::from_minor(31, Currency::USD)),
            "not its exact charge, rounded once",
        ),
        (
            "a day of another month",
            Box::new(|line| line.rows[1].day = Day::parse("2026-02-01").unwrap()),
            "has a row of 2026-02-01",
        ),
        ("what nobody counted", Box::new(|_| ()), "was counted 0, and billed or open is 1"),
    ] {
        let message = stopped(change);
        assert!(message.contains(word), "{what}: `{message}` does not say `{word}`");
    }
}

#[test]
fn money_is_not_told_and_the_ledger_is_held_against_the_lines() {
    let usd = |cents| Money::from_minor(cents, Currency::USD);
    ledger_agrees(&draft(), usd(6), usd(36)).unwrap();
    for (tax, receivable) in [(6, 35), (0, 36)] {
        let problem = ledger_agrees(&draft(), usd(tax), usd(receivable)).unwrap_err();
        assert!(problem.message().contains("receivable in the ledger"), "{problem:?}");
        assert!(!problem.message().contains("0.3"), "{problem:?}");
    }
}
