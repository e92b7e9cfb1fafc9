//! The fold alone: what an event and a line cost as the world grows, what memory they take, how long a replay and a start
//! take.

use crate::channel::{BATCH, EDGES, RESOURCES, apply, channel, daily, edge, fold, hourly};
use crate::goal::{Goal, gate};
use crate::measure::{hundredths, resident, stopwatch, timed};
use crate::scale::Scale;
use clap::ValueEnum;
use std::collections::HashSet;
use std::hint::black_box;
use std::process::Command;
use std::sync::mpsc::sync_channel;
use tenantry_core::Month;
use tenantry_usage::{Close, Fold, NAMES_IN_MEMORY, Prepared, Record};

/// Of 100 M events and 0.9 M series.
const MEMORY: Goal = Goal::AtMost { goal: 2_500_000_000, floor: 4_000_000_000 };
const MEMORY_EVENTS: u64 = 100_000_000;
/// Of more names a plain set takes more memory than there is; an event more is as many bytes more.
const NAMES_BESIDE_MOST: u64 = 10_000_000;
/// Milliseconds of 100 M events.
const REPLAY: Goal = Goal::AtMost { goal: 40_000, floor: 60_000 };
const GROWTH_ROWS_EACH: u64 = 20;
/// The cost of an event or a line may not grow by more than this, in hundredths, from the first step to the last.
const GROWTH_MOST: u64 = 500;

/// A series reports once an hour: so many subscriptions have 100 M events of 0.9 M series in proportion.
const fn subscriptions_for(events: u64) -> u64 {
    let series = events / 111;
    if series < RESOURCES { 1 } else { series / RESOURCES }
}

/// Names that a fold keeps in memory: at the size of the goal what a world keeps, and so much less as there are fewer events.
/// Without that the sizes below would say nothing about the goal's: there, most names lie on disk.
fn names_for(events: u64) -> u64 {
    (NAMES_IN_MEMORY * events / MEMORY_EVENTS).max(1)
}

/// Memory of a fold at several sizes, with the same names in a plain set beside it. Each is weighed in a process of its
/// own: memory that was used and given back is reused, and would not show.
pub(crate) fn memory(scale: Scale) {
    let mut each = 0;
    for events in scale.memory_events() {
        each = weighed(Weight::Fold, events);
        let theirs = weighed(Weight::Names, events.min(NAMES_BESIDE_MOST));
        println!(
            "memory of {events} events, {} series: {each} bytes an event, all in all; their names in a HashSet: {theirs}; \
             ratio {}",
            subscriptions_for(events) * RESOURCES,
            hundredths(theirs, each)
        );
    }
    let all = each * MEMORY_EVENTS;
    let last = scale.memory_events().last().copied().unwrap_or_default();
    println!(
        "memory of {MEMORY_EVENTS} events, {}: {all} bytes; {}",
        if last == MEMORY_EVENTS {
            "so"
        } else {
            "extrapolated from the last, whose names in memory were as many in proportion"
        },
        MEMORY.verdict(all)
    );
}

/// What is weighed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Weight {
    /// All that a fold knows.
    Fold,
    /// The names of the events, without anything about the events themselves.
    Names,
}

/// Asks another process of this program.
fn weighed(weight: Weight, events: u64) -> u64 {
    let name = weight.to_possible_value().unwrap();
    let program = std::env::current_exe().unwrap();
    let ended =
        Command::new(program).args(["--weigh", name.get_name(), "--events", &events.to_string()]).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().trim().parse().unwrap()
}

/// Prints bytes an event.
pub(crate) fn weigh(weight: Weight, events: u64) {
    let before = resident();
    let grown = || resident().saturating_sub(before) / events;
    match weight {
        Weight::Fold => {
            let mut fold = Fold::with_names_in_memory(names_for(events));
            channel(subscriptions_for(events)).into_iter().for_each(|record| apply(&mut fold, record));
            for record in hourly(subscriptions_for(events), events) {
                apply(&mut fold, record);
                drop_names_that_left(&mut fold);
            }
            println!("{}", grown());
            drop(fold);
        }
        Weight::Names => println!("{}", names(events, grown)),
    }
}

/// Whoever keeps a fold has their pages on disk; what is kept in memory of them stays.
fn drop_names_that_left(fold: &mut Fold) {
    while let Some((after, through)) = fold.unsaved_runs().first().map(|run| (run.index.after, run.index.through)) {
        fold.run_stored(after, through);
    }
}

fn names(events: u64, grown: impl Fn() -> u64) -> u64 {
    let mut names = HashSet::new();
    for record in hourly(subscriptions_for(events), events) {
        let Record::Usage(batch) = record else { continue };
        names.extend(batch.into_iter().map(|event| (event.source.into_boxed_str(), event.id.into_boxed_str())));
    }
    assert_eq!(black_box(&names).len(), usize::try_from(events).unwrap());
    grown()
}

/// A fold with usage; `see` is told how long each batch took.
fn filled(subscriptions: u64, events: u64, mut see: impl FnMut(u64)) -> Fold {
    let mut fold = fold(subscriptions);
    for record in hourly(subscriptions, events) {
        let watch = stopwatch();
        apply(&mut fold, record);
        see(watch());
    }
    fold
}

/// The cost of an event as events grow, and of a line as subscriptions do.
pub(crate) fn growth(scale: Scale) {
    let mut costs = Vec::new();
    for events in scale.growth_events() {
        // Only the last batches: what it costs to count one more when so many are there.
        let mut nanos = Vec::new();
        drop(filled(subscriptions_for(events), events, |batch| nanos.push(batch)));
        let last: Vec<_> = nanos.iter().rev().take(10).collect();
        let cost = last.iter().copied().sum::<u64>() / (u64::try_from(last.len()).unwrap() * BATCH.min(events));
        println!("growth: at {events} events one more costs {cost} ns");
        costs.push(cost);
    }
    slope("events", &costs);
    let mut costs = Vec::new();
    for subscriptions in scale.growth_subscriptions() {
        let (fold, nanos) = closed(subscriptions, GROWTH_ROWS_EACH);
        let watch = stopwatch();
        let lines: usize = (0..EDGES).map(|number| fold.billed_totals(edge(number), 1).count()).sum();
        let cost = (nanos + watch()) / u64::try_from(lines).unwrap().max(1);
        println!("growth: at {subscriptions} subscriptions a line of {GROWTH_ROWS_EACH} rows costs {cost} ns");
        costs.push(cost);
    }
    slope("lines", &costs);
}

/// How the last cost stands to the first: 1.00 is flat.
fn slope(what: &str, costs: &[u64]) {
    let (Some(first), Some(last)) = (costs.first(), costs.last()) else { return };
    println!("growth of {what}: slope {} from the first to the last (1.00 is flat)", hundredths(*last, *first));
    gate(&format!("flat cost of {what}"), first * 100 * 100 / last.max(&1), 100 * 100 / GROWTH_MOST);
}

/// A log of records, replayed as a start does it, one thread opening what the other applies; its checkpoint, loaded. The
/// baseline unpacks the same records on one thread and does nothing with them.
pub(crate) fn replay(scale: Scale) {
    let events = scale.replay_events();
    let subscriptions = subscriptions_for(events);
    let stored: Vec<_> = channel(subscriptions)
        .into_iter()
        .chain(hourly(subscriptions, events))
        .map(|record| record.encode().unwrap())
        .collect();
    let mut replayed = Fold::with_names_in_memory(names_for(events));
    let ours = timed(events, || replay_all(&mut replayed, &stored));
    let theirs = timed(events, || stored.iter().for_each(|bytes| drop(black_box(Record::decode(bytes)))));
    let all = ours.nanos_each() * MEMORY_EVENTS / 1_000_000;
    println!(
        "replay of {events} events: {} events/s; unpacking alone: {} /s; ratio {}; of {MEMORY_EVENTS}, extrapolated: {all} \
         ms; {}",
        ours.rate(),
        theirs.rate(),
        hundredths(ours.rate(), theirs.rate()),
        REPLAY.verdict(all)
    );
    let kept = replayed.checkpoint().unwrap();
    let loaded = timed(events, || drop(black_box(Fold::restore(&kept).unwrap())));
    let copied = timed(events, || drop(black_box(kept.clone())));
    println!(
        "start from a checkpoint of {events} events, {} bytes: {} us; copying it: {} us; ratio {}; of {MEMORY_EVENTS}, \
         extrapolated: {} ms; {}",
        kept.len(),
        loaded.nanos / 1_000,
        copied.nanos / 1_000,
        hundredths(copied.nanos, loaded.nanos),
        loaded.nanos / events * MEMORY_EVENTS / 1_000_000,
        Goal::AtMost { goal: 5_000, floor: 60_000 }.verdict(loaded.nanos / events * MEMORY_EVENTS / 1_000_000),
    );
}

fn replay_all(fold: &mut Fold, stored: &[Vec<u8>]) {
    /// Records that wait to be applied.
    const AHEAD: usize = 8;
    let Some((genesis, rest)) = stored.split_first() else { return };
    apply(fold, Record::decode(genesis).unwrap());
    let key = fold.key();
    let (opened, to_apply) = sync_channel(AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || rest.iter().for_each(|bytes| opened.send(Prepared::new(bytes, key).unwrap()).unwrap()));
        for prepared in to_apply {
            fold.apply_prepared(fold.position() + 1, prepared).unwrap();
            drop_names_that_left(fold);
        }
    });
}

/// A fold whose first month is closed, and how long the close took.
pub(crate) fn closed(subscriptions: u64, rows_each: u64) -> (Fold, u64) {
    let mut fold = fold(subscriptions);
    daily(subscriptions, rows_each).for_each(|record| apply(&mut fold, record));
    let month = Month::parse("2026-01").unwrap();
    let watch = stopwatch();
    apply(&mut fold, Record::Close(Close { number: 1, month, at: month.period().to }));
    (fold, watch())
}
