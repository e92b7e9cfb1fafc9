//! Files of usage as tables: in our columns and in those of exports. A line that cannot be read does not sink the others,
//! and a file that is sent again counts nothing twice.

use crate::{Metered, judged, on_sqlite, target};
use serde_json::Value;
use tenantry_testkit::Client;
use tenantry_testkit::fuzz::{Seen, Tally};

const WORDS: &[&str] = &[
    "source",
    "id",
    "time",
    "subscription",
    "meter",
    "quantity",
    "corrects",
    "usageStart",
    "meterId",
    "usageQuantity",
    "additionalInfo",
    "2026-01-10T15:00:00Z",
    "METER",
    "\"",
    "\"\"",
    ",",
    "\r\n",
    "\n\n",
    "\u{feff}",
    "-0.5",
    "1E-5",
];

/// Who sends files, and as what.
struct Sender<'a> {
    client: &'a Client,
    token: &'a str,
    path: String,
}

impl Sender<'_> {
    /// Sends a whole file and gives what came of it; or the refusal of its header, or of the file.
    async fn send(&self, file: &[u8]) -> Result<Value, Seen> {
        let begun = self.client.post(&self.path).token(self.token).header("upload-length", &file.len().to_string());
        let begun = begun.send().await.expect(201);
        let upload = begun.header("location").to_owned();
        // In two pieces: the cut lies anywhere, in a name, in a quoted field, between the two bytes of a letter.
        let (one, two) = file.split_at(file.len() / 2);
        for (offset, piece) in [(0, one), (one.len(), two)] {
            let sent = self.client.patch(&upload).token(self.token).header("upload-offset", &offset.to_string());
            let reply = sent.body(piece).send().await;
            if let refused @ Seen::Refused(_) = judged(&reply) {
                return Err(refused);
            }
        }
        let progress = self.client.get(&upload).token(self.token).send().await.expect(200).json();
        assert_eq!(progress["offset"], file.len(), "bytes were left: {progress}");
        Ok(progress)
    }
}

/// Every line has come to something, and each that was refused says why.
fn lines(progress: &Value) -> Seen {
    let refusals = progress["firstRefusals"].as_array().unwrap();
    let said: Vec<_> = refusals.iter().map(|refusal| refusal["message"].as_str().unwrap_or_default()).collect();
    assert!(said.iter().all(|said| !said.trim().is_empty()), "refused without a word: {progress}");
    assert_eq!(count(progress, "refused") == 0, said.is_empty(), "{progress}");
    match said.first() {
        Some(first) if taken(progress) == 0 => Seen::Refused((*first).to_owned()),
        _ => Seen::Accepted,
    }
}

fn count(progress: &Value, what: &str) -> u64 {
    progress[what].as_u64().unwrap()
}

fn taken(progress: &Value) -> u64 {
    count(progress, "accepted") + count(progress, "duplicate")
}

#[test]
fn fuzz_uploaded_tables_are_counted_once_or_refused_with_a_reason() {
    on_sqlite(|bench| async move {
        let metered = Metered::new(&bench).await;
        let path = format!("/api/v1/usage/uploads?format=csv&source=file&subscription={}", metered.subscription);
        let sender = Sender { client: &metered.client, token: &metered.token, path };
        let mut tally = Tally::default();
        for input in target("upload-csv", 250, WORDS).inputs() {
            let file = metered.named(&input.bytes);
            let seen = match sender.send(&file).await {
                Err(refused) => refused,
                Ok(first) => {
                    let again = sender.send(&file).await.unwrap();
                    assert_eq!(count(&again, "lines"), count(&first, "lines"), "{first} and then {again}");
                    // What was taken is known now. Of what was refused a correction may be taken, if it stood before
                    // the event it names.
                    assert_eq!(count(&again, "duplicate"), taken(&first), "{first} and then {again}");
                    let rest = count(&again, "accepted") + count(&again, "refused");
                    assert_eq!(rest, count(&first, "refused"), "{first} and then {again}");
                    lines(&first)
                }
            };
            tally.count(seen);
        }
        tally.judge("upload-csv");
        metered.replays("upload-csv").await;
    });
}
