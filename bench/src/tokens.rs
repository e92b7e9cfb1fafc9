//! Tokens by client secret, through the sign-in face: at least 2 k/s on 2 cores.
//!
//! The secret is checked with one SHA-256: it has 256 random bits, which nobody guesses, so a slow password hash would
//! protect nothing (`tenantry-directory`, `secret.rs`). What is left is one RSA signature; the baseline is that alone, on
//! all cores.

use crate::load::{Load, Outcome, form, send};
use crate::measure::{Run, hundredths, median, stopwatch};
use crate::served::served;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use std::sync::Arc;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, Channel};

const CONNECTIONS: usize = 16;

pub(crate) async fn run(bench: Bench, repetitions: usize, requests: usize) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    let app = &channel.partner_app;
    let served = served(channel.world(), bench.directory()).await;
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&resource={}",
        app.identity.app,
        app.secret.reveal(),
        PARTNER_CENTER
    );
    let load = Load {
        address: served.address,
        request: form(&format!("/{}/oauth2/token", app.identity.tenant), &body),
        authority: served.client_tls.clone(),
        connections: CONNECTIONS,
        requests_each: requests / CONNECTIONS,
    };
    let key = signing_key();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        theirs.push(signatures(&key, requests));
        ours.push(send(&load).await);
    }
    let (ours, theirs) = (middle(ours), median(theirs));
    println!(
        "tokens by secret, {:?}: {} /s, p99 {} us; signatures alone: {} /s; ratio {}",
        bench.engine(),
        ours.run.rate(),
        ours.micros(990),
        theirs.rate(),
        hundredths(ours.run.rate(), theirs.rate()),
    );
}

fn signing_key() -> Arc<KeyPair> {
    let chance = tenantry_core::Chance::from_seed(1);
    let key = chance.with(|generator| RsaPrivateKey::new(generator, 2048).unwrap());
    Arc::new(KeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap())
}

/// As many signatures of a token's length, spread over the cores.
fn signatures(key: &Arc<KeyPair>, count: usize) -> Run {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let watch = stopwatch();
    let workers: Vec<_> = (0..cores)
        .map(|_| {
            let key = Arc::clone(key);
            std::thread::spawn(move || {
                let (text, random) = ([7; 900], SystemRandom::new());
                let mut signature = vec![0; key.public().modulus_len()];
                for _ in 0..count / cores {
                    key.sign(&RSA_PKCS1_SHA256, &random, &text, &mut signature).unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    Run { units: u64::try_from(count / cores * cores).unwrap(), nanos: watch() }
}

/// The repetition in the middle.
fn middle(mut outcomes: Vec<Outcome>) -> Outcome {
    outcomes.sort_by_key(|outcome| outcome.run.rate());
    let middle = outcomes.len() / 2;
    outcomes.swap_remove(middle)
}
