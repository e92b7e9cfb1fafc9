//! Usage events as JSON, NDJSON and CloudEvents. One broken event does not sink the others, so every event of a body that
//! is taken has a verdict of its own, and what was accepted is known when it comes again.

use crate::{Metered, judged, on_sqlite, target};
use serde_json::Value;
use tenantry_testkit::fuzz::{Seen, Tally};

const WORDS: &[&str] = &[
    "\"source\"",
    "\"id\"",
    "\"time\"",
    "\"subscription\"",
    "\"meter\"",
    "\"resource\"",
    "\"quantity\"",
    "\"corrects\"",
    "\"tags\"",
    "\"additionalInfo\"",
    "\"data\"",
    "\"specversion\"",
    "2026-01-10T15:00:00Z",
    "{}",
    "[]",
    "\n",
    "}{",
    "\\/",
];

fn check(name: &'static str, content_type: &'static str) {
    on_sqlite(|bench| async move {
        let metered = Metered::new(&bench).await;
        let mut tally = Tally::default();
        for input in target(name, 250, WORDS).inputs() {
            let body = metered.named(&input.bytes);
            let send = || {
                let post = metered
                    .client
                    .post("/api/v1/usage/events")
                    .token(&metered.token)
                    .header("content-type", content_type);
                post.body(body.clone()).send()
            };
            let first = send().await;
            let mut seen = judged(&first);
            if seen == Seen::Accepted && first.json().get("verdicts").is_some() {
                counted_once(&first.json(), &send().await.json());
                seen = verdicts(&first.json());
            }
            tally.count(seen);
        }
        tally.judge(name);
        metered.replays(name).await;
    });
}

/// A body that was read is accepted if one of its events is; each of the others says why not.
fn verdicts(answer: &Value) -> Seen {
    let verdicts = answer["verdicts"].as_array().unwrap();
    let refused: Vec<_> = verdicts.iter().filter(|verdict| verdict["status"] == "refused").collect();
    let said: Vec<_> = refused.iter().map(|verdict| verdict["message"].as_str().unwrap_or_default()).collect();
    assert!(said.iter().all(|said| !said.trim().is_empty()), "refused without a word: {answer}");
    match said.first() {
        Some(first) if said.len() == verdicts.len() => Seen::Refused((*first).to_owned()),
        _ => Seen::Accepted,
    }
}

/// The same body once more: what was taken is known now. Of what was refused some may be taken: a correction that stood
/// before the event it names.
fn counted_once(first: &Value, second: &Value) {
    let count = |answer: &Value, what: &str| answer[what].as_u64().unwrap();
    let known = count(first, "accepted") + count(first, "duplicate");
    assert_eq!(count(second, "duplicate"), known, "{first} and then {second}");
    let rest = count(second, "accepted") + count(second, "refused");
    assert_eq!(rest, count(first, "refused"), "{first} and then {second}");
}

#[test]
fn fuzz_events_as_json_are_counted_once_or_refused_with_a_reason() {
    check("events-json", "application/json");
}

#[test]
fn fuzz_events_line_by_line_are_counted_once_or_refused_with_a_reason() {
    check("events-ndjson", "application/x-ndjson");
}

#[test]
fn fuzz_cloud_events_are_counted_once_or_refused_with_a_reason() {
    check("events-cloud", "application/cloudevents-batch+json");
}
