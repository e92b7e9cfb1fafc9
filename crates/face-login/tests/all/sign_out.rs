//! The end of a session.

use crate::house::{BACK, in_a_house};
use crate::person::encode;

#[test]
fn a_session_ends_at_once() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        for path in ["/common/oauth2/logout", "/contoso.example.test/oauth2/v2.0/logout"] {
            let mut clerk = house.person();
            let _ = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await.is(200, "Allow Panel?");
            let mut copied = clerk.clone();
            let _ = clerk.open(path).await.is(200, "You are signed out");
            assert_eq!((clerk.cookie("__Host-session"), clerk.cookie("__Host-form")), (None, None));
            // Whoever copied the cookie has nothing either.
            let _ = copied.open(&house.link(&app, "")).await.is(200, "Sign in");
            // Twice does no harm.
            let _ = clerk.open(path).await.is(200, "You are signed out");
        }
    });
}

#[test]
fn it_leads_on_to_registered_addresses_only() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let back = encode(BACK);
        let known = format!("/common/oauth2/v2.0/logout?client_id={}&post_logout_redirect_uri=", app.id);
        for (link, expected) in [
            (format!("{known}{back}"), BACK.to_owned()),
            (format!("{known}{back}&state=1%262"), format!("{BACK}?state=1%262")),
            (format!("{known}https%3A%2F%2Fevil.example.test%2F"), String::new()),
            (format!("{known}{back}%2Fmore"), String::new()),
            (format!("{known}%2F%2Fevil.example.test"), String::new()),
            (known.clone(), String::new()),
        ] {
            let shown = house.get(&link).await;
            assert_eq!(shown.header("location"), expected, "{link}");
            assert_eq!(shown.status, if expected.is_empty() { 200 } else { 302 }, "{link}");
        }
    });
}
