//! Seats in the fold: any number of closes comes to the same sum on every edge, what a close billed stays billed, and the
//! state can be stored in between.

use crate::builder::{Log, edge, month, subscription, terms, time};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tenantry_core::{Currency, Day, Month, OfferId, Rate};
use tenantry_rating::{SeatCycle, SeatForm, SeatListPrice, SeatPolicy, SeatPriceList};
use tenantry_usage::{Close, Fold, FoldFault, Record, SeatChange, SeatTerms, ServiceState};

const OFFER: &str = "OFFICE";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn prices(import_no: u64, from: &str, rate: &str, cycle: SeatCycle) -> Record {
    let rate = Rate::parse(rate).unwrap();
    Record::SeatPrices(SeatPriceList {
        import_no,
        market: "US".to_owned(),
        currency: Currency::USD,
        effective_from: day(from),
        prices: vec![SeatListPrice { offer: OfferId::new(OFFER), cycle, rate, first_party: true }],
    })
}

/// Seats of `shop`, sold through both edges, as they are from a day on.
pub fn told(form: SeatForm, cycle: SeatCycle, seats: i64, at: Day) -> SeatChange {
    let terms = terms("shop", &["first", "second"], ServiceState::Active, "2026-01-01");
    SeatChange {
        id: terms.id,
        customer: terms.customer,
        partner: terms.partner,
        channel: terms.channel,
        market: terms.market,
        currency: terms.currency,
        offer: OfferId::new(OFFER),
        terms: SeatTerms { form, cycle, policy: SeatPolicy::of_the_field(form, cycle), term_months: 12 },
        bought: at,
        seats,
        state: ServiceState::Active,
        auto_renew: true,
        at: at.start().plus_seconds(3_600),
    }
}

fn edges() -> Log {
    Log::new().edge("first", "0.85 first-party 2026-01-01").edge("second", "0.95 everything 2026-01-01")
}

fn apply(fold: &mut Fold, record: Record) {
    fold.apply(fold.position() + 1, record).unwrap();
}

fn close(fold: &mut Fold, of: Month) {
    let number = fold.closes().last().map_or(1, |close| close.number + 1);
    apply(fold, Record::Close(Close { number, month: of, at: of.period().to }));
}

/// What all closes billed on an edge, in cents, line by line.
fn billed(fold: &Fold, on: &str) -> Vec<(u32, String, i128)> {
    let lines = fold.closes().iter().flat_map(|close| {
        let lines = fold.seats_billed_by(edge(on), close.number).into_iter();
        lines.map(|billed| {
            let line = billed.line;
            let text = format!("{:?} {} {} x {}", line.reason, line.period.first(), line.unit, line.seats);
            (close.number, text, line.amount.minor())
        })
    });
    lines.collect()
}

fn sum(fold: &Fold, on: &str) -> i128 {
    billed(fold, on).iter().map(|(_, _, minor)| minor).sum()
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Seats(i64),
    Suspend,
    Return,
    Renewal(bool),
}

fn acts() -> impl Strategy<Value = Vec<(i32, Act)>> {
    let act = prop_oneof![
        4 => (1_i64..9).prop_map(Act::Seats),
        1 => Just(Act::Suspend),
        2 => Just(Act::Return),
        1 => any::<bool>().prop_map(Act::Renewal),
    ];
    proptest::collection::vec((0_i32..40, act), 0..20)
}

/// A log of a year and a half with closes of some months; the last month is always closed.
fn history(acts: &[(i32, Act)], closes: u32, form: SeatForm, cycle: SeatCycle, restored: bool) -> Fold {
    let mut fold = edges().fold();
    apply(&mut fold, prices(1, "2026-01-01", "100.07", cycle));
    apply(&mut fold, prices(2, "2026-04-15", "90.55", cycle));
    let bought = day("2026-01-31");
    let mut now = told(form, cycle, 3, bought);
    apply(&mut fold, Record::Seats(now.clone()));
    let (mut today, mut open) = (bought, month("2026-01"));
    let last = month("2027-06");
    let catch_up = |fold: &mut Fold, open: &mut Month, until: Month| {
        while *open < until {
            let bit = (open.year() * 12 + i32::from(open.first_day().date().1)).rem_euclid(31);
            if closes >> bit & 1 == 1 {
                close(fold, *open);
            }
            *open = open.next();
        }
    };
    for (later, act) in acts {
        today = Day::from_number(today.number() + later);
        if Month::of(today) > last {
            break;
        }
        catch_up(&mut fold, &mut open, Month::of(today));
        if restored {
            fold = Fold::restore(&fold.checkpoint().unwrap()).unwrap();
        }
        match act {
            Act::Seats(seats) => now.seats = *seats,
            Act::Suspend => now.state = ServiceState::Suspended,
            Act::Return => now.state = ServiceState::Active,
            Act::Renewal(renews) => now.auto_renew = *renews,
        }
        now.at = today.start().plus_seconds(7_200);
        apply(&mut fold, Record::Seats(now.clone()));
    }
    catch_up(&mut fold, &mut open, last);
    close(&mut fold, last);
    fold
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn runs_in_between_do_not_change_the_sum(
        acts in acts(),
        closes in any::<u32>(),
        one_time in any::<bool>(),
        annual in any::<bool>(),
    ) {
        let form = if one_time { SeatForm::OneTime } else { SeatForm::Licence };
        let cycle = if annual { SeatCycle::Annual } else { SeatCycle::Monthly };
        let some = history(&acts, closes, form, cycle, false);
        let once = history(&acts, 0, form, cycle, false);
        let every = history(&acts, u32::MAX, form, cycle, false);
        for on in ["first", "second"] {
            prop_assert_eq!(sum(&some, on), sum(&once, on), "{} of {:?}", on, billed(&some, on));
            prop_assert_eq!(sum(&every, on), sum(&once, on), "{} of {:?}", on, billed(&every, on));
            let last = some.closes().last().unwrap();
            let (earlier, all) = some.seats_proof(edge(on), subscription("shop"), (Some(last.number), last.month));
            prop_assert_eq!(all, sum(&some, on));
            let of_last = some.seats_billed_by(edge(on), last.number);
            let own: i128 = of_last.iter().map(|billed| billed.line.amount.minor()).sum();
            prop_assert_eq!(earlier + own, all);
            prop_assert_eq!(some.seats_billed_of(edge(on), subscription("shop"), last.number), of_last);
        }
        let stored = history(&acts, closes, form, cycle, true);
        prop_assert_eq!(stored.checkpoint(), some.checkpoint());
    }
}

#[test]
fn what_is_unbilled_is_what_the_next_close_bills_and_stays_billed() {
    let mut fold = edges().fold();
    let (form, cycle) = (SeatForm::Licence, SeatCycle::Monthly);
    apply(&mut fold, prices(1, "2026-01-01", "100", cycle));
    let mut now = told(form, cycle, 2, day("2026-01-20"));
    apply(&mut fold, Record::Seats(now.clone()));
    let open = fold.seats_unbilled(edge("second"), month("2026-01"));
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].line.amount.to_string(), open[0].list.to_string()), ("161.50".to_owned(), "200.00".to_owned()));
    close(&mut fold, month("2026-01"));
    assert_eq!(fold.seats_billed_by(edge("second"), 1), open);
    assert_eq!(fold.seats_unbilled(edge("second"), month("2026-01")), []);
    // Another rule, another list, more seats: the document of January says what it said.
    now.seats = 5;
    now.at = time("2026-02-03");
    apply(&mut fold, Record::Seats(now));
    apply(&mut fold, prices(2, "2026-01-01", "70", cycle));
    assert_eq!(fold.seats_billed_by(edge("second"), 1), open);
    let after = fold.seats_unbilled_after(edge("second"), month("2026-02"), month("2026-03"));
    let both: i128 = [fold.seats_unbilled(edge("second"), month("2026-02")), after]
        .iter()
        .flatten()
        .map(|billed| billed.line.amount.minor())
        .sum();
    let together = fold.seats_unbilled(edge("second"), month("2026-03"));
    assert_eq!(together.iter().map(|billed| billed.line.amount.minor()).sum::<i128>(), both);
}

#[test]
fn a_change_of_a_closed_month_counts_from_the_first_open_day() {
    let mut fold = edges().fold();
    let (form, cycle) = (SeatForm::Licence, SeatCycle::Monthly);
    apply(&mut fold, prices(1, "2026-01-01", "31", cycle));
    let mut now = told(form, cycle, 1, day("2026-01-01"));
    apply(&mut fold, Record::Seats(now.clone()));
    close(&mut fold, month("2026-01"));
    let before = billed(&fold, "first");
    now.seats = 2;
    now.at = time("2026-01-15");
    apply(&mut fold, Record::Seats(now.clone()));
    // Told twice is told once.
    apply(&mut fold, Record::Seats(now));
    let history = fold.seat_history(subscription("shop")).unwrap();
    assert_eq!(history.stints[0].seats, [(day("2026-01-01"), 1), (day("2026-02-01"), 2)]);
    close(&mut fold, month("2026-02"));
    assert_eq!(billed(&fold, "first")[..before.len()], before);
}

#[test]
fn only_the_purchase_can_be_given_back_and_not_each_return() {
    let mut fold = edges().fold();
    let (form, cycle) = (SeatForm::Licence, SeatCycle::Monthly);
    apply(&mut fold, prices(1, "2026-01-01", "31", cycle));
    let mut now = told(form, cycle, 1, day("2026-01-01"));
    apply(&mut fold, Record::Seats(now.clone()));
    for (at, state) in [
        ("2026-01-20", ServiceState::Suspended),
        ("2026-01-21", ServiceState::Active),
        ("2026-02-10", ServiceState::Suspended),
    ] {
        (now.at, now.state) = (time(at), state);
        apply(&mut fold, Record::Seats(now.clone()));
    }
    close(&mut fold, month("2026-01"));
    close(&mut fold, month("2026-02"));
    // 19 days are given back as the purchase; the 20 days since the return are paid: one dollar a day.
    assert_eq!(sum(&fold, "first"), sum_of_days(&fold, 20), "{:#?}", billed(&fold, "first"));
}

/// What so many days of a seat at 31.00 a month of 31 days come to on the first edge, in cents.
fn sum_of_days(fold: &Fold, days: i128) -> i128 {
    let whole = billed(fold, "first").iter().find(|(_, text, _)| text.contains("2026-01-21")).map(|(.., minor)| *minor);
    whole.unwrap() * days / 31
}

#[test]
fn a_last_term_ends_as_told_and_in_older_logs_as_reckoned() {
    let (form, cycle) = (SeatForm::Licence, SeatCycle::Annual);
    let bought = told(form, cycle, 1, day("2026-01-10"));
    for (at, said, end) in [
        ("2026-06-01", None, "2027-01-10"),
        // On the day the next one would begin it may be reckoned to end, or be told to go on.
        ("2027-01-10", None, "2027-01-10"),
        ("2027-01-11", None, "2028-01-10"),
        ("2027-01-10", Some("2028-01-10"), "2028-01-10"),
        ("2026-06-01", Some("2026-09-01"), "2026-09-01"),
        // What is past was charged, and stays.
        ("2026-06-01", Some("2026-03-01"), "2026-06-01"),
    ] {
        let mut fold = edges().fold();
        apply(&mut fold, Record::SeatsUntil(bought.clone(), None));
        let last = SeatChange { auto_renew: false, at: time(at), ..bought.clone() };
        let last = match said {
            Some(end) => Record::SeatsUntil(last, Some(day(end))),
            None => Record::Seats(last),
        };
        apply(&mut fold, last);
        let history = fold.seat_history(bought.id).unwrap();
        assert_eq!(history.stints[0].ended, Some(day(end)), "{at} {said:?}");
    }
}

#[test]
fn a_new_channel_has_the_periods_that_begin_after_it() {
    let mut fold = edges().fold();
    let (form, cycle) = (SeatForm::OneTime, SeatCycle::Monthly);
    apply(&mut fold, prices(1, "2026-01-01", "31", cycle));
    let mut now = told(form, cycle, 1, day("2026-01-10"));
    now.channel.truncate(1);
    apply(&mut fold, Record::Seats(now.clone()));
    now.channel = told(form, cycle, 1, day("2026-01-10")).channel;
    now.at = time("2026-01-20");
    apply(&mut fold, Record::Seats(now.clone()));
    now.seats = 2;
    now.at = time("2026-01-25");
    apply(&mut fold, Record::Seats(now));
    close(&mut fold, month("2026-01"));
    close(&mut fold, month("2026-02"));
    let of = |on: &str, number| fold.seats_billed_by(edge(on), number).len();
    assert_eq!((of("first", 1), of("second", 1)), (3, 0), "the first term is the old channel's, with its changes");
    assert_eq!((of("first", 2), of("second", 2)), (1, 1));
}

#[test]
fn seats_without_a_price_are_named_and_wait() {
    let mut fold = edges().fold();
    apply(&mut fold, Record::Seats(told(SeatForm::Licence, SeatCycle::Annual, 4, day("2026-01-10"))));
    close(&mut fold, month("2026-01"));
    let waiting = fold.seats_unpriced(edge("second"), month("2026-02"));
    assert_eq!((waiting.len(), waiting[0].seats, waiting[0].period.first()), (1, 4, day("2026-01-10")));
    apply(&mut fold, prices(1, "2026-01-01", "31", SeatCycle::Monthly));
    assert_eq!(fold.seats_unpriced(edge("second"), month("2026-02")).len(), 1, "that is the price of another cycle");
    apply(&mut fold, prices(2, "2026-01-01", "100", SeatCycle::Annual));
    assert_eq!(fold.seats_unpriced(edge("second"), month("2026-02")), []);
    close(&mut fold, month("2026-02"));
    assert_eq!((billed(&fold, "second").len(), sum(&fold, "second")), (1, 32_300));
}

#[test]
fn what_cannot_follow_is_refused() {
    let mut fold = edges().fold();
    let good = told(SeatForm::Licence, SeatCycle::Annual, 4, day("2026-01-10"));
    let refused = |fold: &Fold, change: SeatChange| fold.check(&Record::Seats(change)).unwrap_err();
    let unknown = SeatChange { channel: vec![edge("nowhere")], ..good.clone() };
    assert_eq!(refused(&fold, unknown), FoldFault::UnknownEdge(edge("nowhere")));
    assert_eq!(refused(&fold, SeatChange { seats: 0, ..good.clone() }), FoldFault::SeatsChanged(good.id));
    apply(&mut fold, Record::Seats(good.clone()));
    for change in [
        SeatChange { offer: OfferId::new("OTHER"), ..good.clone() },
        SeatChange { market: "DE".to_owned(), ..good.clone() },
        SeatChange { currency: Currency::EUR, ..good.clone() },
    ] {
        assert_eq!(refused(&fold, change), FoldFault::SeatsChanged(good.id));
    }
    let fine = edges().edge("second", "0.3333333 everything 2026-01-01").records.pop().unwrap();
    assert_eq!(fold.check(&fine).unwrap_err(), FoldFault::FactorsTooFine(good.id));
}
