//! The way to an application: sign in, consent, and the answer, in every form clients ask for.

use crate::house::{AUTHORIZE, BACK, House, PASSWORD, V2, in_a_house};
use crate::person::encode;
use serde_json::json;
use tenantry_core::Secret;
use tenantry_directory::first_admin_create;

#[test]
fn a_person_signs_in_consents_and_the_application_gets_its_tokens() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let link = house.link(&app, "&nonce=n-1");
        let page = house.sign_in(&mut clerk, &link, "clerk").await.is(200, "Allow Panel?");
        let page = page.says("Published by").says("CONTOSO").says("clerk@contoso.example.test");
        assert!(!page.html.contains("everybody"), "not hers to decide: {}", page.html);
        let done = clerk.press(&page, "accept", &[]).await;
        assert_eq!((done.reply.status, done.leads_to().0.as_str()), (303, BACK));
        assert_eq!(done.told("state"), "s&1");
        assert_eq!(done.reply.header("cache-control"), "no-store");

        let form = format!(
            "grant_type=authorization_code&client_id={}&client_secret={}&code={}&redirect_uri={}&client_info=1",
            app.id,
            encode(&app.secret),
            encode(&done.told("code")),
            encode(BACK)
        );
        let tokens = house.post(V2, &[], &form).await.expect(200).json();
        for name in ["access_token", "id_token", "refresh_token", "client_info", "scope"] {
            assert!(tokens[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {tokens}");
        }
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3599)));

        // Once more: the session and the consent hold, and the code is another.
        let again = clerk.open(&link).await;
        assert_eq!((again.reply.status, again.leads_to().0.as_str()), (302, BACK));
        assert_ne!(again.told("code"), done.told("code"));
        // The first code was redeemed.
        let refused = house.post(V2, &[], &form).await.expect(400).json();
        assert_eq!((&refused["error"], &refused["error_codes"]), (&json!("invalid_grant"), &json!([54_005])));
    });
}

#[test]
fn answers_come_the_way_the_client_wants() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let page = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await;
        let _ = clerk.press(&page, "accept", &[]).await;

        let shown = clerk.open(&house.link(&app, "&response_mode=fragment")).await;
        assert!(shown.reply.header("location").starts_with(&format!("{BACK}#")), "{}", shown.reply);

        let shown = clerk.open(&house.link(&app, "&response_mode=form_post")).await.is(200, "Continue");
        assert_eq!(shown.action(), BACK);
        let fields = shown.hidden();
        assert!(fields.iter().any(|(name, value)| name == "code" && !value.is_empty()), "{fields:?}");
        assert!(fields.contains(&("state".to_owned(), "s&1".to_owned())), "{fields:?}");
        let policy = shown.reply.header("content-security-policy");
        assert!(policy.contains("form-action 'self' https://panel.example.test"), "{policy}");

        // Hybrid: the secure application model at version 1.
        let link = format!(
            "/common/oauth2/authorize?client_id={}&response_type=code+id_token&response_mode=form_post&nonce=n1&\
             scope=openid+profile&redirect_uri={}",
            app.id,
            encode(BACK)
        );
        let fields = clerk.open(&link).await.is(200, "Continue").hidden();
        assert!(fields.iter().any(|(name, _)| name == "id_token"), "{fields:?}");
    });
}

#[test]
fn a_client_may_ask_for_another_sign_in_or_none() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let _ = house.user("chief", false).await;
        let mut clerk = house.person();
        // Nobody is signed in, and nobody may be asked.
        let shown = clerk.open(&house.link(&app, "&prompt=none")).await;
        assert_eq!((shown.told("error").as_str(), shown.told("state").as_str()), ("login_required", "s&1"));

        let page = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await;
        // Signed in, but consent is missing, and nobody may be asked.
        let shown = clerk.open(&house.link(&app, "&prompt=none")).await;
        assert_eq!(shown.told("error"), "consent_required");
        let _ = clerk.press(&page, "accept", &[]).await;
        assert_ne!(clerk.open(&house.link(&app, "&prompt=none")).await.told("code"), "");

        // Sign in again, with the name filled in.
        let page = clerk.open(&house.link(&app, "&prompt=login")).await.is(200, "Sign in");
        let page = page.says("value=\"clerk@contoso.example.test\"");
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        assert_ne!(clerk.press(&page, "sign-in", &typed).await.told("code"), "");

        let page = clerk.open(&house.link(&app, "&prompt=select_account")).await.is(200, "Choose an account");
        assert_ne!(clerk.press(&page, "continue", &[]).await.told("code"), "");
        let _ = clerk.press(&page, "other-account", &[]).await.is(200, "Sign in");

        // The client knows who it should be.
        let page = clerk.open(&house.link(&app, "&login_hint=chief%40contoso.example.test")).await;
        let _ = page.is(200, "Sign in").says("value=\"chief@contoso.example.test\"");
        assert_ne!(clerk.open(&house.link(&app, "&login_hint=CLERK%40contoso.example.test")).await.told("code"), "");

        let _ = clerk.open(&house.link(&app, "&prompt=consent")).await.is(200, "Allow Panel?");
        // Both: first who it is, though that is known, then what she allows, though she did.
        let page = clerk.open(&house.link(&app, "&prompt=login%20consent")).await.is(200, "Sign in");
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        let _ = clerk.press(&page, "sign-in", &typed).await.is(200, "Allow Panel?");
    });
}

#[test]
fn a_person_may_say_no() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let page = clerk.open(&house.link(&app, "")).await.is(200, "Sign in");
        let shown = clerk.press(&page, "cancel", &[]).await;
        assert_eq!((shown.leads_to().0.as_str(), shown.told("error").as_str()), (BACK, "access_denied"));
        let page = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await;
        let shown = clerk.press(&page, "cancel", &[]).await;
        assert_eq!((shown.told("error").as_str(), shown.told("state").as_str()), ("access_denied", "s&1"));
        // Nothing was allowed by that.
        let _ = clerk.open(&house.link(&app, "")).await.is(200, "Allow Panel?");
    });
}

#[test]
fn an_administrator_may_decide_for_everybody() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let (_, _) = (house.admin("chief").await, house.user("clerk", false).await);
        let mut chief = house.person();
        let page = house.sign_in(&mut chief, &house.link(&app, ""), "chief").await.is(200, "Allow Panel?");
        assert_ne!(chief.press(&page, "accept", &[("everybody", "yes")]).await.told("code"), "");
        // Nobody else is asked.
        let mut clerk = house.person();
        assert_ne!(house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await.told("code"), "");
    });
}

#[test]
fn a_public_client_proves_itself_with_a_challenge() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let link = format!(
            "{AUTHORIZE}?client_id={}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A8400&scope=openid",
            app.id
        );
        let shown = clerk.open(&link).await;
        assert_eq!(shown.told("error"), "invalid_request", "no challenge, no code");
        let link = format!("{link}&code_challenge={challenge}&code_challenge_method=S256");
        let page = house.sign_in(&mut clerk, &link, "clerk").await.is(200, "Allow Command line?");
        let policy = page.reply.header("content-security-policy").to_owned();
        assert!(policy.contains("form-action 'self' http://localhost:8400"), "{policy}");
        let done = clerk.press(&page, "accept", &[]).await;
        let redeem = |verifier: &str, code: &str| {
            format!(
                "grant_type=authorization_code&client_id={}&code={}&redirect_uri=http%3A%2F%2Flocalhost%3A8400&\
                 code_verifier={verifier}",
                app.id,
                encode(code)
            )
        };
        let tokens = house.post(V2, &[], &redeem(verifier, &done.told("code"))).await.expect(200).json();
        assert!(tokens["id_token"].is_string(), "{tokens}");
        let wrong = house.post(V2, &[], &redeem(challenge, &clerk.open(&link).await.told("code"))).await;
        assert_eq!(wrong.expect(400).json()["error"], "invalid_grant");
    });
}

/// Some clients post their request from their own page. The browser keeps our cookies back from such a form, so it
/// is asked for again as a link.
#[test]
fn a_request_that_is_posted_becomes_a_link() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let fields: Vec<(String, String)> = [
            ("client_id", app.id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", BACK),
            ("scope", "openid"),
            ("state", "1 2"),
            ("password", "x"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let shown = clerk.send(AUTHORIZE, &fields).await;
        let location = shown.reply.header("location").to_owned();
        assert_eq!(shown.reply.status, 303);
        assert!(location.starts_with(AUTHORIZE) && !location.contains("password"), "{location}");
        let _ = clerk.open(&location).await.is(200, "Sign in").says("Panel");
    });
}

#[test]
fn what_cannot_be_answered_safely_is_a_page() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let (link, back) = (house.link(&app, ""), encode(BACK));
        for (link, code) in [
            (link.replace(&back, "https%3A%2F%2Fevil.example.test%2F"), 50_011),
            (link.replace(&back, &format!("{back}%2Fmore")), 50_011),
            (link.replace(&back, "javascript%3Aalert(1)"), 50_011),
            (link.replace(&app.id, "00000000-0000-0000-0000-000000000009"), 700_016),
            (link.replace("client_id", "id"), 900_144),
            (link.replace("contoso.example", "adatum.example"), 90_002),
            (link.replace("contoso.example.test", "%3Cb%3E"), 900_023),
            (link.replace("contoso.example", "fabrikam.example"), 700_016),
            (format!("{link}&state=2"), 90_014),
            (format!("{link}&redirect_uri={back}"), 90_014),
        ] {
            let shown = house.person().open(&link).await;
            assert_eq!(shown.reply.header("location"), "", "{link}");
            let shown = shown.is(400, "Sorry, this does not work").says(&format!("AADSTS{code}"));
            assert!(!shown.html.contains("<b>") && !shown.html.contains("<a "), "{}", shown.html);
            assert_ne!(shown.reply.header("x-ms-request-id"), "");
        }
    });
}

#[test]
fn what_the_application_did_wrong_is_told_to_it() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let link = house.link(&app, "");
        for (link, error) in [
            (link.replace("response_type=code", "response_type=token"), "unsupported_response_type"),
            (link.replace("response_type=code", "response_type="), "invalid_request"),
            (link.replace("response_type=code", "response_type=id_token"), "invalid_request"),
            (format!("{link}&response_mode=web_message"), "invalid_request"),
            (format!("{link}&code_challenge=x&code_challenge_method=S512"), "invalid_request"),
        ] {
            let shown = house.person().open(&link).await;
            assert_eq!((shown.leads_to().0.as_str(), shown.told("error").as_str()), (BACK, error), "{link}");
            assert!(shown.told("error_description").starts_with("AADSTS"), "{link}");
            assert_eq!(shown.told("state"), "s&1", "{link}");
        }
    });
}

/// Which permissions there are depends on the tenant, so this is found out once the person is known.
#[test]
fn a_permission_that_nobody_has_is_told_after_the_sign_in() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let link = house.link(&app, "").replace("User%2ERead", "Nothing%2EKnown");
        let shown = house.sign_in(&mut house.person(), &link, "clerk").await;
        assert_eq!((shown.leads_to().0.as_str(), shown.told("error").as_str()), (BACK, "invalid_scope"));
    });
}

/// Somebody of another organisation: asked to be somebody else, not sent back to be stuck.
#[test]
fn an_account_from_elsewhere_is_asked_to_be_another() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let (ctx, world) = (house.ctx(), house.channel.world());
        let mut tx = world.db().begin().await.unwrap();
        let tenant = house.channel.stranger.tenant;
        let name = "guest@fabrikam.example.test";
        first_admin_create(&ctx, &mut tx, tenant, name, &Secret::new(PASSWORD), false).await.unwrap();
        tx.commit().await.unwrap();
        let mut guest = house.person();
        let page = guest.open(&house.link(&app, "")).await;
        let page = guest.press(&page, "sign-in", &[("username", name), ("password", PASSWORD)]).await;
        let page = page.is(400, "Sign in").says("This account does not belong to the organisation");
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        let _ = guest.press(&page, "sign-in", &typed).await.is(200, "Allow Panel?");
    });
}

/// Every page on the way has the same rules, and none holds a secret in its address.
#[test]
fn pages_keep_the_browser_on_a_short_leash() {
    in_a_house(|house: House| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let first = clerk.open(&house.link(&app, "")).await;
        let second = house.sign_in(&mut clerk.clone(), &house.link(&app, ""), "clerk").await;
        for page in [first, second, clerk.open("/common/oauth2/deviceauth").await, clerk.open("/devicelogin").await] {
            let header = |name: &str| page.reply.header(name).to_owned();
            let policy = header("content-security-policy");
            for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "style-src 'sha256-"] {
                assert!(policy.contains(part), "{part}: {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
            assert_eq!(header("cache-control"), "no-store");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("x-frame-options"), "DENY");
            assert!(!page.action().contains('?'), "{}", page.action());
        }
    });
}
