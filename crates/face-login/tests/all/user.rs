//! What is told about users: where they sign in, and who they are.

use crate::house::{House, V2, in_a_house};
use crate::person::encode;
use serde_json::{Value, json};

#[test]
fn a_client_learns_where_a_user_signs_in_and_not_whether_there_is_one() {
    in_a_house(|house| async move {
        let _ = house.user("clerk", false).await;
        for (user, domain) in [
            ("userrealm/clerk@contoso.example.test?api-version=1.0", Some("contoso.example.test")),
            ("UserRealm/clerk%40contoso.example.test?api-version=1.0", Some("contoso.example.test")),
            ("UserRealm/nobody%40CONTOSO.example.test", Some("CONTOSO.example.test")),
            ("userrealm/clerk@adatum.example.test", None),
            ("userrealm/clerk", None),
            ("userrealm/a@b@", None),
        ] {
            let body = house.get(&format!("/common/{user}")).await.expect(200).json();
            let kind = if domain.is_some() { "Managed" } else { "Unknown" };
            assert_eq!((&body["ver"], &body["account_type"]), (&json!("1.0"), &json!(kind)), "{user}");
            assert_eq!(body["cloud_instance_name"], "localhost:8443", "{user}");
            assert_eq!(body.get("domain_name").and_then(Value::as_str), domain, "{user}");
        }
    });
}

#[test]
fn the_user_of_a_token_is_told() {
    in_a_house(|house| async move {
        let tokens = tokens(&house).await;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let user = house.client.get("/oidc/userinfo").header("authorization", &bearer).send().await;
        assert_eq!(user.header("cache-control"), "no-store, no-cache");
        let user = user.expect(200).json();
        assert_eq!((&user["name"], &user["sub"]), (&json!("clerk"), &claims(&tokens["id_token"])["sub"]), "{user}");
        let posted = house.client.post("/oidc/userinfo").header("authorization", &bearer).send().await;
        assert_eq!(posted.expect(200).json(), user);
    });
}

#[test]
fn nobody_is_told_without_a_good_token() {
    in_a_house(|house| async move {
        let resource = house.channel.token(&house.channel.partner_app, tenantry_directory::MICROSOFT_GRAPH).await;
        for header in ["", "Bearer x.y.z", "Basic eDp5", &format!("Bearer {resource}")] {
            let sending = house.client.get("/oidc/userinfo");
            let sending = if header.is_empty() { sending } else { sending.header("authorization", header) };
            let refused = sending.send().await;
            assert!([401, 403].contains(&refused.status), "{header}: {refused}");
            assert!(refused.json()["error_description"].is_string(), "{refused}");
            if refused.status == 401 {
                assert!(refused.header("www-authenticate").starts_with("Bearer"), "{refused}");
            }
        }
    });
}

/// Signs clerk in and redeems the code.
async fn tokens(house: &House) -> Value {
    let (app, _) = (house.web_app().await, house.user("clerk", false).await);
    let mut clerk = house.person();
    let page = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await;
    let done = clerk.press(&page, "accept", &[]).await;
    let form = format!(
        "grant_type=authorization_code&client_id={}&client_secret={}&code={}&redirect_uri={}",
        app.id,
        encode(&app.secret),
        encode(&done.told("code")),
        encode(crate::house::BACK)
    );
    house.post(V2, &[], &form).await.expect(200).json()
}

fn claims(token: &Value) -> Value {
    use base64::Engine;
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
