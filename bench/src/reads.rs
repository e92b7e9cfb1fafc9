//! Authenticated point reads through a face: `GET /v1/customers/{customer}`, 64 connections.
//!
//! Goal 50 k/s, floor 10 k/s on 2 cores (design, section 19), the load generator on the same cores.

use crate::bare;
use crate::load::{Load, Outcome, get, send};
use crate::measure::hundredths;
use crate::served::served;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, Channel};

const CONNECTIONS: usize = 64;

pub(crate) async fn run(bench: Bench, repetitions: usize, requests: usize) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    let customer = channel.customer("Northwind").await;
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
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // Warm: prepared statements, the token known.
    send(&Load { requests_each: 20, ..read.clone() }).await;
    for _ in 0..repetitions {
        theirs.push(send(&bare).await);
        ours.push(send(&read).await);
    }
    let (ours, theirs) = (middle(ours), middle(theirs));
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

/// The repetition in the middle.
pub(crate) fn middle(mut outcomes: Vec<Outcome>) -> Outcome {
    outcomes.sort_by_key(|outcome| outcome.run.rate());
    let middle = outcomes.len() / 2;
    outcomes.swap_remove(middle)
}
