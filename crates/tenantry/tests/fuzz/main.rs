//! What faces read from strangers, through the faces: usage events in every envelope, files of usage, the filters of
//! Partner Center, `$filter` of both graphs.
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
mod uploads;

use std::future::Future;
use tenantry_db::Engine;
use tenantry_testkit::fuzz::{Seen, Target, corpus};
use tenantry_testkit::{Bench, CARD, Channel, Client, HOURS, ORIGIN, Reply, on_every_engine};

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

/// Of the corpus: in place of the subscription's id, which another world gives another value.
const SUBSCRIPTION: &str = "SUBSCRIPTION";

/// A world that takes usage in: one subscription with a meter, and who may send for it.
struct Metered {
    channel: Channel,
    client: Client,
    token: String,
    subscription: String,
}

impl Metered {
    async fn new(bench: &Bench) -> Self {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await.id.to_string();
        channel.advance_to("2026-01-10T16:00:00Z").await;
        let token = channel.token(&channel.provider_app, ORIGIN).await;
        let client = Client::of(channel.world(), [tenantry_face_tenantry::face(ORIGIN)]);
        Self { channel, client, token, subscription }
    }

    /// An input with this world's names in it.
    fn named(&self, bytes: &[u8]) -> Vec<u8> {
        replaced(&replaced(bytes, SUBSCRIPTION, &self.subscription), "METER", HOURS)
    }

    /// A replay of the log says what memory says.
    async fn replays(&self, name: &str) {
        let metering = self.channel.world().metering();
        let replayed = metering.replayed().await.unwrap().checkpoint().unwrap();
        let live = metering.read_all(tenantry_usage::Fold::checkpoint).await.unwrap();
        assert!(replayed == live, "{name}: the state in memory differs from a replay of the log");
    }
}

fn replaced(bytes: &[u8], what: &str, with: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(what.len()).position(|part| part == what.as_bytes()) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with.as_bytes());
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
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
