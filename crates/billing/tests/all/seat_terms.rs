//! Terms of seats and what is billed: what is in use on a day is billed for that day, and what is billed no longer stops.

use crate::books::{Books, month};
use crate::seats::{NEW_COMMERCE, change, import, order, seat_lines};
use std::collections::BTreeMap;
use tenantry_billing::Invoice;
use tenantry_commerce::{
    BillingCycle, ChangeSubscription, ConvertSubscription, Limits, Status, Subscription, events, subscription_change,
    subscription_convert, subscription_get,
};
use tenantry_core::{Day, OfferId, OpContext, Problem, Reason};
use tenantry_db::outbox;
use tenantry_rating::{SeatCycle, SeatForm};
use tenantry_testkit::{Channel, SEAT_OFFER, on_every_engine};

const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
const TRIAL_OF: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";

/// A change that may be refused.
pub(crate) async fn try_change(
    ctx: &OpContext,
    channel: &Channel,
    of: &Subscription,
    with: impl FnOnce(&mut ChangeSubscription),
) -> Result<Subscription, Problem> {
    let mut change = ChangeSubscription::of(of.customer, of.id);
    with(&mut change);
    subscription_change(ctx, channel.world().db(), &Limits::NONE, change).await
}

/// Where a subscription is: status, since when, and the end of what it is committed to.
pub(crate) async fn shown(ctx: &OpContext, channel: &Channel, of: &Subscription) -> String {
    let now = subscription_get(ctx, channel.world().db(), of.customer, of.id).await.unwrap();
    let end = now.commitment_ends_on.unwrap();
    format!("{} {}, {end}", now.state.status().name(), now.state.since())
}

#[test]
fn what_is_not_to_renew_stops_with_its_term_and_what_is_goes_on() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2018-01-01").await).await;
        import(&channel, "2018-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", false).await;
        let ctx = channel.partner_ctx();
        let customer = channel.customer("Northwind").await;
        let renews = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 3)).await;
        let ends = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 5)).await;
        try_change(&ctx, &channel, &ends, |change| change.auto_renew = Some(false)).await.unwrap();
        channel.advance_to("2018-12-31T23:59:59Z").await;
        assert_eq!(shown(&ctx, &channel, &ends).await, "active 2018-01-01T00:00:00Z, 2019-01-01");

        channel.advance_to("2019-01-01").await;
        assert_eq!(shown(&ctx, &channel, &ends).await, "suspended 2019-01-01T00:00:00Z, 2019-01-01");
        assert_eq!(shown(&ctx, &channel, &renews).await, "active 2018-01-01T00:00:00Z, 2020-01-01");
        let more = try_change(&ctx, &channel, &ends, |change| change.quantity = Some(500)).await;
        assert_eq!(more.unwrap_err().reason(), Reason::SubscriptionSuspended);

        // Taken back on the last day, still not to renew: another year of the same purchase.
        change(&ctx, &channel, &ends, None, Some(Status::Active)).await;
        assert_eq!(shown(&ctx, &channel, &ends).await, "active 2019-01-01T00:00:00Z, 2020-01-01");
        channel.advance_to("2020-02-11").await;
        assert_eq!(shown(&ctx, &channel, &ends).await, "suspended 2020-01-01T00:00:00Z, 2020-01-01");
        // Later: a purchase of that day.
        change(&ctx, &channel, &ends, None, Some(Status::Active)).await;
        // What is told on the very day a term begins is about that term.
        channel.advance_to("2021-01-01T10:00:00Z").await;
        try_change(&ctx, &channel, &renews, |change| change.auto_renew = Some(false)).await.unwrap();
        assert_eq!(shown(&ctx, &channel, &renews).await, "active 2018-01-01T00:00:00Z, 2022-01-01");
        channel.advance_to("2021-02-11T10:00:00Z").await;
        change(&ctx, &channel, &ends, None, Some(Status::Active)).await;
        assert_eq!(shown(&ctx, &channel, &ends).await, "active 2021-02-11T10:00:00Z, 2022-02-11");
        channel.advance_to("2022-03-05").await;

        let books = Books::of(&channel, &ctx);
        let annual = |from: &str, to: &str, why: &str, seats: i64| {
            format!("{from} {to} {why}: 48.00 x {seats} = {}.00", 48 * seats)
        };
        let renewed = "Renew fee";
        for (of, expected) in [
            (
                "2019-01",
                vec![annual("2019-01-01", "2019-12-31", renewed, 3), annual("2019-01-01", "2019-12-31", renewed, 5)],
            ),
            ("2020-01", vec![annual("2020-01-01", "2020-12-31", renewed, 3)]),
            ("2020-02", vec![annual("2020-02-11", "2021-02-10", "Prorate fees when purchase", 5)]),
            ("2021-01", vec![annual("2021-01-01", "2021-12-31", renewed, 3)]),
            ("2021-02", vec![annual("2021-02-11", "2022-02-10", renewed, 5)]),
        ] {
            let mut lines = seat_lines(&books.invoice(of).await);
            lines.sort();
            assert_eq!(lines, expected, "{of}");
        }
        assert_eq!(books.prove().await.len(), 6, "nothing else was billed");
    });
}

#[test]
fn the_next_term_is_billed_for_the_seats_that_were_asked_for() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2024-02-29T08:00:00Z").await).await;
        import(&channel, "2024-01-01", (NEW_COMMERCE, SeatCycle::Annual), "400.00", false).await;
        let ctx = channel.partner_ctx();
        let customer = channel.customer("Northwind").await;
        let bought = order(&ctx, &channel, customer.id, (NEW_COMMERCE, BillingCycle::Annual, 5)).await;
        try_change(&ctx, &channel, &bought, |change| change.next_term_quantity = Some(Some(3))).await.unwrap();
        channel.advance_to("2025-02-27T23:00:00Z").await;
        let seats = async || {
            let now = subscription_get(&ctx, channel.world().db(), customer.id, bought.id).await.unwrap();
            (now.quantity, now.next_term_quantity)
        };
        assert_eq!(seats().await, (5, Some(3)));
        channel.advance_to("2025-02-28").await;
        assert_eq!(seats().await, (3, None));
        channel.advance_to("2026-04-05").await;
        let books = Books::of(&channel, &ctx);
        let renewed = "renew: 400.00 x 3 = 1200.00";
        assert_eq!(seat_lines(&books.invoice("2025-02").await), [format!("2025-02-28 2026-02-27 {renewed}")]);
        assert_eq!(seat_lines(&books.invoice("2026-02").await), [format!("2026-02-28 2027-02-27 {renewed}")]);
        assert_eq!(books.prove().await.len(), 3);
    });
}

#[test]
fn a_trial_is_over_after_its_term_and_not_taken_up_again() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-31T10:00:00Z").await).await;
        let ctx = channel.partner_ctx();
        let customer = channel.customer("Northwind").await;
        let trial = order(&ctx, &channel, customer.id, (TRIAL, BillingCycle::None, 25)).await;
        channel.advance_to("2026-02-10").await;
        change(&ctx, &channel, &trial, None, Some(Status::Suspended)).await;
        channel.advance_to("2026-02-20").await;
        change(&ctx, &channel, &trial, None, Some(Status::Active)).await;
        assert_eq!(shown(&ctx, &channel, &trial).await, "active 2026-02-20T00:00:00Z, 2026-02-28", "what was left");
        channel.advance_to("2026-03-01").await;
        assert_eq!(shown(&ctx, &channel, &trial).await, "suspended 2026-02-28T00:00:00Z, 2026-02-28");
        let back = try_change(&ctx, &channel, &trial, |change| change.status = Some(Status::Active)).await;
        assert_eq!(back.unwrap_err().reason(), Reason::StatusChangeRefused);
        let convert = ConvertSubscription {
            customer: customer.id,
            subscription: trial.id,
            target: OfferId::new(TRIAL_OF),
            quantity: None,
            billing_cycle: None,
        };
        let converted = subscription_convert(&ctx, channel.world().db(), &Limits::NONE, convert).await;
        assert_eq!(converted.unwrap_err().reason(), Reason::SubscriptionSuspended);
    });
}

/// What commerce says of a subscription at the end of each day: its seats, if it is in use.
async fn in_use(channel: &Channel, until: Day) -> Days {
    let mut told: BTreeMap<String, Vec<(Day, Option<i64>)>> = BTreeMap::new();
    for entry in outbox::pending(channel.world().db(), "test", 100_000).await.unwrap() {
        if entry.topic == events::SUBSCRIPTION_CHANGED {
            let changed: events::SubscriptionChanged = serde_json::from_str(&entry.payload).unwrap();
            let seats = (changed.state.status() == Status::Active).then_some(changed.quantity);
            told.entry(changed.subscription.to_string()).or_default().push((entry.at.day(), seats));
        }
    }
    let mut days = BTreeMap::new();
    for (id, told) in told {
        let mut day = told[0].0;
        while day <= until {
            let last = told.iter().rev().find(|(since, _)| *since <= day).and_then(|(_, seats)| *seats);
            days.extend(last.map(|seats| ((id.clone(), day), seats)));
            day = day.next();
        }
    }
    days
}

/// Four kinds of seats, each bought by three customers.
async fn bought(ctx: &OpContext, channel: &Channel) -> Vec<Subscription> {
    let mut customers = Vec::new();
    for name in ["Northwind", "Adatum", "Tailspin"] {
        customers.push(channel.customer(name).await);
    }
    let mut all = Vec::new();
    for (offer, cycle, price) in [
        (SEAT_OFFER, SeatCycle::Annual, "365.00"),
        (SEAT_OFFER, SeatCycle::Monthly, "31.00"),
        (NEW_COMMERCE, SeatCycle::Monthly, "36.00"),
        (NEW_COMMERCE, SeatCycle::Annual, "400.00"),
    ] {
        import(channel, "2024-01-01", (offer, cycle), price, false).await;
        let cycle = if cycle == SeatCycle::Annual { BillingCycle::Annual } else { BillingCycle::Monthly };
        for (seats, customer) in (3..).zip(&customers) {
            all.push(order(ctx, channel, customer.id, (offer, cycle, seats)).await);
        }
    }
    all
}

/// What people do up to a day, by dice; more of it on the days around the end of a term.
async fn live(ctx: &OpContext, channel: &Channel, all: &[Subscription], (first, last): (Day, Day)) {
    let mut seed = 8_u64;
    let mut dice = |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let mut today = first;
    while today <= last {
        channel.advance_to(&format!("{today}T10:00:00Z")).await;
        let (_, month, day) = today.date();
        let near = month == 2 && day > 26 || month == 3 && day < 3;
        for _ in 0..if near { 8 } else { 2 } {
            let of = &all[usize::try_from(dice(12)).unwrap()];
            let seats = i64::try_from(dice(9)).unwrap() + 1;
            let what = dice(6);
            // Much of it is refused, in the state that it is in: that is what a client would see.
            let tried = try_change(ctx, channel, of, |change| match what {
                0 => change.status = Some(Status::Suspended),
                1 | 2 => change.status = Some(Status::Active),
                3 | 4 => change.auto_renew = Some(what == 3),
                _ => change.quantity = Some(seats),
            });
            drop(tried.await);
        }
        let later = if month == 2 && day > 25 || month == 3 && day < 2 { 1 } else { 1 + dice(11) };
        today = Day::from_number(today.number() + i32::try_from(later).unwrap());
    }
}

/// Seats by subscription and day.
type Days = BTreeMap<(String, Day), i64>;

/// What seat billing knows to be in use, day by day.
async fn known_to_billing(channel: &Channel, all: &[Subscription], last: Day) -> Days {
    let mut known = BTreeMap::new();
    for id in all.iter().map(|of| of.id) {
        let history = channel.world().metering().read_all(move |fold| fold.seat_history(id)).await.unwrap();
        for stint in history.stints {
            let end = stint.ended.unwrap_or(last.next()).min(last.next());
            for day in (stint.bought.number()..end.number()).map(Day::from_number) {
                let seats = stint.seats.iter().rev().find(|(since, _)| *since <= day).unwrap().1;
                known.insert((id.to_string(), day), seats);
            }
        }
    }
    known
}

/// What documents charge for, less what they give back, day by day.
fn charged_by(documents: &[Invoice], last: Day) -> Days {
    let mut charged = BTreeMap::new();
    let printed = documents.iter().flat_map(|document| &document.seat_lines);
    for line in printed.filter(|line| line.form == SeatForm::Licence) {
        let (from, to) = (Day::parse(&line.charge_start).unwrap(), Day::parse(&line.charge_end).unwrap());
        let seats = if line.amount.starts_with('-') { -line.seats } else { line.seats };
        for day in (from.number()..=to.number().min(last.number())).map(Day::from_number) {
            *charged.entry((line.subscription.to_string(), day)).or_default() += seats;
        }
    }
    charged
}

#[test]
fn whatever_is_in_use_on_a_day_is_billed_for_that_day() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2024-02-29T08:00:00Z").await).await;
        let ctx = channel.partner_ctx();
        let all = bought(&ctx, &channel).await;
        let (first, last) = (Day::parse("2024-02-29").unwrap(), Day::parse("2026-05-31").unwrap());
        live(&ctx, &channel, &all, (first, last)).await;
        channel.advance_to("2026-06-20").await;

        let used = in_use(&channel, last).await;
        assert!(used.len() > 5_000, "{}", used.len());
        let billed = known_to_billing(&channel, &all, last).await;
        let differ = |one: &Days, other: &Days| -> Vec<((String, Day), i64)> {
            let off = one.iter().filter(|(at, seats)| other.get(at) != Some(seats));
            off.map(|(at, seats)| (at.clone(), *seats)).take(9).collect()
        };
        assert_eq!(differ(&used, &billed), [], "in use and not billed so");
        assert_eq!(differ(&billed, &used), [], "billed and not in use so");

        let documents = Books::of(&channel, &ctx).prove().await;
        assert_eq!(documents.last().map(|last| month(&last.month)), Some(month("2026-05")));
        let charged = charged_by(&documents, last);
        // What was given back as a whole, soon after its purchase, is in no document; all else is there by the day.
        for id in all.iter().filter(|of| of.offer.seat_form == SeatForm::Licence).map(|of| of.id.to_string()) {
            let of = |days: &Days| -> Vec<(Day, i64)> {
                let own = days.iter().filter(|((subscription, _), seats)| *subscription == id && **seats != 0);
                own.map(|((_, day), seats)| (*day, *seats)).collect()
            };
            let (used, charged) = (of(&used), of(&charged));
            let refunded = used.iter().filter(|day| !charged.contains(day)).count();
            assert!(refunded <= 30 && charged.iter().all(|day| used.contains(day)), "{id}: {refunded}");
        }
    });
}
