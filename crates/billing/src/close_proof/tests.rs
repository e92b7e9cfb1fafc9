//! Drafts that do not add up are stopped, and the finding says where.

use super::*;
use std::collections::BTreeMap;
use tenantry_core::{Currency, Factor, ResourceUri, Timestamp};
use tenantry_rating::{AppliesTo, MeterPrice, PriceList, PriceRule, PriceSheet, Tiers};
use tenantry_usage::{Close, Event, IdentityKey, LineRow, Record, Series, ServiceState, SubscriptionTerms};

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
        priced: None,
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
        priced: None,
    };
    let edge = EdgeId::parse("00000000-0000-4000-8000-000000000001").unwrap();
    Draft {
        edge,
        currency: Currency::USD,
        rounding: tenantry_core::Rounding::HalfEven,
        lines: vec![line],
        seats: vec![],
        unpriced: vec![],
        own_list: false,
        period_rates: true,
    }
}

fn stopped(change: impl Fn(&mut DraftLine)) -> String {
    let mut draft = draft();
    change(&mut draft.lines[0]);
    let problem = prove_rows(&Fold::default(), &draft, Document::Closed(1)).unwrap_err();
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

/// A sheet with one meter, at 0.2 a unit.
fn sheet(meter: MeterId, from: Timestamp) -> PriceSheet {
    let price = MeterPrice {
        id: meter,
        name: "A meter".into(),
        category: String::new(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 Hour".into(),
        tags: Vec::new(),
        tiers: Tiers::flat(tenantry_core::Rate::parse("0.2").unwrap()),
        included: Quantity::ZERO,
        effective_date: from,
        first_party: true,
    };
    PriceSheet {
        id: tenantry_core::PriceSheetId::parse("00000000-0000-4000-8000-000000000009").unwrap(),
        market: "US".into(),
        currency: Currency::USD,
        effective_from: from,
        import_no: 1,
        meters: BTreeMap::from([(meter, price)]),
    }
}

/// A fold that closed January: one line of two days, and of one a correction came before it was closed again.
fn closed() -> (Fold, EdgeTerms) {
    let line = draft().lines.remove(0);
    let (from, tenant) = (Timestamp::parse("2026-01-01").unwrap(), line.customer);
    let rule = PriceRule { factor: Factor::parse("0.5").unwrap(), applies_to: AppliesTo::Everything, from };
    let edge = EdgeTerms { id: draft().edge, seller: tenant, buyer: tenant, price_list: PriceList::new(vec![rule]) };
    let event = |id: &str, day: &str, of: &str, corrects: Option<&str>| Event {
        reporter: None,
        source: "tests".into(),
        id: id.into(),
        at: Timestamp::parse(day).unwrap(),
        subscription: line.subscription,
        meter: line.meter,
        resource: line.rows[0].series.resource.clone(),
        region: "westeurope".into(),
        quantity: quantity(of),
        corrects: corrects.map(str::to_owned),
        tags: String::new(),
        additional_info: String::new(),
    };
    let close = |number, month: &str| {
        let month = Month::parse(month).unwrap();
        Record::Close(Close { number, month, at: month.period().to })
    };
    let records = [
        Record::Genesis(IdentityKey(*b"a key of a world")),
        Record::PriceSheet(sheet(line.meter, from)),
        Record::Edge(edge.clone()),
        Record::Subscription(SubscriptionTerms {
            id: line.subscription,
            customer: tenant,
            partner: tenant,
            channel: vec![edge.id],
            market: "US".into(),
            currency: Currency::USD,
            created_at: from,
            state: ServiceState::Active,
            since: from,
        }),
        Record::Usage(vec![event("a", "2026-01-01", "1", None), event("b", "2026-01-02", "2", None)]),
        close(1, "2026-01"),
        Record::Usage(vec![event("c", "2026-01-02", "-0.5", Some("b"))]),
        close(2, "2026-02"),
    ];
    let mut fold = Fold::default();
    for (record, seq) in records.into_iter().zip(1..) {
        fold.apply(seq, record).unwrap();
    }
    (fold, edge)
}

#[test]
fn what_a_close_billed_is_proven_without_its_rows_and_stopped_where_it_was_touched() {
    let (fold, edge) = closed();
    let drafted = |number: u32| {
        let lines = fold.billed_totals(edge.id, number);
        Draft::new(edge.id, Currency::USD, lines, fold.book())
    };
    for (number, total) in [(1, 30), (2, -5)] {
        let draft = drafted(number);
        assert_eq!(draft.total().unwrap().minor(), total);
        assert!(draft.lines.iter().all(|line| line.rows.is_empty()));
        prove(&fold, &draft, Document::Closed(number)).unwrap();
    }
    for (what, change, word) in [
        (
            "more than was used",
            Box::new(|draft: &mut Draft| draft.lines[0].quantity = quantity("3.5")) as Box<dyn Fn(&mut Draft)>,
            "do not sum to the line's quantity 3.5",
        ),
        ("a charge changed", Box::new(|draft| draft.lines[0].exact = amount("0.31")), "charges of the days"),
        ("a list charge changed", Box::new(|draft| draft.lines[0].list = amount("0.61")), "charges of the days"),
        (
            "a line rounded up",
            Box::new(|draft| draft.lines[0].amount = Money::from_minor(31, Currency::USD)),
            "not its exact charge, rounded once",
        ),
        (
            "another month",
            Box::new(|draft| draft.lines[0].month = draft.lines[0].month.next()),
            "not what the close billed",
        ),
        ("a line left out", Box::new(|draft| draft.lines.clear()), "nothing on it is of subscription"),
    ] {
        let mut draft = drafted(1);
        change(&mut draft);
        let problem = prove(&fold, &draft, Document::Closed(1)).unwrap_err();
        assert!(problem.message().contains(word), "{what}: `{}` does not say `{word}`", problem.message());
    }
}
