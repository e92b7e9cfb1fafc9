//! People of other organisations: who has no place in a tenant, and whose application it is that asks.

use crate::house::{AUTHORIZE, BACK, House, Made, PASSWORD, in_a_house};
use crate::person::encode;
use tenantry_directory::{ApplicationChange, application_change};

impl House {
    /// The application of the partner for every tenant.
    async fn for_every_tenant(&self) -> Made {
        let app = self.web_app().await;
        let change = ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() };
        application_change(&self.ctx(), self.channel.world().db(), self.home(), &app.id, change).await.unwrap();
        app
    }
}

#[test]
fn who_has_no_place_in_a_tenant_is_asked_to_be_somebody_else() {
    in_a_house(|house| async move {
        let (app, _) = (house.for_every_tenant().await, house.user("clerk", false).await);
        let customer = house.channel.customer("Northwind").await;
        let link = |more: &str| house.link(&app, more).replace("contoso.example.test", &customer.domain);
        let mut clerk = house.person();
        let shown = house.sign_in(&mut clerk, &link(""), "clerk").await;
        let shown = shown.says("This account does not belong to the organisation you are signing in to.");
        assert_eq!(shown.heading(), "Sign in");
        // With a session from home too, as often as the link is followed.
        let _ = house.sign_in(&mut clerk, &house.link(&app, ""), "clerk").await.is(200, "Allow Panel?");
        let page = clerk.open(&link("")).await.says("This account does not belong to the organisation");
        assert_eq!(page.heading(), "Sign in");
        // A program that wants nobody asked is told.
        let told = clerk.open(&link("&prompt=none")).await;
        assert_eq!((told.told("error").as_str(), told.told("state").as_str()), ("access_denied", "s&1"));
        // So is it of what the person can do nothing about.
        let told = clerk.open(&house.link(&app, "").replace(&encode("User.Read"), "User.Raed")).await;
        assert_eq!(told.told("error"), "invalid_scope");
    });
}

/// `prompt=admin_consent` of version 1.
#[test]
fn a_prompt_for_an_administrator_asks_for_everybody_or_refuses() {
    in_a_house(|house| async move {
        let (app, _) = (house.web_app().await, house.admin("chief").await);
        let _ = house.user("clerk", false).await;
        let link = |more: &str| {
            let path = AUTHORIZE.replace("/v2.0", "");
            let resource = encode("https://graph.microsoft.com");
            let (id, back) = (&app.id, encode(BACK));
            format!("{path}?client_id={id}&response_type=code&redirect_uri={back}&resource={resource}&state=7{more}")
        };
        let mut clerk = house.person();
        let page = house.sign_in(&mut clerk, &link("&prompt=admin_consent"), "clerk").await;
        let page = page.is(200, "Panel needs an administrator");
        // Pressing a button that the page does not have.
        let mut fields = page.hidden();
        fields.push(("step".to_owned(), "accept".to_owned()));
        assert_eq!(clerk.send(&page.action(), &fields).await.told("error"), "access_denied");
        assert_eq!(clerk.press(&page, "cancel", &[]).await.told("error"), "access_denied");

        let mut chief = house.person();
        let page = house.sign_in(&mut chief, &link("&prompt=admin_consent"), "chief").await;
        let page = page.is(200, "Allow Panel for everybody?");
        assert_ne!(chief.press(&page, "accept", &[]).await.told("code"), "");
        assert_ne!(clerk.open(&link("")).await.told("code"), "", "nobody else is asked");
    });
}

#[test]
fn a_device_is_let_in_knowing_whose_application_it_is() {
    in_a_house(|house| async move {
        let (app, _) = (house.desk_app().await, house.user("clerk", false).await);
        let form = format!("client_id={}&scope=openid", app.id);
        let started = house.post("/common/oauth2/v2.0/devicecode", &[], &form).await.expect(200).json();
        let mut clerk = house.person();
        let page = clerk.open("/common/oauth2/deviceauth").await.is(200, "Sign in on a device");
        let code = started["user_code"].as_str().unwrap();
        let page = clerk.press(&page, "enter-code", &[("user_code", code)]).await.is(200, "Sign in");
        let typed = [("username", "clerk@contoso.example.test"), ("password", PASSWORD)];
        let page = clerk.press(&page, "sign-in", &typed).await.is(200, "Is this you?");
        let _ = page.says("Published by <strong>").says("(contoso.example.test)</strong>");
    });
}
