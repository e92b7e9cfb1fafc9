//! Signing in on a device without a keyboard.

use crate::house::{House, Made, PASSWORD, V1, V2, in_a_house};
use crate::person::{Person, Shown, encode};
use serde_json::{Value, json};
use tenantry_testkit::Reply;

const DEVICE: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
const PAGE: &str = "/common/oauth2/deviceauth";

#[test]
fn a_device_is_told_what_to_show() {
    in_a_house(|house| async move {
        let app = house.desk_app().await;
        let started = start(&house, &app).await;
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        for name in ["verification_uri", "verification_url"] {
            assert_eq!(text(name), "https://localhost:8443/common/oauth2/deviceauth");
        }
        assert!(text("message").contains(&text("user_code")), "{started}");
        assert_eq!((&started["expires_in"], &started["interval"]), (&json!(900), &json!(5)));
        let form = format!("client_id={}&resource=https%3A%2F%2Fgraph.windows.net", app.id);
        let path = "/contoso.example.test/oauth2/devicecode?api-version=1.0";
        let started = house.post(path, &[], &form).await.expect(200).json();
        assert_eq!((&started["expires_in"], &started["interval"]), (&json!("900"), &json!("5")));
        for (form, code) in [
            (String::new(), 900_144),
            (form.replace(&app.id, "00000000-0000-0000-0000-000000000009"), 700_016),
            (form.replace("graph", "other"), 500_011),
            ("client_id=%FF".to_owned(), 9_002_313),
            ("client_id=%00".to_owned(), 9_002_313),
            (format!("{form}&CLIENT_ID=x"), 90_014),
            (format!("{form}&resource=x"), 90_014),
        ] {
            let refused = house.post(path, &[], &form).await;
            assert_eq!(refused.json()["error_codes"], json!([code]), "{form}: {refused}");
        }
    });
}

#[test]
fn a_person_types_the_code_and_the_device_is_signed_in() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let started = start(&house, &app).await;
        let pending = poll(&house, &app, &started, DEVICE, "device_code").await.expect(400).json();
        assert_eq!((&pending["error"], &pending["error_codes"]), (&json!("authorization_pending"), &json!([70_016])));

        let mut clerk = house.person();
        let code = started["user_code"].as_str().unwrap().to_owned();
        let page = confirm(&mut clerk, PAGE, &code.to_lowercase()).await;
        let page = page.says("Command line").says(&code).says("clerk@contoso.example.test");
        let page = clerk.press(&page, "allow-device", &[]).await.is(200, "Allow Command line?");
        let _ = clerk.press(&page, "accept", &[]).await.is(200, "You are signed in").says("You can close this window.");

        house.channel.advance_to("2026-01-10T16:00:10Z").await;
        let tokens = poll(&house, &app, &started, DEVICE, "device_code").await.expect(200).json();
        assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string(), "{tokens}");
        // The code is used up, for the device and for people.
        let again = poll(&house, &app, &started, DEVICE, "device_code").await.expect(400).json();
        assert_ne!(again["error"], "authorization_pending");
        let page = clerk.open(PAGE).await;
        let shown = clerk.press(&page, "enter-code", &[("user_code", &code)]).await;
        let _ = shown.is(400, "Sign in on a device").says("This code is not known, was used, or is too old.");
    });
}

/// Three libraries, three ways to send the same code (directory.md 1.5).
#[test]
fn every_client_gets_its_tokens() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        for (grant, field) in [(DEVICE, "code"), ("device_code", "device_code"), ("device_code", "code")] {
            let started = start(&house, &app).await;
            let code = started["user_code"].as_str().unwrap().to_owned();
            let page = confirm(&mut clerk, "/devicelogin", &code).await;
            let page = clerk.press(&page, "allow-device", &[]).await;
            if page.heading() == "Allow Command line?" {
                let _ = clerk.press(&page, "accept", &[]).await.is(200, "You are signed in");
            }
            let _ = poll(&house, &app, &started, grant, field).await.expect(200);
        }
    });
}

#[test]
fn a_person_may_say_that_it_is_not_theirs() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let started = start(&house, &app).await;
        let page = confirm(&mut clerk, PAGE, started["user_code"].as_str().unwrap()).await;
        let _ = clerk.press(&page, "refuse-device", &[]).await.is(200, "Nothing was given away");
        let refused = poll(&house, &app, &started, DEVICE, "device_code").await.expect(400).json();
        assert_eq!((&refused["error"], &refused["error_codes"]), (&json!("authorization_declined"), &json!([70_018])));
        // The same, at the question what the application may do.
        let started = start(&house, &app).await;
        let page = confirm(&mut clerk, PAGE, started["user_code"].as_str().unwrap()).await;
        let page = clerk.press(&page, "allow-device", &[]).await.is(200, "Allow Command line?");
        let _ = clerk.press(&page, "cancel", &[]).await.is(200, "Nothing was given away");
    });
}

#[test]
fn codes_end_and_forms_are_tied() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let started = start(&house, &app).await;
        let code = started["user_code"].as_str().unwrap().to_owned();
        let mut clerk = house.person();
        // A link may fill in the code; it decides nothing.
        let page = clerk.open(&format!("{PAGE}?user_code={code}")).await.is(200, "Sign in on a device").says(&code);
        let _ = clerk.press(&page, "enter-code", &[("user_code", "")]).await.is(400, "Sign in on a device");
        let _ = clerk.press(&page, "enter-code", &[("user_code", "<b>")]).await.is(400, "Sign in on a device");
        let forged = [("user_code", code.as_str()), ("form", "x")];
        let _ = clerk.press(&page, "enter-code", &forged).await.is(400, "Sorry, this does not work");
        let page = confirm(&mut clerk, PAGE, &code).await;
        let _ = clerk.press(&page, "allow-device", &[("form", "x")]).await.is(400, "Sorry, this does not work");
        house.channel.advance_to("2026-01-10T16:15:01Z").await;
        let shown = clerk.press(&page, "allow-device", &[]).await;
        let _ = shown.is(400, "Sign in on a device").says("too old");
        let refused = poll(&house, &app, &started, DEVICE, "device_code").await.expect(400).json();
        assert_eq!((&refused["error"], &refused["error_codes"]), (&json!("expired_token"), &json!([70_020])));
        let unknown = house.post(V1, &[], &format!("grant_type=device_code&client_id={}&code=x", app.id)).await;
        assert_eq!(unknown.expect(400).json()["error_codes"], json!([70_018]));
    });
}

async fn start(house: &House, app: &Made) -> Value {
    let form = format!("client_id={}&scope=openid+profile+offline_access+User.Read", app.id);
    house.post("/contoso.example.test/oauth2/v2.0/devicecode", &[], &form).await.expect(200).json()
}

async fn poll(house: &House, app: &Made, started: &Value, grant: &str, field: &str) -> Reply {
    let code = encode(started["device_code"].as_str().unwrap());
    house.post(V2, &[], &format!("grant_type={grant}&client_id={}&{field}={code}", app.id)).await
}

/// Types a code, signs in if asked, and comes to the question.
async fn confirm(clerk: &mut Person, page: &str, code: &str) -> Shown {
    let page = clerk.open(page).await.is(200, "Sign in on a device");
    let mut shown = clerk.press(&page, "enter-code", &[("user_code", code)]).await;
    if shown.heading() == "Sign in" {
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        shown = clerk.press(&shown, "sign-in", &typed).await;
    }
    shown.is(200, "Is this you?")
}
