//! The grants that a person's sign-in leads to, as their fields come in: refresh, on behalf of, password, assertion.

use crate::house::{BACK, House, Made, PASSWORD, V1, V2, in_a_house};
use crate::person::encode;
use serde_json::{Value, json};

const BEARER: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

#[test]
fn a_refresh_token_gets_tokens_for_other_resources_at_either_endpoint() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let tokens = tokens(&house, &app).await;
        let refresh = encode(tokens["refresh_token"].as_str().unwrap());
        let form = format!("grant_type=refresh_token&refresh_token={refresh}&{}", client(&app));
        let second = house.post(V2, &[], &format!("{form}&scope=openid+offline_access+User.Read")).await;
        let second = second.expect(200).json();
        assert!(second["refresh_token"].is_string() && second["id_token"].is_string(), "{second}");
        let graph = "resource=https%3A%2F%2Fgraph.microsoft.com";
        let first = house.post(V1, &[], &format!("{form}&{graph}")).await.expect(200).json();
        assert_eq!((&first["expires_in"], &first["token_type"]), (&json!("3599"), &json!("Bearer")));
        assert_eq!(first["resource"], "https://graph.microsoft.com");
    });
}

#[test]
fn the_password_grant_is_behind_a_switch() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.admin("chief").await);
        let link =
            format!("/contoso.example.test/adminconsent?client_id={}&redirect_uri=http%3A%2F%2Flocalhost", app.id);
        let mut chief = house.person();
        let shown = house.sign_in(&mut chief, &link, "chief").await;
        if shown.reply.status == 200 {
            let _ = chief.press(&shown, "accept", &[]).await;
        }
        let form = format!(
            "grant_type=password&client_id={}&username=chief%40contoso.example.test&password={PASSWORD}&\
             scope=openid+profile+offline_access+User.Read",
            app.id
        );
        let document = "/contoso.example.test/v2.0/.well-known/openid-configuration";
        let grants = house.get(document).await.json()["grant_types_supported"].clone();
        assert!(!grants.as_array().unwrap().contains(&json!("password")), "{grants}");
        let refused = house.post(V2, &[], &form).await.expect(400).json();
        assert_eq!((&refused["error"], &refused["error_codes"]), (&json!("unsupported_grant_type"), &json!([70_003])));

        let house = house.with_passwords();
        let grants = house.get(document).await.json()["grant_types_supported"].clone();
        assert!(grants.as_array().unwrap().contains(&json!("password")), "{grants}");
        let tokens = house.post(V2, &[], &form).await.expect(200).json();
        assert!(tokens["id_token"].is_string() && tokens["refresh_token"].is_string(), "{tokens}");
        for (form, code) in [
            (form.replace(PASSWORD, "guess"), 50_126),
            (form.replace("chief", "nobody"), 50_126),
            (form.replace("&username=chief%40contoso.example.test", ""), 900_144),
        ] {
            let refused = house.post(V2, &[], &form).await.expect(400).json();
            assert_eq!(refused["error_codes"], json!([code]), "{form}");
            assert!(!refused.to_string().contains(PASSWORD), "{refused}");
        }
    });
}

#[test]
fn every_malformed_grant_is_refused_with_its_number() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let client = client(&app);
        let assertion = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&\
                         client_assertion=a.b.c";
        for (form, error, code) in [
            (format!("grant_type=authorization_code&{client}"), "invalid_request", 900_144),
            (format!("grant_type=authorization_code&{client}&code="), "invalid_request", 900_144),
            (
                format!("grant_type=authorization_code&{client}&code=x&redirect_uri={}", encode(BACK)),
                "invalid_grant",
                70_000,
            ),
            (format!("grant_type=refresh_token&{client}"), "invalid_request", 900_144),
            (format!("grant_type=refresh_token&{client}&refresh_token=x"), "invalid_grant", 70_000),
            (format!("grant_type={BEARER}&{client}&requested_token_use=on_behalf_of"), "invalid_request", 900_144),
            (
                format!(
                    "grant_type={BEARER}&{client}&requested_token_use=on_behalf_of&assertion=a.b.c&scope=User.Read"
                ),
                "invalid_grant",
                50_013,
            ),
            (
                format!(
                    "grant_type=client_credentials&client_id={}&{assertion}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
                    app.id
                ),
                "invalid_client",
                700_027,
            ),
            (format!("grant_type=implicit&{client}"), "unsupported_grant_type", 70_003),
        ] {
            let refused = house.post(V2, &[], &form).await;
            let body = refused.json();
            assert_eq!((&body["error"], &body["error_codes"]), (&json!(error), &json!([code])), "{form}: {refused}");
            assert!(!refused.text().contains(&app.secret), "{refused}");
        }
    });
}

#[test]
fn who_failed_with_basic_is_told_so() {
    in_a_house(|house| async move {
        let form = "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
        let app = house.web_app().await;
        let basic = format!("Basic {}", {
            use base64::Engine;
            base64::engine::general_purpose::STANDARD.encode(format!("{}:guess", app.id))
        });
        let refused = house.post(V2, &[("authorization", &basic)], form).await.expect(401);
        assert!(refused.header("www-authenticate").starts_with("Basic"), "{refused}");
    });
}

async fn tokens(house: &House, app: &Made) -> Value {
    let _ = house.user("clerk", false).await;
    let mut clerk = house.person();
    let page = house.sign_in(&mut clerk, &house.link(app, ""), "clerk").await;
    let done = clerk.press(&page, "accept", &[]).await;
    let (code, back) = (encode(&done.told("code")), encode(BACK));
    let form = format!("grant_type=authorization_code&{}&code={code}&redirect_uri={back}", client(app));
    house.post(V2, &[], &form).await.expect(200).json()
}

fn client(app: &Made) -> String {
    format!("client_id={}&client_secret={}", app.id, encode(&app.secret))
}
