//! Forms that no page of the browser holds.

use crate::house::{AUTHORIZE, PASSWORD, in_a_house};

#[test]
fn a_sign_in_form_counts_in_the_browser_it_was_made_for() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let (mut clerk, mut other) = (house.person(), house.person());
        let page = clerk.open(&house.link(&app, "")).await;
        let theirs = other.open(&house.link(&app, "")).await;
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        for token in ["", "x", &field(&theirs.hidden(), "form")] {
            let forged = [&typed[..], &[("form", token)]].concat();
            let shown = clerk.press(&page, "sign-in", &forged).await.is(400, "Sorry, this does not work");
            let _ = shown.says("this form does not belong to the sign-in of this browser");
            assert_eq!(clerk.cookie("__Host-session"), None);
        }
        // A browser that keeps no cookies.
        let mut stranger = house.person();
        let _ = stranger.press(&page, "sign-in", &typed).await.is(400, "Sorry, this does not work");
        let _ = clerk.press(&page, "sign-in", &typed).await.is(200, "Allow Panel?");
    });
}

#[test]
fn a_consent_form_counts_in_the_session_it_was_made_for() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let _ = house.user("chief", false).await;
        let (mut clerk, mut chief) = (house.person(), house.person());
        let hers = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await.is(200, "Allow Panel?");
        let page = house.sign_in(&mut chief, &house.link(&app, ""), "chief").await.is(200, "Allow Panel?");
        for token in ["", &field(&hers.hidden(), "form")] {
            let _ = chief.press(&page, "accept", &[("form", token)]).await.is(400, "Sorry, this does not work");
        }
        assert_ne!(chief.press(&page, "accept", &[]).await.told("code"), "");
        // Nobody signed in: the form leads to the sign-in page and nowhere else.
        let _ = house.person().press(&hers, "accept", &[]).await.is(200, "Sign in");
    });
}

#[test]
fn signing_in_changes_the_session_and_what_forms_are_tied_to() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let page = clerk.open(&house.link(&app, "")).await;
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        let _ = clerk.press(&page, "sign-in", &typed).await;
        let first = clerk.cookie("__Host-session").unwrap().to_owned();
        assert_eq!(clerk.cookie("__Host-form"), None);
        // The page from before the sign-in is worth nothing now.
        let _ = clerk.press(&page, "sign-in", &typed).await.is(400, "Sorry, this does not work");

        let page = clerk.open(&house.link(&app, "&prompt=login")).await.is(200, "Sign in");
        let before = clerk.clone();
        let _ = clerk.press(&page, "sign-in", &typed).await.is(200, "Allow Panel?");
        assert_ne!(clerk.cookie("__Host-session").unwrap(), first);
        // The session of before is over, also for who copied it.
        let _ = before.clone().open(&house.link(&app, "")).await.is(200, "Sign in");
    });
}

/// The hidden fields are looked at again each time.
#[test]
fn what_travels_in_a_form_is_not_trusted() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let mut clerk = house.person();
        let page = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await.is(200, "Allow Panel?");
        for (name, value) in
            [("redirect_uri", "https://evil.example.test/"), ("client_id", "00000000-0000-0000-0000-000000000009")]
        {
            let shown = clerk.press(&page, "accept", &[(name, value)]).await;
            let _ = shown.is(400, "Sorry, this does not work");
        }
        // One who may decide only for herself ticks a box that was not there.
        let shown = clerk.press(&page, "accept", &[("everybody", "yes")]).await;
        assert!(shown.reply.status != 303 || shown.told("code").is_empty(), "{}", shown.reply);
        // A step that no page has asks again.
        let mut fields = page.hidden();
        fields.push(("step".to_owned(), "nonsense".to_owned()));
        let _ = clerk.send(AUTHORIZE, &fields).await.is(200, "Allow Panel?");
    });
}

fn field(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap()
}
