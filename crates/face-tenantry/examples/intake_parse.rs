//! How fast bodies of usage events are read: batches of 10,000 in each envelope, one thread, no database.
//!
//! `cargo run --release -p tenantry-face-tenantry --example intake_parse [rounds]`

#![expect(clippy::print_stdout, reason = "a measurement is for reading")]
#![expect(clippy::disallowed_methods, reason = "measures the machine, not the world")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use tenantry_core::{Quantity, Timestamp};
use tenantry_face_tenantry::readable_events;

const EVENTS: usize = 10_000;

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(30);
    let plain: Vec<String> = (0..EVENTS).map(plain).collect();
    let cloud: Vec<String> = (0..EVENTS).map(cloud).collect();
    for (name, content_type, body) in [
        ("JSON array", "application/json", format!("[{}]", plain.join(","))),
        ("NDJSON", "application/x-ndjson", plain.join("\n")),
        ("CloudEvents", "application/cloudevents-batch+json", format!("[{}]", cloud.join(","))),
    ] {
        let mut best = Duration::MAX;
        for _ in 0..rounds {
            let start = Instant::now();
            match readable_events(Some(content_type), body.as_bytes()) {
                Ok((EVENTS, 0)) => best = best.min(start.elapsed()),
                other => return println!("{name}: not as expected: {other:?}"),
            }
        }
        let per_event = best.as_nanos() / EVENTS as u128;
        let rate = 1_000_000_000 / per_event.max(1);
        let bytes = body.len() / EVENTS;
        println!("{name:12} {bytes} bytes an event: {per_event} ns an event, {rate} events/s (best of {rounds})");
    }
    // The forms that events come in, and those that take the general way.
    for text in ["2026-01-10T15:00:00Z", "2026-01-10T15:00:00+00:00"] {
        println!("time     {text:26} {} ns", nanos_each(|| Timestamp::parse(black_box(text)).is_ok()));
    }
    for text in ["12.000001", "+12.000001"] {
        println!("quantity {text:26} {} ns", nanos_each(|| Quantity::parse(black_box(text)).is_ok()));
    }
}

fn nanos_each(work: impl Fn() -> bool) -> u128 {
    const TIMES: u32 = 1_000_000;
    let start = Instant::now();
    let good = (0..TIMES).filter(|_| work()).count();
    start.elapsed().as_nanos() / u128::try_from(good).unwrap_or(1).max(1)
}

fn resource(n: usize) -> String {
    format!(
        "/subscriptions/a356ac8c-e310-44f4-bf85-c7f29044af99/resourceGroups/group-{}/providers/Microsoft.Compute/\
         virtualMachines/machine-{}",
        n % 20,
        n % 500
    )
}

fn plain(n: usize) -> String {
    format!(
        r#"{{"source":"meters/west-1","id":"vm-{n:08}-2026-01-10T15","time":"2026-01-10T15:00:00Z","subscription":"a356ac8c-e310-44f4-bf85-c7f29044af99","meter":"2a9992f8-e914-490b-a7a6-6d21ba55acda","resource":"{}","region":"westeurope","quantity":"{}.{:06}"}}"#,
        resource(n),
        n % 24,
        n
    )
}

fn cloud(n: usize) -> String {
    format!(
        r#"{{"specversion":"1.0","type":"tenantry.usage","source":"meters/west-1","id":"vm-{n:08}-2026-01-10T15","time":"2026-01-10T15:00:00Z","datacontenttype":"application/json","data":{{"subscription":"a356ac8c-e310-44f4-bf85-c7f29044af99","meter":"2a9992f8-e914-490b-a7a6-6d21ba55acda","resource":"{}","region":"westeurope","quantity":{}.{:06}}}}}"#,
        resource(n),
        n % 24,
        n
    )
}
