//! Webhooks: registration, events as they are sent, and their certificate.

use crate::desk::{Desk, fault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tenantry_core::Role;
use tenantry_face_partner_center::wording;
use tenantry_notify::Post;
use tenantry_testkit::on_every_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const REGISTRATION: &str = "/webhooks/v1/registration";

/// What a receiver was sent: heads in lower case, and bodies.
type Heard = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A receiver that answers 200 and keeps what it was sent.
async fn receiver() -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let (head, mut body) = loop {
                if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
                    break (head, bytes[end + 4..].to_vec());
                }
                assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "a request that ends in its head");
            };
            let length = header(&head, "content-length").unwrap().parse().unwrap();
            while body.len() < length {
                stream.read_buf(&mut body).await.unwrap();
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            kept.lock().unwrap().push((head, body));
        }
    });
    (url, heard)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[test]
fn an_event_is_sent_as_its_receivers_know_it_and_its_signature_holds() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (url, heard) = receiver().await;
        // As the samples have it, and with an event in another letter case.
        let body = json!({"WebhookUrl": url, "WebhookEvents": ["Subscription-Updated"], "Properties": {}}).to_string();
        let made = desk.send(&format!("POST {REGISTRATION}"), &[], &body).await.expect(200).json();
        assert_eq!(made["WebhookEvents"], json!(["subscription-updated"]));
        assert_eq!(made["LastModifiedTimestamp"], "2026-01-10T16:00:00Z");
        assert_eq!(desk.send(&format!("GET {REGISTRATION}"), &[], "").await.expect(200).json(), made);

        let subscription = desk.channel.order_usage(&desk.channel.customer("Northwind").await).await;
        assert_eq!(desk.channel.world().tell_due(&Post::default(), wording()).await.unwrap(), 1);
        let (head, bytes) = heard.lock().unwrap().remove(0);
        let event: Value = serde_json::from_slice(&bytes).unwrap();
        let uri =
            format!("https://localhost:8443/v1/customers/{}/subscriptions/{}", subscription.customer, subscription.id);
        assert_eq!(
            event,
            json!({
                "EventName": "subscription-updated", "ResourceUri": uri, "ResourceName": "subscription", "AuditUri": null,
                "ResourceChangeUtcDate": "2026-01-10T16:00:00.0000000+00:00",
            })
        );
        let read = desk.send(&format!("GET {}", uri.trim_start_matches("https://localhost:8443")), &[], "").await;
        assert_eq!(read.expect(200).json()["friendlyName"], subscription.friendly_name.as_str());

        // The receiver downloads the certificate, without a token, and checks with the key in it.
        assert_eq!(header(&head, "x-ms-signature-algorithm"), Some("rsa-sha256"));
        let address = header(&head, "x-ms-certificate-url").unwrap().trim_start_matches("https://localhost:8443");
        let certificate = desk.client.get(address).send().await.expect(200);
        assert_eq!(certificate.header("content-type"), "application/pkix-cert");
        let signature = header(&head, "authorization").unwrap().strip_prefix("Signature ").unwrap();
        assert!(holds(&certificate.body, &bytes, &STANDARD.decode(signature).unwrap()));
        assert!(!holds(&certificate.body, b"{}", &STANDARD.decode(signature).unwrap()));
        for other in ["nobody.cer", "x"] {
            let gone = desk.client.get(&format!("/webhooks/v1/certificates/{other}")).send().await.expect(404);
            assert_eq!(fault(&gone), "1000");
        }
    });
}

/// Whether the key in a certificate made the signature. The key is the one bit string that holds an RSA key: found by the
/// beginning of its DER, which is the same for every key of 2048 bits.
fn holds(certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    const KEY: [u8; 9] = [0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00];
    let begin = certificate.windows(KEY.len()).position(|window| window == KEY).unwrap();
    let key = &certificate[begin..begin + 4 + 0x010A];
    let public = ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, key);
    public.verify(message, signature).is_ok()
}

#[test]
fn the_signature_has_a_header_of_its_own_if_that_is_asked_for() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (url, heard) = receiver().await;
        let mut body = json!({"webhookUrl": url, "webhookEvents": ["test-created"]});
        let _ = desk.send(&format!("POST {REGISTRATION}"), &[], &body.to_string()).await.expect(200);
        body["signatureTokenToMsSignatureHeader"] = json!("true");
        let changed = desk.send(&format!("PUT {REGISTRATION}"), &[], &body.to_string()).await.expect(200).json();
        assert_eq!(changed["SignatureTokenToMsSignatureHeader"], true);
        let asked = desk.send(&format!("POST {REGISTRATION}/validationEvents"), &[], "").await.expect(200).json();
        let path = format!("GET {REGISTRATION}/validationEvents/{}", asked["correlationId"].as_str().unwrap());
        let waiting = desk.send(&path, &[], "").await.expect(200).json();
        assert_eq!((&waiting["status"], &waiting["results"]), (&json!("pending"), &json!([])));

        desk.channel.world().tell_due(&Post::default(), wording()).await.unwrap();
        let (head, bytes) = heard.lock().unwrap().remove(0);
        assert!(header(&head, "authorization").is_none() && header(&head, "x-ms-signature").is_some(), "{head}");
        let event: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(event["EventName"], "test-created");
        let uri = event["ResourceUri"].as_str().unwrap().trim_start_matches("https://localhost:8443");
        let mut done = desk.send(&format!("GET {uri}"), &[], "").await.expect(200).json();
        let correlation = done["correlationId"].take();
        assert_eq!(correlation, asked["correlationId"]);
        assert_eq!(
            done,
            json!({
                "correlationId": null, "partnerId": desk.channel.partner.tenant.to_string(), "status": "completed",
                "callbackUrl": url,
                "results": [{
                    "responseCode": "OK", "responseMessage": "", "systemError": false,
                    "dateTimeUtc": "2026-01-10T16:00:00Z",
                }],
            })
        );
    });
}

#[test]
fn the_events_that_can_be_asked_for_are_those_that_happen() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::HelpdeskAgent]).await;
        let listed = desk.send("GET /Webhooks/V1/Registration/Events", &[], "").await.expect(200).json();
        let expected =
            json!(["test-created", "subscription-updated", "usagerecords-thresholdExceeded", "invoice-ready"]);
        assert_eq!(listed, expected);
        assert_eq!(fault(&desk.send(&format!("GET {REGISTRATION}"), &[], "").await.expect(403)), "900150");
    });
}

#[test]
fn registrations_that_cannot_be_are_refused_with_the_member_named() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let post = format!("POST {REGISTRATION}");
        for (body, expected) in [
            ("", "400 3000 body"),
            ("[]", "400 3000 body"),
            ("{}", "400 3000 WebhookUrl"),
            (r#"{"WebhookUrl":null,"WebhookEvents":["test-created"]}"#, "400 3000 WebhookUrl"),
            (r#"{"WebhookUrl":{},"WebhookEvents":["test-created"]}"#, "400 3000 WebhookUrl"),
            (
                r#"{"WebhookUrl":"http://hooks.contoso.example","WebhookEvents":["test-created"]}"#,
                "400 3000 WebhookUrl",
            ),
            (r#"{"WebhookUrl":"https://hooks.contoso.example"}"#, "400 3000 WebhookEvents"),
            (r#"{"WebhookUrl":"https://hooks.contoso.example","WebhookEvents":[]}"#, "400 3000 WebhookEvents"),
            (
                r#"{"WebhookUrl":"https://hooks.contoso.example","WebhookEvents":"test-created"}"#,
                "400 3000 WebhookEvents",
            ),
            (
                r#"{"WebhookUrl":"https://hooks.contoso.example","WebhookEvents":["test-created","referral-created"]}"#,
                "400 3000 WebhookEvents[1]",
            ),
        ] {
            let reply = desk.send(&post, &[], body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{body}");
        }
        for (what, expected) in [
            (format!("GET {REGISTRATION}"), "404 1000"),
            (format!("POST {REGISTRATION}/validationEvents"), "404 1000"),
            (format!("GET {REGISTRATION}/validationEvents/x"), "404 1000"),
            ("GET /webhooks/v1/nothing".to_owned(), "404 1000"),
        ] {
            let reply = desk.send(&what, &[], "").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{what}");
        }
        let good = r#"{"WebhookUrl":"https://hooks.contoso.example","WebhookEvents":["invoice-ready"]}"#;
        assert_eq!(fault(&desk.send(&format!("PUT {REGISTRATION}"), &[], good).await.expect(404)), "1000");
        let _ = desk.send(&post, &[], good).await.expect(200);
        assert_eq!(fault(&desk.send(&post, &[], good).await.expect(409)), "3000");
        let deaf = desk.send(&format!("POST {REGISTRATION}/validationEvents"), &[], "").await.expect(400);
        assert_eq!(fault(&deaf), "3000 WebhookEvents");
    });
}

#[test]
fn the_third_trial_of_a_minute_waits() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let good = r#"{"WebhookUrl":"https://hooks.contoso.example","WebhookEvents":["test-created"]}"#;
        let _ = desk.send(&format!("POST {REGISTRATION}"), &[], good).await.expect(200);
        let ask = format!("POST {REGISTRATION}/validationEvents");
        let first = desk.send(&ask, &[], "{}").await.expect(200).json();
        let _ = desk.send(&ask, &[], "").await.expect(200);
        let throttled = desk.send(&ask, &[], "").await.expect(429);
        assert_eq!((throttled.header("retry-after"), throttled.json()["statusCode"].as_u64()), ("60", Some(429)));
        // Another partner has no such event, nor a registration.
        let stranger = desk.channel.token(&desk.channel.stranger_app, tenantry_directory::PARTNER_CENTER).await;
        let path = format!("{REGISTRATION}/validationEvents/{}", first["correlationId"].as_str().unwrap());
        let _ = desk.send_as(Some(&stranger), "GET", &path).await.expect(404);
        let _ = desk.send_as(None, "GET", &path).await.expect(401);
    });
}
