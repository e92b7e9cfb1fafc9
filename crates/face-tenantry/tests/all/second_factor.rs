//! The second factor: a person sets its own up and an administrator takes it off.

use crate::access_scene::{Person, in_a_scene};
use ring::hmac;
use serde_json::{Value, json};
use tenantry_core::Timestamp;

const PATH: &str = "/api/v1/second-factor";

/// What an authenticator shows (RFC 6238) that was given the secret in base32.
fn code(secret: &str, now: Timestamp) -> String {
    let mut bits = 0_u64;
    let mut have = 0;
    let mut key = Vec::new();
    for letter in secret.bytes().filter(u8::is_ascii_alphanumeric) {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).unwrap();
        bits = (bits << 5 | value as u64) & 0xFFFF;
        have += 5;
        if have >= 8 {
            have -= 8;
            key.push((bits >> have & 0xFF) as u8);
        }
    }
    let step = (now.seconds() / 30).to_be_bytes();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step);
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[at..at + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", number % 1_000_000)
}

#[test]
fn a_person_sets_up_its_own_and_an_administrator_takes_it_off() {
    in_a_scene(|scene| async move {
        let (admin, worker, now) = (&scene.admin, &scene.worker, scene.house.channel.world().system("test").now());
        let set = async |who: &Person| scene.get(who, PATH, &[]).await.expect(200).json()["secondFactor"].clone();
        assert_eq!(set(worker).await, json!(false));
        let nothing = scene.post(worker, &format!("{PATH}/confirm"), &json!({"code": "000000"})).await.expect(400);
        assert!(nothing.text().contains("code: no authenticator waits"), "{nothing}");

        let _ = scene.delete(worker, PATH, &[("user", admin.user.name.as_str())]).await.expect(403);
        let begun = scene.post(worker, PATH, &json!({})).await.expect(201);
        assert_eq!(begun.header("cache-control"), "no-store");
        let begun = begun.json();
        assert!(begun["address"].as_str().unwrap().starts_with("otpauth://totp/"), "{begun}");
        let good = code(begun["secret"].as_str().unwrap(), now);
        let wrong = if good == "000000" { "000001" } else { "000000" };
        for (body, seen) in [
            (json!({}), "code is required"),
            (json!({"code": wrong}), "code: the code is not the one"),
            (json!({"kode": good}), "kode: is not known here; did you mean code?"),
        ] {
            let reply = scene.post(worker, &format!("{PATH}/confirm"), &body).await.expect(400);
            assert!(reply.text().contains(seen), "{body}: {reply}");
        }
        assert_eq!(set(worker).await, json!(false), "nothing changes before the first code");
        let state = scene.post(worker, &format!("{PATH}/confirm"), &json!({"code": good})).await.expect(200).json();
        assert_eq!(state, json!({"user": worker.user.name, "secondFactor": true}));

        let of_worker = [("user", worker.user.name.as_str())];
        // Sign-ins from before it was there are over: they showed a password only.
        let _ = scene.get(worker, PATH, &[]).await.expect(401);
        let _ = scene.delete(admin, PATH, &[("user", "nobody@northwind.example.test")]).await.expect(404);
        let _ = scene.delete(admin, PATH, &[("user", scene.agent.user.name.as_str())]).await.expect(404);
        let _ = scene.delete(admin, PATH, &of_worker).await.expect(204);
        let _ = scene.delete(admin, PATH, &[]).await.expect(204);
        let application = scene.house.get(&scene.house.partner, PATH).await.expect(403).json();
        assert_ne!(application["error"]["message"], Value::Null);
    });
}
