//! Files of usage in pieces: cut anywhere, stopped and resumed, with bad lines, for their owner alone.

use crate::house::{House, in_a_house};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use tenantry_core::Role;
use tenantry_testkit::{HOURS, Reply};

const UPLOADS: &str = "/api/v1/usage/uploads";

/// Begins an upload and gives its path.
async fn begin(house: &House, query: &str, length: Option<usize>) -> String {
    let sending = house.client.post(&format!("{UPLOADS}?{query}")).token(&house.provider);
    let sending = match length {
        Some(length) => sending.header("upload-length", &length.to_string()),
        None => sending.header("upload-defer-length", "1"),
    };
    let reply = sending.header("tus-resumable", "1.0.0").send().await.expect(201);
    assert_eq!((reply.header("upload-offset"), reply.header("tus-resumable")), ("0", "1.0.0"));
    reply.header("location").to_owned()
}

async fn piece(house: &House, path: &str, offset: usize, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
    let mut sending = house.client.patch(path).token(&house.provider).header("upload-offset", &offset.to_string());
    for (name, value) in headers {
        sending = sending.header(name, value);
    }
    sending.body(body).send().await
}

/// Sends a whole file in pieces of a size, asking where to go on each time.
async fn send(house: &House, path: &str, file: &[u8], size: usize) {
    let mut offset = 0;
    while offset < file.len() {
        let end = file.len().min(offset + size);
        let reply = piece(house, path, offset, &[], &file[offset..end]).await.expect(204);
        assert_eq!(reply.header("upload-offset"), end.to_string());
        let asked = house.client.request("HEAD", path).token(&house.provider).send().await.expect(200);
        offset = asked.header("upload-offset").parse().unwrap();
        assert_eq!(asked.header("cache-control"), "no-store");
    }
}

async fn progress(house: &House, path: &str) -> Value {
    house.get(&house.provider, path).await.expect(200).json()
}

/// Lines, accepted, duplicate, refused.
fn counts(progress: &Value) -> [i64; 4] {
    ["lines", "accepted", "duplicate", "refused"].map(|name| progress[name].as_i64().unwrap())
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// The event with an id that begins with the prefix, `n` of them; among them every kind of line that is refused.
fn lines(house: &House, prefix: &str, n: usize) -> String {
    let mut file = String::from("\u{feff}");
    for number in 0..n {
        file += &format!("{}\r\n", house.event(&format!("{prefix}{number}"), json!({"tags": {"name": "Größe"}})));
        if number == 1 {
            file += "\n  \n{\"source\": nope}\n";
            file += &format!("{{\"source\":\"{}\"}}\n", "x".repeat(70_000));
            file += &format!("{}\n", house.event("bad", json!({"quantity": "-1"})));
            file += &format!("{}\n", house.event(&format!("{prefix}0"), json!({"tags": {"name": "Größe"}})));
        }
    }
    // The last line has no end.
    file.trim_end().to_owned()
}

#[test]
fn a_file_is_counted_once_however_it_is_cut() {
    in_a_house(|house| async move {
        for (round, size) in [100_000_000, 40_000, 1_013].into_iter().enumerate() {
            let file = lines(&house, &format!("{round}-"), 30);
            let path = begin(&house, "format=ndjson", Some(file.len())).await;
            send(&house, &path, file.as_bytes(), size).await;
            let progress = progress(&house, &path).await;
            assert_eq!(counts(&progress), [36, 30, 1, 3], "in pieces of {size}: {progress:#}");
            assert_eq!((&progress["done"], &progress["offset"]), (&json!(true), &json!(file.len())));
            let refusals = house.get(&house.provider, &format!("{path}/refusals")).await.expect(200);
            assert_eq!((refusals.header("content-type"), refusals.header("link")), ("application/x-ndjson", ""));
            let refusals: Vec<Value> =
                refusals.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let seen: Vec<_> = refusals.iter().map(|refusal| (&refusal["line"], &refusal["code"])).collect();
            let expected = [(5, "malformed_body"), (6, "line_too_long"), (7, "negative_without_correction")];
            let expected: Vec<_> = expected.iter().map(|(line, code)| (json!(line), json!(code))).collect();
            assert_eq!(seen, expected.iter().map(|(line, code)| (line, code)).collect::<Vec<_>>(), "{refusals:#?}");
            assert_eq!((&refusals[2]["id"], &refusals[2]["field"]), (&json!("bad"), &json!("quantity")));
            assert!(refusals[0]["message"].as_str().unwrap().contains("line 5 is not valid JSON"), "{refusals:#?}");
            assert_eq!(progress["firstRefusals"], json!(refusals));
        }
        // The same file again, compressed piece by piece: nothing more is counted.
        let before = house.seen().await;
        let file = lines(&house, "0-", 30);
        let path = begin(&house, "format=ndjson", None).await;
        let (one, two) = file.as_bytes().split_at(5_001);
        let packed = [("content-encoding", "gzip"), ("content-type", "application/offset+octet-stream")];
        let _ = piece(&house, &path, 0, &packed, gzip(one)).await.expect(204);
        assert_eq!(progress(&house, &path).await["length"], Value::Null);
        let length = file.len().to_string();
        let last = [("content-encoding", "gzip"), ("upload-length", length.as_str())];
        let _ = piece(&house, &path, 5_001, &last, gzip(two)).await.expect(204);
        let progress = progress(&house, &path).await;
        assert_eq!((counts(&progress), &progress["done"]), ([36, 0, 31, 3], &json!(true)));
        assert_eq!(house.seen().await, before);
    });
}

#[test]
fn csv_is_read_in_our_columns_and_in_those_of_exports() {
    in_a_house(|house| async move {
        let subscription = house.subscription.id;
        let own = format!(
            "id,TIME,meter,resource,quantity,tags\n\
             a,2026-01-10T15:00:00Z,{HOURS},\"/machine\n\"\"one\"\"\",0.5,\"{{\"\"k\"\": 1}}\"\n\
             b,2026-01-10T15:00:00Z,{HOURS},/machine,many,\n\
             c,2026-01-10T15:00:00Z,{HOURS},/machine\n\
             a,2026-01-10T15:00:00Z,{HOURS},\"/machine\n\"\"one\"\"\",0.5,\"{{\"\"k\"\": 1}}\"\n"
        );
        let path = begin(&house, &format!("format=csv&source=file&subscription={subscription}"), Some(own.len())).await;
        send(&house, &path, own.as_bytes(), 17).await;
        let progress_own = progress(&house, &path).await;
        assert_eq!(counts(&progress_own), [5, 1, 1, 2], "{progress_own:#}");
        let first = &progress_own["firstRefusals"];
        assert_eq!(
            (&first[0]["line"], &first[0]["id"], &first[0]["field"]),
            (&json!(3), &json!("b"), &json!("quantity"))
        );
        assert!(first[1]["message"].as_str().unwrap().contains("line 4 has 4 fields, the header has 6"), "{first:#}");

        let exported = format!(
            "recordId,usageStart,meterId,usageQuantity,instanceId\n\
             r,2026-01-10,{HOURS},1.5E-05,/machine\nr,2026-01-10,{HOURS},1.5E-05,/machine\nr,noon,{HOURS},1,/machine\n"
        );
        for (round, expected) in [[4, 2, 0, 1], [4, 0, 2, 1]].into_iter().enumerate() {
            let query = format!("format=csv&source=january&subscription={subscription}");
            let path = begin(&house, &query, Some(exported.len())).await;
            send(&house, &path, exported.as_bytes(), 50).await;
            let progress = progress(&house, &path).await;
            assert_eq!(counts(&progress), expected, "round {round}: {progress:#}");
            let message = progress["firstRefusals"][0]["message"].as_str().unwrap();
            assert!(message.starts_with("line 4, usageStart: `noon`"), "{message}");
        }
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["lines"][0]["quantity"], "0.50003", "{unbilled:#}");
        // Records that name no subscription need an upload that does.
        let path = begin(&house, "format=csv&source=january", Some(exported.len())).await;
        send(&house, &path, exported.as_bytes(), exported.len()).await;
        let progress = progress(&house, &path).await;
        assert_eq!((counts(&progress), &progress["firstRefusals"][0]["field"]), ([4, 0, 0, 3], &json!("subscription")));
    });
}

#[test]
fn pieces_that_do_not_fit_are_refused_and_change_nothing() {
    in_a_house(|house| async move {
        let file = lines(&house, "p", 3);
        let path = begin(&house, "format=ndjson", Some(file.len())).await;
        let _ = piece(&house, &path, 0, &[], &file.as_bytes()[..100]).await.expect(204);
        let before = progress(&house, &path).await;
        let long = file.len().to_string() + "0";
        for (offset, headers, body, status, seen) in [
            (99, vec![], "x".to_owned(), 409, "the upload stands at 100"),
            (101, vec![], "x".to_owned(), 409, "the upload stands at 100"),
            (100, vec![], "x".repeat(file.len()), 413, "the piece ends at byte"),
            (100, vec![("upload-length", long.as_str())], "x".to_owned(), 400, "a length is said once"),
            (100, vec![("upload-length", "-1")], "x".to_owned(), 400, "Upload-Length: `-1` is no number of bytes"),
            (100, vec![("content-type", "image/png")], "x".to_owned(), 400, "send application/offset+octet-stream"),
            (100, vec![("tus-resumable", "0.2.2")], "x".to_owned(), 412, "use 1.0.0"),
            (100, vec![("content-encoding", "gzip")], "x".to_owned(), 400, "does not inflate"),
            (100, vec![], "x".repeat((16 << 20) + 1), 413, "larger than the 16777216 bytes"),
        ] {
            let reply = piece(&house, &path, offset, &headers, body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{headers:?}: {reply}");
            if status == 409 {
                assert_eq!(reply.header("upload-offset"), "100");
            }
        }
        assert_eq!(progress(&house, &path).await, before);
        let _ = piece(&house, &path, 100, &[], &file.as_bytes()[100..]).await.expect(204);
        let done = piece(&house, &path, file.len(), &[], "x").await.expect(409);
        assert!(done.text().contains("all") && done.text().contains("bytes of the file came"), "{done}");
        // What came is counted, also when the upload is forgotten.
        let seen = house.seen().await;
        let _ = house.client.delete(&path).token(&house.provider).send().await.expect(204);
        for method in ["GET", "HEAD", "DELETE"] {
            let _ = house.client.request(method, &path).token(&house.provider).send().await.expect(404);
        }
        let _ = house.get(&house.provider, &format!("{path}/refusals")).await.expect(404);
        assert_eq!(house.seen().await, seen);
    });
}

#[test]
fn an_upload_is_its_owners_alone() {
    in_a_house(|house| async move {
        let file = lines(&house, "o", 2);
        let path = begin(&house, "format=ndjson", Some(file.len())).await;
        // In a sandbox partners may report, but this one is the provider's.
        for token in [&house.partner, &house.stranger] {
            for method in ["GET", "DELETE", "PATCH"] {
                let sending = house.client.request(method, &path).token(token).header("upload-offset", "0");
                let reply = sending.body(file.as_bytes()).send().await.expect(404);
                assert!(reply.text().contains("there is no upload"), "{reply}");
            }
            let _ = house.get(token, &format!("{path}/refusals")).await.expect(404);
        }
        let helpdesk = house.application(&[Role::HelpdeskAgent]).await;
        let _ = house.get(&helpdesk, &path).await.expect(404);
        let create = house.client.post(&format!("{UPLOADS}?format=ndjson")).header("upload-length", "1");
        let _ = create.token(&helpdesk).send().await.expect(403);
        assert_eq!(counts(&progress(&house, &path).await), [0, 0, 0, 0]);

        // A partner's own: names are its own, too, and a stranger's subscription is not there.
        let create =
            house.client.post(&format!("{UPLOADS}?format=ndjson")).header("upload-length", &file.len().to_string());
        let reply = create.token(&house.stranger).send().await.expect(201);
        let own = reply.header("location").to_owned();
        let sending = house.client.patch(&own).token(&house.stranger).header("upload-offset", "0");
        let _ = sending.body(file.as_bytes()).send().await.expect(204);
        let progress = house.get(&house.stranger, &own).await.expect(200).json();
        assert_eq!(progress["accepted"], 0, "{progress:#}");
        assert_eq!(progress["firstRefusals"][0]["code"], "unknown_subscription");
        for (query, header, field) in [
            ("", ("upload-length", "1"), "format"),
            ("?format=xml", ("upload-length", "1"), "format"),
            ("?format=csv", ("x", "1"), "Upload-Length"),
            ("?format=csv", ("upload-length", "many"), "Upload-Length"),
            ("?format=csv&subscription=x", ("upload-length", "1"), "subscription"),
            ("?format=csv&sauce=x", ("upload-length", "1"), "sauce"),
        ] {
            let create = house.client.post(&format!("{UPLOADS}{query}")).header(header.0, header.1);
            let refused = create.token(&house.provider).send().await.expect(400).json();
            assert_eq!(refused["error"]["field"], field, "{query}: {refused:#}");
        }
        let _ = house.get(&house.provider, &format!("{UPLOADS}/x")).await.expect(400);
    });
}
