//! Authenticated point reads through a face: `GET /v1/customers/{customer}`, 64 connections.
//!
//! Goal 50 k/s, floor 10 k/s on 2 cores (design, section 19), the load generator on the same cores.

use crate::bare;
use crate::load::{Load, get, send};
use crate::measure::hundredths;
use crate::served::served;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, Channel};

const CONNECTIONS: usize = 64;
/// Of the partner; a read that looks at all of them would show.
const CUSTOMERS: usize = 100;

pub(crate) async fn run(bench: Bench, repetitions: usize, requests: usize) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    let customer = channel.customer("Northwind").await;
    for number in 1..CUSTOMERS {
        channel.customer(&format!("Northwind {number}")).await;
    }
    let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
    let served = served(channel.world(), bench.directory()).await;
    let load = |address, request| Load {
        address,
        request,
        authority: served.client_tls.clone(),
        connections: CONNECTIONS,
        requests_each: requests / CONNECTIONS,
    };
    let read = load(served.address, get(&format!("/v1/customers/{}", customer.id), Some(&token)));
    let bare = bare::serve(served.server_tls.clone(), vec![b'x'; 1400].into()).await;
    let bare = load(bare, get("/", None));
    // Warm: prepared statements, the token known.
    send(&Load { requests_each: 20, ..read.clone() }).await;
    // A shared machine is twice as fast in one second as in the next, so what ran side by side belongs together.
    let mut pairs = Vec::new();
    for _ in 0..repetitions {
        let theirs = send(&bare).await;
        pairs.push((send(&read).await, theirs));
    }
    pairs.sort_by_key(|(ours, theirs)| ours.run.rate() * 1000 / theirs.run.rate().max(1));
    let (ours, theirs) = pairs.swap_remove(pairs.len() / 2);
    println!(
        "authenticated read, {:?}: {} /s, p50 {} us, p99 {} us; bare TLS and HTTP: {} /s; ratio {}",
        bench.engine(),
        ours.run.rate(),
        ours.micros(500),
        ours.micros(990),
        theirs.run.rate(),
        hundredths(ours.run.rate(), theirs.run.rate()),
    );
}
