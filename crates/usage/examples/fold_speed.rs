//! How fast the fold counts, replays, starts from a checkpoint and closes, and what it weighs.
//!
//! `cargo run --release -p tenantry-usage --example fold_speed -- [series] [events] [subscriptions to close] [rows each]`
//!
//! `.. --example fold_speed -- long <file> [series] [events]` replays a log of a size that no memory holds beside the fold:
//! it is written into the file first, unless it is there. Names that move out of memory are written beside it.
//!
//! The usage is that of a channel in its ordinary days: each series reports hour after hour, a batch is of a
//! thousand events, one resource in ten is tagged. `bench/` runs the same shape through HTTP and a database.
#![expect(clippy::print_stdout, reason = "a program whose answer is text")]
#![expect(clippy::unwrap_used, reason = "a measurement may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "it measures the machine's time")]

use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use tenantry_core::{
    Currency, Day, EdgeId, Factor, MeterId, Month, PriceSheetId, Quantity, Rate, ResourceUri, SubscriptionId, TenantId,
    Timestamp,
};
use tenantry_rating::{AppliesTo, MeterPrice, PriceList, PriceRule, PriceSheet, Tiers};
use tenantry_usage::{
    Close, EdgeTerms, Event, Fold, IdentityKey, Prepared, Record, Restoring, ServiceState, SubscriptionTerms,
};

const BATCH: u64 = 1_000;
const METERS: u64 = 20;
const EDGES: u64 = 10;
const START: &str = "2026-01-01";

fn main() {
    let mut words = std::env::args().skip(1).peekable();
    let file = words.next_if_eq("long").and_then(|_| words.next());
    let mut asked = words.map(|text| text.parse::<u64>().unwrap());
    let mut size = |usual| asked.next().unwrap_or(usual);
    if let Some(file) = file {
        return long(Path::new(&file), size(900_000), size(100_000_000));
    }
    let (series, events) = (size(200_000), size(4_000_000));
    let (subscriptions, rows) = (size(20_000), size(100));
    counting(series, events);
    closing(subscriptions, rows);
}

/// Applies batches of usage, then asks for memory, a replay of the stored log, and a start from a checkpoint.
fn counting(series: u64, events: u64) {
    let mut fold = Fold::default();
    let mut stored = Vec::new();
    for record in channel(series / 10) {
        stored.push(record.encode().unwrap());
        let seq = fold.position() + 1;
        fold.apply(seq, record).unwrap();
    }
    let weight = memory();
    let mut spent = Duration::ZERO;
    for first in (0..events).step_by(usize::try_from(BATCH).unwrap()) {
        let batch = Record::Usage((first..(first + BATCH).min(events)).map(|number| event(number, series)).collect());
        stored.push(batch.encode().unwrap());
        let seq = fold.position() + 1;
        let begun = Instant::now();
        fold.apply(seq, batch).unwrap();
        spent += begun.elapsed();
    }
    let bytes: usize = stored.iter().map(Vec::len).sum();
    println!("counted            {} ({events} events, {series} series)", rate(events, spent));
    println!("memory             {} bytes an event", memory().saturating_sub(weight + bytes as u64) / events);
    println!("log                {} bytes an event", bytes as u64 / events);

    let begun = Instant::now();
    let replayed = replay(&stored);
    println!("replayed           {}", rate(events, begun.elapsed()));

    let begun = Instant::now();
    let kept = fold.checkpoint().unwrap();
    println!("checkpoint taken   {:?}, {} bytes an event", begun.elapsed(), kept.len() as u64 / events);
    let begun = Instant::now();
    black_box(Fold::restore(&kept).unwrap());
    println!("checkpoint loaded  {:?}", begun.elapsed());
    assert!(replayed.checkpoint().unwrap() == kept, "a replay gives the same state");
}

/// As `metering` does it: records are opened by one thread and applied by another.
fn replay(stored: &[Vec<u8>]) -> Fold {
    let mut fold = Fold::default();
    fold.apply(1, Record::decode(&stored[0]).unwrap()).unwrap();
    let key = fold.key();
    let (opened, to_apply) = std::sync::mpsc::sync_channel(64);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            stored[1..].iter().for_each(|bytes| opened.send(Prepared::new(bytes, key).unwrap()).unwrap());
        });
        for (prepared, seq) in to_apply.iter().zip(2..) {
            fold.apply_prepared(seq, prepared).unwrap();
        }
    });
    fold
}

/// Replays a long log from a file, and says on the way how fast it was and what all of the process weighs.
fn long(file: &Path, series: u64, events: u64) {
    if !file.exists() {
        write_log(file, series, events);
    }
    let mut log = BufReader::new(File::open(file).unwrap());
    let mut names = BufWriter::new(File::create(file.with_extension("names")).unwrap());
    let mut fold = Fold::default();
    fold.apply(1, Record::decode(&next(&mut log).unwrap()).unwrap()).unwrap();
    let key = fold.key();
    let (opened, to_apply) = std::sync::mpsc::sync_channel(64);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Some(bytes) = next(&mut log) {
                opened.send(Prepared::new(&bytes, key).unwrap()).unwrap();
            }
        });
        let mut told = 0;
        for (prepared, seq) in to_apply.iter().zip(2..) {
            fold.apply_prepared(seq, prepared).unwrap();
            while let Some(run) = fold.unsaved_runs().first() {
                run.pages.iter().for_each(|page| names.write_all(page).unwrap());
                let (after, through) = (run.index.after, run.index.through);
                fold.run_stored(after, through);
            }
            let counted = fold.events_counted() as u64;
            if counted / 10_000_000 > told {
                told = counted / 10_000_000;
                println!("{counted} events: {}, {} bytes resident", rate(counted, begun.elapsed()), memory());
            }
        }
    });
    println!("replayed           {}, {} bytes resident", rate(events, begun.elapsed()), memory());
    let kept = file.with_extension("checkpoint");
    let mut out = BufWriter::new(File::create(&kept).unwrap());
    let begun = Instant::now();
    fold.checkpoint_frames().for_each(|frame| out.write_all(&frame.unwrap()).unwrap());
    drop(out);
    println!(
        "checkpoint taken   {:?}, {} bytes, {} resident",
        begun.elapsed(),
        kept.metadata().unwrap().len(),
        memory()
    );
    drop(fold);
    let (mut restoring, mut piece) = (Restoring::default(), Vec::new());
    let mut kept = File::open(&kept).unwrap();
    let begun = Instant::now();
    while (&mut kept).take(1 << 20).read_to_end(&mut piece).unwrap() > 0 {
        restoring.push(&piece).unwrap();
        piece.clear();
    }
    let fold = restoring.finish().unwrap();
    println!("checkpoint loaded  {:?}, {} bytes resident", begun.elapsed(), memory());
    drop(fold);
}

fn write_log(file: &Path, series: u64, events: u64) {
    let mut log = BufWriter::new(File::create(file).unwrap());
    let mut put = |record: Record| {
        let bytes = record.encode().unwrap();
        log.write_all(&u32::try_from(bytes.len()).unwrap().to_le_bytes()).unwrap();
        log.write_all(&bytes).unwrap();
    };
    channel(series / 10).into_iter().for_each(&mut put);
    for first in (0..events).step_by(usize::try_from(BATCH).unwrap()) {
        put(Record::Usage((first..(first + BATCH).min(events)).map(|number| event(number, series)).collect()));
    }
}

/// The next record of a file.
fn next(log: &mut impl Read) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    log.read_exact(&mut length).ok()?;
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    log.read_exact(&mut bytes).unwrap();
    Some(bytes)
}

/// Closes a month in which each subscription has two meters with so many daily rows together.
fn closing(subscriptions: u64, rows: u64) {
    let mut fold = Fold::default();
    for record in channel(subscriptions) {
        let seq = fold.position() + 1;
        fold.apply(seq, record).unwrap();
    }
    let all = subscriptions * rows;
    for first in (0..all).step_by(usize::try_from(BATCH).unwrap()) {
        let used = (first..(first + BATCH).min(all)).map(|number| daily(number, rows)).collect();
        let seq = fold.position() + 1;
        fold.apply(seq, Record::Usage(used)).unwrap();
    }
    let close = Record::Close(Close { number: 1, month: Month::parse("2026-01").unwrap(), at: time("2026-02-01") });
    let seq = fold.position() + 1;
    let begun = Instant::now();
    fold.apply(seq, close).unwrap();
    println!("closed             {:?} ({subscriptions} subscriptions, {all} daily rows)", begun.elapsed());
    let begun = Instant::now();
    let lines: usize = (0..EDGES).map(|number| fold.billed_by(edge(number), 1).len()).sum();
    println!("lines with rows    {:?} ({lines} lines)", begun.elapsed());
    let begun = Instant::now();
    let totals: usize = (0..EDGES).map(|number| fold.billed_totals(edge(number), 1).count()).sum();
    println!("lines alone        {:?} ({totals} lines)", begun.elapsed());
    let begun = Instant::now();
    let whole: usize =
        (0..EDGES).map(|number| fold.recounted(edge(number), 1).filter(|found| found.is_whole).count()).sum();
    println!("counted once more  {:?} ({whole} lines are whole)", begun.elapsed());
}

fn rate(events: u64, spent: Duration) -> String {
    let nanos = u128::from(events).max(1);
    format!("{} events/s, {} ns each", nanos * 1_000_000_000 / spent.as_nanos().max(1), spent.as_nanos() / nanos)
}

/// Bytes resident, as the system counts them; 0 where it does not say.
fn memory() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4_096
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn guid(kind: u64, number: u64) -> String {
    format!("{kind:08x}-0000-4000-8000-{:012x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16)
}

fn subscription(number: u64) -> SubscriptionId {
    SubscriptionId::parse(&guid(1, number)).unwrap()
}

fn meter(number: u64) -> MeterId {
    MeterId::parse(&guid(2, number % METERS)).unwrap()
}

fn edge(number: u64) -> EdgeId {
    EdgeId::parse(&guid(3, number % EDGES)).unwrap()
}

fn tenant(number: u64) -> TenantId {
    TenantId::parse(&guid(4, number)).unwrap()
}

/// Genesis, one price sheet (one meter in ten graduated), the edges and the subscriptions.
fn channel(subscriptions: u64) -> Vec<Record> {
    let mut records = vec![Record::Genesis(IdentityKey(*b"a key of a world"))];
    let meters: BTreeMap<_, _> = (0..METERS).map(|number| (meter(number), price(number))).collect();
    records.push(Record::PriceSheet(PriceSheet {
        id: PriceSheetId::parse(&guid(5, 1)).unwrap(),
        market: "US".to_owned(),
        currency: Currency::USD,
        effective_from: time(START),
        import_no: 1,
        meters,
    }));
    let rule =
        PriceRule { factor: Factor::parse("0.85").unwrap(), applies_to: AppliesTo::FirstParty, from: time(START) };
    records.extend((0..EDGES).map(|number| {
        Record::Edge(EdgeTerms {
            id: edge(number),
            seller: tenant(0),
            buyer: tenant(number + 1),
            price_list: PriceList::new(vec![rule.clone()]),
        })
    }));
    records.extend((0..subscriptions).map(|number| {
        Record::Subscription(SubscriptionTerms {
            id: subscription(number),
            customer: tenant(1_000 + number),
            partner: tenant(number % EDGES + 1),
            channel: vec![edge(number)],
            market: "US".to_owned(),
            currency: Currency::USD,
            created_at: time(START),
            state: ServiceState::Active,
            since: time(START),
        })
    }));
    records
}

fn price(number: u64) -> MeterPrice {
    let rate = |text: &str| Rate::parse(text).unwrap();
    let graduated = vec![(Quantity::ZERO, rate("0.095")), (Quantity::whole(10), rate("0.08"))];
    MeterPrice {
        id: meter(number),
        name: format!("meter {number}"),
        category: String::new(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 Hour".to_owned(),
        tags: Vec::new(),
        tiers: if number.is_multiple_of(10) { Tiers::new(graduated).unwrap() } else { Tiers::flat(rate("0.0712")) },
        included: Quantity::ZERO,
        effective_date: time(START),
        first_party: true,
    }
}

/// The next hour of the next series.
fn event(number: u64, series: u64) -> Event {
    let (round, of) = (number / series, number % series);
    usage(number, of / 10, of, time(START).plus_seconds(i64::try_from(round).unwrap() * 3_600 + 600))
}

/// A resource a day: every second one is of the second meter.
fn daily(number: u64, rows: u64) -> Event {
    let (subscription, row) = (number / rows, number % rows);
    let day = Day::parse(START).unwrap().number() + i32::try_from(row % 25).unwrap();
    let resource = subscription * rows + row / 25;
    usage(number, subscription, resource, Day::from_number(day).start().plus_seconds(3_600))
}

fn usage(number: u64, of: u64, resource: u64, at: Timestamp) -> Event {
    Event {
        reporter: None,
        source: "collector/westus".to_owned(),
        id: format!("{:016x}-{number:010}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        at,
        subscription: subscription(of),
        meter: meter(resource),
        resource: ResourceUri::new(format!(
            "/subscriptions/{}/resourceGroups/rg{}/providers/Microsoft.Compute/virtualMachines/vm{resource}",
            subscription(of),
            resource % 7
        )),
        region: "westus".to_owned(),
        quantity: Quantity::from_units(i128::from(number % 1_000 + 1) * 1_000_000_000_000_000),
        corrects: None,
        tags: if resource.is_multiple_of(10) {
            "{\"costCenter\":\"4711\",\"env\":\"prod\"}".to_owned()
        } else {
            String::new()
        },
        additional_info: String::new(),
    }
}
