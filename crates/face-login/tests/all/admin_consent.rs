//! An administrator allows an application for everybody, before anybody signs in to it.

use crate::house::{BACK, in_a_house};
use crate::person::encode;

#[test]
fn an_administrator_allows_an_application_for_everybody() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        let (_, _) = (house.admin("chief").await, house.user("clerk", false).await);
        for (place, more) in [("adminconsent", ""), ("v2.0/adminconsent", "&scope=User.Read")] {
            let link = format!(
                "/contoso.example.test/{place}?client_id={}&state=12&redirect_uri={}{more}",
                app.id,
                encode(BACK)
            );
            let mut chief = house.person();
            let mut shown = house.sign_in(&mut chief, &link, "chief").await;
            if shown.reply.status == 200 {
                shown = chief.press(&shown.is(200, "Allow Panel for everybody?"), "accept", &[]).await;
            }
            assert_eq!(shown.leads_to().0, BACK);
            assert_eq!(shown.told("admin_consent"), "True");
            assert_eq!((shown.told("tenant"), shown.told("state")), (house.tenant.clone(), "12".to_owned()));
        }
        assert_ne!(house.sign_in(&mut house.person(), &house.link(&app, ""), "clerk").await.told("code"), "");
    });
}

#[test]
fn others_are_told_to_ask_one() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.user("clerk", false).await);
        let link =
            format!("/contoso.example.test/adminconsent?client_id={}&state=12&redirect_uri={}", app.id, encode(BACK));
        let mut clerk = house.person();
        let page = house.sign_in(&mut clerk, &link, "clerk").await.is(200, "Panel needs an administrator");
        // Pressing a button that the page does not have.
        let mut fields = page.hidden();
        fields.push(("step".to_owned(), "accept".to_owned()));
        let shown = clerk.send(&page.action(), &fields).await;
        assert!(shown.reply.status >= 400 || !shown.told("error").is_empty(), "{}", shown.reply);
        let shown = clerk.press(&page, "cancel", &[]).await;
        assert_eq!((shown.told("error").as_str(), shown.told("state").as_str()), ("access_denied", "12"));
        // Nothing was allowed.
        let _ = house.sign_in(&mut house.person(), &house.link(&app, ""), "clerk").await.is(200, "Allow Panel?");
    });
}

#[test]
fn an_address_that_is_not_registered_is_a_page() {
    in_a_house(|house| async move {
        let app = house.web_app().await;
        for (link, code) in [
            (format!("client_id={}&redirect_uri=https%3A%2F%2Fevil.example.test", app.id), 50_011),
            (format!("client_id={}&redirect_uri={}", house.tenant, encode(BACK)), 700_016),
            ("state=1".to_owned(), 900_144),
        ] {
            let shown = house.person().open(&format!("/contoso.example.test/adminconsent?{link}")).await;
            let _ = shown.is(400, "Sorry, this does not work").says(&format!("AADSTS{code}"));
        }
    });
}

/// The form says what the page showed; with anything else the page comes again.
#[test]
fn a_yes_is_to_what_the_page_showed() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.admin("chief").await);
        let link = format!("/contoso.example.test/adminconsent?client_id={}&redirect_uri={}", app.id, encode(BACK));
        let mut chief = house.person();
        let page = house.sign_in(&mut chief, &link, "chief").await.is(200, "Allow Panel for everybody?");
        assert!(page.hidden().iter().any(|(name, value)| name == "shown" && !value.is_empty()));
        for other in ["", "something else"] {
            let again = chief.press(&page, "accept", &[("shown", other)]).await;
            let _ = again.is(200, "Allow Panel for everybody?");
        }
        assert_eq!(chief.press(&page, "accept", &[]).await.told("admin_consent"), "True");
    });
}
