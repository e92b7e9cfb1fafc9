//! Usage events over HTTPS: JSON in, deduplicated, durable, rated, a verdict for each out; and how long the answer to one
//! batch of 10,000 takes.
//!
//! Load generator, server and database share the cores. Events of a batch are of forty subscriptions, a flat and a
//! graduated meter, and the hours of three weeks; every event is new.

use crate::goal::{Goal, gate};
use crate::load::{Outcome, post, send_lists, stands};
use crate::measure::{Run, hundredths, permille};
use crate::scale::Scale;
use crate::served::served;
use crate::upsert::{self, Columns};
use std::sync::{Arc, Mutex};
use tenantry_core::SubscriptionId;
use tenantry_db::Engine;
use tenantry_testkit::{Bench, CARD, Channel, HOURS, ORIGIN, TIERED, on_every_engine};

const SUBSCRIPTIONS: usize = 40;
const LANES: u64 = 4;
const BATCHES: [u64; 2] = [1_000, 10_000];
/// Events a second of one core. Load generator and database share the cores, so what our own threads computed is held
/// against it: events by a second of that.
const GOAL: Goal = Goal::AtLeast { goal: 500_000, floor: 250_000 };
/// In hundredths of what upserts do.
const UPSERTS: Goal = Goal::Towards { goal: 2_000 };
/// Microseconds of the 99th percentile.
const ACK: Goal = Goal::AtMost { goal: 50_000, floor: 1_000_000 };
/// In hundredths: far below the goal of 20 times, because a short run on a busy machine says little. With PostgreSQL the
/// load, both processes and the server share the cores.
const fn upsert_least(engine: Engine) -> u64 {
    match engine {
        Engine::Sqlite => 150,
        Engine::Postgres => 80,
    }
}

#[derive(Debug)]
struct Figures {
    engine: Engine,
    intake: Vec<(u64, Outcome)>,
    acks: Outcome,
}

/// The baseline: by size of batch, and whether the server wrote for good.
type Baseline = (Vec<(u64, Run)>, bool);

pub(crate) fn run(scale: Scale, acks_only: bool) {
    let (figures, baseline) = (Mutex::new(Vec::new()), Mutex::new(None));
    on_every_engine(|bench| async {
        let bench = bench;
        let measured = measure(&bench, scale, acks_only).await;
        figures.lock().unwrap().push(measured);
        if bench.engine() == Engine::Postgres {
            let upserts = upserts(&bench, scale, acks_only).await;
            *baseline.lock().unwrap() = Some(upserts);
        }
    });
    let baseline = baseline.into_inner().unwrap();
    for figures in figures.into_inner().unwrap() {
        print(&figures, baseline.as_ref());
    }
}

fn print(figures: &Figures, baseline: Option<&Baseline>) {
    let theirs =
        |batch: u64| baseline.and_then(|(runs, _)| runs.iter().find(|(of, _)| *of == batch)).map(|(_, run)| run);
    let durable = match baseline {
        Some((_, true)) => "durable",
        Some((_, false)) => "its server runs without fsync, see README",
        None => "no PostgreSQL here",
    };
    for (batch, ours) in &figures.intake {
        let rate = ours.run.rate();
        let beside = theirs(*batch).map_or_else(
            || "upserts: not measured".to_owned(),
            |theirs| {
                let ratio = rate * 100 / theirs.rate().max(1);
                gate(
                    &format!("intake of {batch} on {:?} against upserts", figures.engine),
                    ratio,
                    upsert_least(figures.engine),
                );
                let asked = UPSERTS.verdict(ratio);
                format!("upserts: {} /s; ratio {}, in hundredths {asked}", theirs.rate(), hundredths(ratio, 100))
            },
        );
        // Without the load, and on a server without what the server itself computes.
        let of_cpu = Run { units: ours.run.units, nanos: ours.server_cpu }.rate();
        println!(
            "intake, {:?}, batches of {batch}: {rate} events/s in all; {beside} ({durable}); {of_cpu} per CPU second of \
             ours; {}",
            figures.engine,
            GOAL.verdict(of_cpu)
        );
    }
    let p99 = figures.acks.micros(990);
    let each = theirs(10_000).map_or_else(
        || "upserts: not measured".to_owned(),
        |theirs| {
            let batch = theirs.nanos_each() * 10_000 / 1_000;
            format!("upserts take {batch} us for as many; ratio {}", hundredths(batch, figures.acks.micros(500)))
        },
    );
    println!(
        "ack of 10,000 events, {:?}: p50 {} us, p99 {p99} us, longest {} us; {each}; {}",
        figures.engine,
        figures.acks.micros(500),
        permille(&figures.acks.latencies, 1_000) / 1_000,
        ACK.verdict(p99)
    );
}

async fn measure(bench: &Bench, scale: Scale, acks_only: bool) -> Figures {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let mut subscriptions = Vec::new();
    for number in 0..SUBSCRIPTIONS {
        let customer = channel.customer(&format!("Customer {number}")).await;
        subscriptions.push(channel.order_usage(&customer).await.id);
    }
    channel.advance_to("2026-01-29").await;
    let token = channel.token(&channel.provider_app, ORIGIN).await;
    let served = served(channel.world(), bench.directory()).await;
    let request = |first: u64, count: u64| {
        let events: Vec<_> = (first..first + count).map(|number| json(&subscriptions, number)).collect();
        let body = format!("[{}]", events.join(","));
        post("/api/v1/usage/events", "application/json", &body, Some(&token))
    };
    let mut next = 0;
    let mut take = |count: u64, batch: u64| -> Vec<Arc<[u8]>> {
        let firsts = (0..count / batch).map(|number| next + number * batch);
        let made = firsts.map(|first| request(first, batch)).collect();
        next += count;
        made
    };
    // Warm: the token known, the subscriptions followed.
    send_lists(&stands(&served), vec![take(1_000, 1_000)]).await;
    let mut intake = Vec::new();
    for batch in BATCHES.into_iter().filter(|_| !acks_only) {
        let lanes = (0..LANES).map(|_| take(scale.intake_events() / LANES, batch)).collect();
        let mut outcome = send_lists(&stands(&served), lanes).await;
        outcome.run.units *= batch;
        intake.push((batch, outcome));
    }
    let acks = send_lists(&stands(&served), vec![take(scale.acks() * 10_000, 10_000)]).await;
    let counted = channel.world().metering().read_all(tenantry_usage::Fold::events_counted).await;
    assert_eq!(u64::try_from(counted).unwrap(), next, "every event was counted once");
    Figures { engine: bench.engine(), intake, acks }
}

async fn upserts(bench: &Bench, scale: Scale, acks_only: bool) -> Baseline {
    let subscriptions: Vec<_> = (0..SUBSCRIPTIONS).map(|number| format!("subscription-{number:025}")).collect();
    let (mut runs, mut durable) = (Vec::new(), false);
    for batch in BATCHES.into_iter().filter(|batch| !acks_only || *batch == 10_000) {
        let each = scale.intake_events() / LANES / batch;
        let lanes =
            (0..LANES).map(|lane| (0..each).map(|number| columns(&subscriptions, (lane, number), batch)).collect());
        let (run, fsync) = upsert::run(bench.another_location(), &[HOURS, TIERED], lanes.collect()).await;
        runs.push((batch, run));
        durable = fsync;
    }
    (runs, durable)
}

/// A batch of a lane. Lanes have subscriptions of their own: rows locked in another order would be a deadlock.
fn columns(subscriptions: &[String], (lane, batch): (u64, u64), count: u64) -> Columns {
    let mut columns = Columns::default();
    for number in batch * count..(batch + 1) * count {
        let (of, meter, resource, hour) = parts(number);
        let of =
            of / usize::try_from(LANES).unwrap() * usize::try_from(LANES).unwrap() + usize::try_from(lane).unwrap();
        let of = &subscriptions[of % SUBSCRIPTIONS];
        columns.push([
            "collector/westus".to_owned(),
            format!("{lane}-{number:016x}"),
            of.clone(),
            meter.to_owned(),
            path(of, resource),
            hour.to_string(),
            quantity(number),
        ]);
    }
    columns
}

/// Whose, which meter, which resource, which hour of the month.
fn parts(number: u64) -> (usize, &'static str, u64, u64) {
    let of = usize::try_from(number % 40).unwrap();
    (of, if number.is_multiple_of(3) { TIERED } else { HOURS }, number / 40 % 5, number / 200 % 650)
}

fn path(of: &impl std::fmt::Display, resource: u64) -> String {
    format!("/subscriptions/{of}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-{resource}")
}

fn quantity(number: u64) -> String {
    format!("{}.{:03}", number % 7, number % 1_000)
}

fn json(subscriptions: &[SubscriptionId], number: u64) -> String {
    let (of, meter, resource, hour) = parts(number);
    let of = subscriptions[of];
    let (day, hour) = (hour / 24 + 1, hour % 24);
    format!(
        "{{\"source\":\"collector/westus\",\"id\":\"{number:016x}\",\"time\":\"2026-01-{day:02}T{hour:02}:10:00Z\",\
         \"subscription\":\"{of}\",\"meter\":\"{meter}\",\"resource\":\"{}\",\"region\":\"westus\",\"quantity\":\"{}\"}}",
        path(&of, resource),
        quantity(number)
    )
}
