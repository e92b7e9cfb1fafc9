//! Whole bodies: envelopes, compression, limits, and JSON that breaks off.

use crate::house::{EVENTS, House, in_a_house};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use tenantry_testkit::Reply;

async fn send(house: &House, content_type: &str, encoding: &str, body: impl Into<Vec<u8>>) -> Reply {
    let sending = house.client.post(EVENTS).token(&house.provider).header("content-type", content_type);
    let sending = if encoding.is_empty() { sending } else { sending.header("content-encoding", encoding) };
    sending.body(body).send().await
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn cloud(house: &House, id: &str) -> Value {
    let mut data = house.event(id, json!({"source": null, "id": null, "time": null}));
    data["additionalInfo"] = json!({"vm": "D2"});
    json!({
        "specversion": "1.0", "type": "tenantry.usage", "source": "/hosts/7", "id": id,
        "time": "2026-01-10T15:00:00Z", "data": data,
    })
}

/// Accepted, duplicate and refused.
fn counts(reply: &Reply) -> [u64; 3] {
    let reply = reply.json();
    ["accepted", "duplicate", "refused"].map(|name| reply[name].as_u64().unwrap())
}

#[test]
fn every_envelope_is_taken() {
    in_a_house(|house| async move {
        let one = cloud(&house, "c-1");
        let reply = send(&house, "application/cloudevents+json", "", one.to_string()).await.expect(202);
        assert_eq!(reply.json(), json!({"source": "/hosts/7", "id": "c-1", "status": "accepted"}));
        let batch = json!([one, cloud(&house, "c-2")]).to_string();
        let reply = send(&house, "application/cloudevents-batch+json; charset=utf-8", "", batch).await.expect(200);
        assert_eq!(counts(&reply), [1, 1, 0]);
        // Refusals by metering name members of `data` by their path.
        let mut bad = cloud(&house, "c-3");
        bad["data"]["quantity"] = json!("-1");
        let reply = send(&house, "application/cloudevents+json", "", bad.to_string()).await.expect(400);
        assert_eq!(reply.json()["field"], "data.quantity");

        let (a, b) = (house.event("l-1", json!({})), house.event("l-2", json!({})));
        let lines = format!("{a}\n{{\"source\": nope}}\n\n{b}\n");
        let reply = send(&house, "application/x-ndjson", "gzip", gzip(lines.as_bytes())).await.expect(200);
        assert_eq!(counts(&reply), [2, 0, 1]);
        let broken = &reply.json()["verdicts"][1];
        assert_eq!(broken["code"], "malformed_body");
        assert!(broken["message"].as_str().unwrap().contains("line 2 is not valid JSON at its byte 12"), "{broken}");
    });
}

#[test]
fn a_batch_that_cannot_be_taken_whole_is_not_taken_at_all() {
    in_a_house(|house| async move {
        let before = house.seen().await;
        let event = house.event("e-1", json!({})).to_string();
        let many = |count: usize| format!("[{}]", vec![event.as_str(); count].join(","));
        let broken = format!("[{event},{event},");
        let byte = format!("at byte {}", broken.len());
        let bomb = gzip(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 1 << 20);
        for (what, encoding, body, status, seen) in [
            ("too many", "", many(10_001).into_bytes(), 413, "at most 10000 events"),
            ("too long", "", vec![b' '; (16 << 20) + 1], 413, "larger than the 16777216 bytes"),
            ("a gzip bomb", "gzip", bomb, 413, "the inflated body is larger than the 16777216 bytes"),
            ("no gzip", "gzip", event.clone().into_bytes(), 400, "does not inflate"),
            ("broken off", "", broken.into_bytes(), 400, byte.as_str()),
            ("NaN", "", format!("[{}]", event.replace("\"1\"", "NaN")).into_bytes(), 400, "is not valid JSON at byte"),
            ("nothing", "", Vec::new(), 400, "the body is empty"),
            ("a word", "", b"\"event\"".to_vec(), 400, "an event is a JSON object"),
        ] {
            let reply = send(&house, "application/json", encoding, body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{what}: {reply}");
        }
        let _ = send(&house, "text/csv", "", "a,b").await.expect(400);
        assert_eq!(house.seen().await, before);
        let reply = send(&house, "application/json", "gzip", gzip(many(10_000).as_bytes())).await.expect(200);
        assert_eq!(counts(&reply), [1, 9_999, 0]);
    });
}

#[test]
fn number_literals_are_read_to_the_last_digit() {
    in_a_house(|house| async move {
        let event = house.event("e-1", json!({})).to_string().replace("\"1\"", "0.100000000000000001");
        let _ = send(&house, "application/json", "", event).await.expect(202);
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["lines"][0]["quantity"], "0.100000000000000001");
        assert_eq!(unbilled["lines"][0]["list"], "0.0100000000000000001");
        assert_eq!(unbilled["lines"][0]["exact"], "0.008500000000000000085");
    });
}

#[test]
fn a_server_with_too_much_to_do_says_when_to_come_back_and_counts_nothing() {
    in_a_house(|house| async move {
        let before = house.seen().await;
        let metering = house.channel.world().metering();
        metering.set_waiting_max(0, usize::MAX);
        // Longer than may be read at all: refused before anybody looks at it.
        for body in [house.event("e-1", json!({})).to_string(), " ".repeat((16 << 20) + 1)] {
            let refused = send(&house, "application/json", "", body).await.expect(429);
            assert_eq!(refused.header("retry-after"), "1");
            let error = &refused.json()["error"];
            assert_eq!((&error["code"], &error["retryAfterSeconds"]), (&json!("throttled"), &json!(1)), "{error:#}");
        }
        assert_eq!((house.seen().await, metering.waiting_events()), (before, 0));
        // Who may report nothing hears so whatever there is to do.
        let _ = house.client.post(EVENTS).json(&json!([])).send().await.expect(401);
        metering.set_waiting_max(1, usize::MAX);
        let _ = send(&house, "application/json", "", house.event("e-1", json!({})).to_string()).await.expect(202);
    });
}
