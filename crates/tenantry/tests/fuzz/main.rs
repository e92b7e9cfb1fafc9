//! What faces read from strangers, through the faces: usage events in every envelope, the filters of Partner Center,
//! `$filter` of both graphs.
//!
//! From outside a parser has no way to end the process or to answer with "internal error": whatever is sent, the answer
//! is a success or a refusal that says what was seen. Parsers do not know the engine, so SQLite is enough; what is sent
//! goes through the whole house all the same, to the log and back.
//!
//! ```text
//! cargo test --test fuzz                                                   the short form of every target
//! TENANTRY_FUZZ_ROUNDS=200000 TENANTRY_FUZZ_SEED=7 cargo test --test fuzz   a long one, on another path
//! ```
#![cfg(test)]

mod events;
mod filters;

use std::future::Future;
use tenantry_db::Engine;
use tenantry_testkit::fuzz::{Seen, Target, corpus};
use tenantry_testkit::{Bench, Reply, on_every_engine};

/// A target of this folder's corpus.
fn target(name: &'static str, rounds: u64, dictionary: &'static [&'static str]) -> Target {
    Target::new(name, corpus(env!("CARGO_MANIFEST_DIR"), name), rounds, dictionary)
}

/// Runs a body on SQLite alone.
fn on_sqlite<F, Fut>(body: F)
where
    F: Fn(Bench) -> Fut,
    Fut: Future<Output = ()>,
{
    on_every_engine(|bench| {
        let sqlite = bench.engine() == Engine::Sqlite;
        let body = &body;
        async move {
            if sqlite {
                body(bench).await;
            }
        }
    });
}

/// What an answer says about an input: never that we are at fault.
fn judged(reply: &Reply) -> Seen {
    match reply.status {
        200..=299 => Seen::Accepted,
        400..=499 => Seen::Refused(reply.text()),
        status => panic!("status {status}: {reply}"),
    }
}

/// Every byte that could mean something in a query, written as `%xx`.
fn encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}
