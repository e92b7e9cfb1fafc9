//! Authorize requests: what is shown as a page and what the application is told, consent, and who may give it.

use crate::applications_house::{DIRECTORY_READ, GRAPH, USER_READ};
use crate::people_house::{admin, user};
use crate::tokens_house::{BACK, Desk, LOCAL, SCOPE, ask, at_a_desk, challenge, claims, field, redeem, told};
use std::collections::BTreeSet;
use tenantry_core::{DirectoryRole, Secret, TenantKind};
use tenantry_db::sql;
use tenantry_directory::{
    AccessKind, AdminConsentRequest, ApplicationChange, Authorization, AuthorizeRefusal, AuthorizeRequest, ConsentFor,
    ConsentQuestion, Endpoint, Prompt, RequiredAccess, ResponseMode, ServicePrincipalChange, Session, TokenRequest,
    admin_consent_check, application_disable, authorize_check, authorize_grant, consent_accept, consent_question,
    service_principal_change, sign_out_address,
};
use uuid::Uuid;

impl Desk {
    async fn asks(&self, request: &AuthorizeRequest<'_>) -> Result<Authorization, String> {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        authorize_check(ctx, db, keys, request).await.map_err(|refusal| told(&refusal))
    }

    async fn question(&self, of: &Authorization, session: &Session) -> Result<Option<ConsentQuestion>, String> {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        consent_question(ctx, db, keys, of, session).await.map_err(|refusal| told(&refusal))
    }

    /// Says yes to what is asked at present.
    async fn accepts(&self, of: &Authorization, session: &Session, who: ConsentFor) -> Result<(), String> {
        let shown = self.question(of, session).await?.unwrap();
        assert_eq!(self.accepts_shown(of, session, (who, &shown)).await?, None);
        Ok(())
    }

    /// Says yes to what was shown. What is asked instead, if that changed.
    async fn accepts_shown(
        &self,
        of: &Authorization,
        session: &Session,
        (who, shown): (ConsentFor, &ConsentQuestion),
    ) -> Result<Option<ConsentQuestion>, String> {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        let answer = (who, shown.digest.as_str());
        consent_accept(ctx, db, keys, of, session, answer).await.map_err(|refusal| told(&refusal))
    }

    async fn grants(&self, of: &Authorization, session: &Session) -> Result<(), String> {
        let (ctx, db, keys) = (&self.house.ctx, &self.house.db, &self.house.keys);
        authorize_grant(ctx, db, keys, of, session).await.map(drop).map_err(|refusal| told(&refusal))
    }
}

#[test]
fn what_could_be_somebody_elses_address_is_a_page() {
    at_a_desk(|desk| async move {
        let web = desk.web.made.app.to_string();
        let off = desk.house.app(&desk.partner, &[]).await;
        let off_id = off.made.app.to_string();
        let mut tx = desk.house.begin().await;
        application_disable(&desk.house.ctx, &mut tx, desk.partner.id, off.made.app).await.unwrap();
        tx.commit().await.unwrap();
        let nobody = "00000000-0000-0000-0000-000000000009";
        let good = || ask(&web, BACK, "contoso.example.test");
        for (case, request, expected) in [
            ("nothing wrong", good(), Ok(())),
            ("an unknown tenant", AuthorizeRequest { tenant: "adatum.example.test", ..good() }, Err("page 90002")),
            ("no tenant at all", AuthorizeRequest { tenant: "a b", ..good() }, Err("page 900023")),
            ("no client", AuthorizeRequest { client_id: None, ..good() }, Err("page 900144")),
            ("an unknown client", AuthorizeRequest { client_id: Some(nobody), ..good() }, Err("page 700016")),
            ("a client that is off", AuthorizeRequest { client_id: Some(&off_id), ..good() }, Err("page 7000112")),
            ("elsewhere", AuthorizeRequest { tenant: "northwind.example.test", ..good() }, Err("page 700016")),
            ("no address", AuthorizeRequest { redirect_uri: None, ..good() }, Err("page 900144")),
            (
                "a foreign address",
                AuthorizeRequest { redirect_uri: Some("https://evil.test"), ..good() },
                Err("page 50011"),
            ),
            (
                "nearly the address",
                AuthorizeRequest { redirect_uri: Some("https://panel.test/back/"), ..good() },
                Err("page 50011"),
            ),
        ] {
            let seen = desk.asks(&request).await.map(drop);
            assert_eq!(seen, expected.map_err(str::to_owned), "{case}");
        }
    });
}

#[test]
fn an_application_is_told_what_is_wrong_with_the_rest() {
    at_a_desk(|desk| async move {
        let (web, program) = (desk.web.made.app.to_string(), desk.program.made.app.to_string());
        let good = || ask(&web, BACK, "contoso.example.test");
        let challenge = challenge();
        let public = || AuthorizeRequest {
            code_challenge: Some(&challenge),
            code_challenge_method: Some("S256"),
            ..ask(&program, LOCAL, "common")
        };
        let hybrid = || AuthorizeRequest { response_type: Some("code id_token"), nonce: Some("n"), ..good() };
        for (case, request, expected) in [
            ("nothing wrong with a program", public(), Ok(())),
            ("nothing wrong with a hybrid", hybrid(), Ok(())),
            ("no response type", AuthorizeRequest { response_type: None, ..good() }, Err("invalid_request")),
            (
                "a token at once",
                AuthorizeRequest { response_type: Some("token"), ..good() },
                Err("unsupported_response_type"),
            ),
            (
                "a token with it",
                AuthorizeRequest { response_type: Some("id_token token"), ..hybrid() },
                Err("unsupported_response_type"),
            ),
            (
                "an ID token in a query",
                AuthorizeRequest { response_mode: Some("query"), ..hybrid() },
                Err("invalid_request"),
            ),
            ("an ID token without nonce", AuthorizeRequest { nonce: None, ..hybrid() }, Err("invalid_request")),
            (
                "an ID token nobody wants",
                AuthorizeRequest { scope: Some("User.Read"), ..hybrid() },
                Err("invalid_request"),
            ),
            ("a strange mode", AuthorizeRequest { response_mode: Some("pigeon"), ..good() }, Err("invalid_request")),
            ("no scope", AuthorizeRequest { scope: None, ..good() }, Err("invalid_request")),
            (
                "two resources",
                AuthorizeRequest { scope: Some("https://a.test/x https://b.test/y"), ..good() },
                Err("invalid_scope"),
            ),
            (
                "nobody's resource",
                AuthorizeRequest { scope: Some("https://a.test/x"), ..good() },
                Err("invalid_resource"),
            ),
            ("a strange prompt", AuthorizeRequest { prompt: Some("dance"), ..good() }, Err("invalid_request")),
            ("a list with one", AuthorizeRequest { prompt: Some("login dance"), ..good() }, Err("invalid_request")),
            ("nothing and more", AuthorizeRequest { prompt: Some("none login"), ..good() }, Err("invalid_request")),
            (
                "a program without challenge",
                AuthorizeRequest { code_challenge: None, code_challenge_method: None, ..public() },
                Err("invalid_request"),
            ),
            (
                "a strange challenge",
                AuthorizeRequest { code_challenge_method: Some("S512"), ..public() },
                Err("invalid_request"),
            ),
        ] {
            let seen = desk.asks(&request).await.map(drop);
            assert_eq!(seen, expected.map_err(str::to_owned), "{case}");
        }
    });
}

#[test]
fn a_good_request_says_who_asks_for_what_and_where_the_answer_goes() {
    at_a_desk(|desk| async move {
        let web = desk.web.made.app.to_string();
        let good = || ask(&web, BACK, "contoso.example.test");
        let hybrid = || AuthorizeRequest { response_type: Some("code id_token"), nonce: Some("n"), ..good() };
        let asked = desk.asks(&AuthorizeRequest { login_hint: Some("clerk@x"), prompt: Some("login"), ..good() }).await;
        let asked = asked.unwrap();
        assert_eq!((asked.app_name(), asked.login_hint()), ("Panel", Some("clerk@x")));
        assert!(asked.wishes(Prompt::Login) && !asked.wishes(Prompt::Consent));
        let both = desk.asks(&AuthorizeRequest { prompt: Some(" login  consent "), ..good() }).await.unwrap();
        assert!(both.wishes(Prompt::Login) && both.wishes(Prompt::Consent) && !both.wishes(Prompt::None));
        assert_eq!((asked.tenant(), asked.app()), (Some(desk.partner.id), desk.web.made.app));
        let told = asked.sign_in_needed();
        assert_eq!(
            (field(&told, "error"), field(&told, "state"), told.uri.as_str()),
            ("login_required".into(), "42".into(), BACK)
        );
        assert_eq!(field(&asked.denied(), "error"), "access_denied");
        assert_eq!(desk.asks(&hybrid()).await.unwrap().denied().mode, ResponseMode::Fragment);
    });
}

#[test]
fn consent_is_asked_for_once_and_only_of_whom_it_may() {
    at_a_desk(|desk| async move {
        let boss = admin(&desk.house, &desk.partner, "boss", DirectoryRole::GlobalAdmin).await;
        let (clerk, boss, client) =
            (desk.session(&desk.clerk).await, desk.session(&boss).await, desk.web.made.app.to_string());
        let asking = |scope| AuthorizeRequest { scope: Some(scope), ..ask(&client, BACK, "common") };
        let own = desk.asks(&asking(SCOPE)).await.unwrap();
        assert_eq!(desk.question(&own, &clerk).await, Ok(None), "granted at registration");

        let more = desk.asks(&asking("User.ReadBasic.All openid")).await.unwrap();
        let question = desk.question(&more, &clerk).await.unwrap().unwrap();
        let rights: BTreeSet<_> = question.rights.iter().map(|right| right.name.as_str()).collect();
        assert_eq!(rights, BTreeSet::from(["User.ReadBasic.All", "openid"]));
        assert_eq!((question.may_accept, question.may_accept_for_all), (true, false));
        assert_eq!((question.app_name.as_str(), question.tenant_name.as_str()), ("Panel", "contoso"));
        assert_eq!(question.publisher_domain, "contoso.example.test");
        assert!(question.rights.iter().all(|right| !right.says.is_empty() && right.api == "Microsoft Graph"));
        assert_eq!(desk.grants(&more, &clerk).await, Err("consent_required".into()), "not before somebody said yes");
        assert_eq!(desk.accepts(&more, &clerk, ConsentFor::Everybody).await, Err("access_denied".into()));
        assert_eq!(desk.accepts(&more, &clerk, ConsentFor::Oneself).await, Ok(()));
        assert_eq!((desk.question(&more, &clerk).await, desk.grants(&more, &clerk).await), (Ok(None), Ok(())));
        let again = AuthorizeRequest { prompt: Some("consent"), ..asking("User.ReadBasic.All openid") };
        let again = desk.asks(&again).await.unwrap();
        assert!(desk.question(&again, &clerk).await.unwrap().is_some(), "asked for");
        // Her yes is not the others'.
        assert_eq!(desk.grants(&more, &boss).await, Err("consent_required".into()));

        let all = desk.asks(&asking("User.ReadWrite.All")).await.unwrap();
        let question = desk.question(&all, &clerk).await.unwrap().unwrap();
        assert_eq!((question.may_accept, question.may_accept_for_all), (false, false), "an administrator's to give");
        assert_eq!(desk.accepts(&all, &clerk, ConsentFor::Oneself).await, Err("access_denied".into()));
        let question = desk.question(&all, &boss).await.unwrap().unwrap();
        assert_eq!((question.may_accept, question.may_accept_for_all), (false, true));
        assert_eq!(desk.accepts(&all, &boss, ConsentFor::Everybody).await, Ok(()));
        assert_eq!((desk.question(&all, &clerk).await, desk.grants(&all, &clerk).await), (Ok(None), Ok(())));

        let unknown = desk.asks(&asking("User.Raed")).await.unwrap();
        assert_eq!(desk.question(&unknown, &clerk).await, Err("invalid_scope".into()));
    });
}

#[test]
fn a_foreign_application_comes_in_by_consent() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let (visitor, boss) = (
            user(&desk.house, &fabrikam, "visitor").await,
            admin(&desk.house, &fabrikam, "boss", DirectoryRole::GlobalAdmin).await,
        );
        let (visitor, boss, client) =
            (desk.session(&visitor).await, desk.session(&boss).await, desk.web.made.app.to_string());
        let common = desk.asks(&ask(&client, BACK, "common")).await.unwrap();
        assert_eq!(desk.question(&common, &visitor).await, Err("unauthorized_client".into()), "not multi-tenant");
        assert_eq!(desk.grants(&common, &visitor).await, Err("unauthorized_client".into()));
        let multi = ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() };
        desk.change(&desk.web, multi).await;
        let common = desk.asks(&ask(&client, BACK, "common")).await.unwrap();
        let question = desk.question(&common, &visitor).await.unwrap().unwrap();
        assert_eq!((question.publisher.as_str(), question.tenant_name.as_str()), ("contoso", "fabrikam"));
        assert_eq!(desk.grants(&common, &visitor).await, Err("consent_required".into()));
        assert_eq!(desk.accepts(&common, &visitor, ConsentFor::Oneself).await, Ok(()));
        assert_eq!(desk.grants(&common, &visitor).await, Ok(()));
        // At another tenant she is nobody.
        let elsewhere = desk.asks(&ask(&client, BACK, "contoso.example.test")).await.unwrap();
        assert_eq!(desk.question(&elsewhere, &visitor).await, Err("access_denied".into()));
        assert_eq!(desk.grants(&elsewhere, &visitor).await, Err("access_denied".into()));

        let request = AdminConsentRequest {
            tenant: "fabrikam.example.test",
            client_id: Some(&client),
            redirect_uri: Some(BACK),
            state: Some("7"),
            scope: None,
        };
        let (ctx, db, keys) = (&desk.house.ctx, &desk.house.db, &desk.house.keys);
        let all = admin_consent_check(ctx, db, keys, &request).await.unwrap();
        assert!(all.is_admin_consent());
        let question = desk.question(&all, &visitor).await.unwrap().unwrap();
        assert_eq!((question.may_accept, question.may_accept_for_all), (false, false));
        assert!(question.rights.iter().any(|right| right.for_itself && right.name == "Directory.ReadWrite.All"));
        assert_eq!(desk.accepts(&all, &visitor, ConsentFor::Everybody).await, Err("access_denied".into()));
        assert_eq!(desk.accepts(&all, &boss, ConsentFor::Oneself).await, Err("access_denied".into()));
        assert_eq!(desk.accepts(&all, &boss, ConsentFor::Everybody).await, Ok(()));
        let answer = authorize_grant(ctx, db, keys, &all, &boss).await.unwrap();
        let expected = format!("{BACK}?admin_consent=True&tenant={}&state=7", fabrikam.id);
        assert_eq!(answer.location(), Some(expected));
        let foreign = AdminConsentRequest { redirect_uri: Some("https://evil.test"), ..request };
        let refusal = admin_consent_check(ctx, db, keys, &foreign).await.unwrap_err();
        assert_eq!(told(&refusal), "page 50011");
    });
}

/// Version 1's way to ask an administrator.
#[test]
fn a_prompt_for_an_administrator_asks_for_everybody_or_refuses() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Partner, "fabrikam").await.unwrap();
        let visitor = user(&desk.house, &fabrikam, "visitor").await;
        let boss = admin(&desk.house, &fabrikam, "boss", DirectoryRole::GlobalAdmin).await;
        let (visitor, boss) = (desk.session(&visitor).await, desk.session(&boss).await);
        let client = desk.web.made.app.to_string();
        desk.change(&desk.web, ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() }).await;
        let with = |endpoint, prompt| AuthorizeRequest {
            endpoint,
            prompt,
            resource: (endpoint == Endpoint::V1).then_some(crate::tokens_house::GRAPH),
            ..ask(&client, BACK, "common")
        };
        let refused = desk.asks(&with(Endpoint::V2, Some("admin_consent"))).await.map(drop);
        assert_eq!(refused, Err("invalid_request".into()), "version 2 has an endpoint for it");
        let all = desk.asks(&with(Endpoint::V1, Some("admin_consent"))).await.unwrap();
        assert!(all.is_for_everybody() && !all.is_admin_consent());
        assert_eq!((all.publisher(), all.publisher_domain()), ("contoso", "contoso.example.test"));
        let question = desk.question(&all, &visitor).await.unwrap().unwrap();
        assert_eq!((question.may_accept, question.may_accept_for_all), (false, false));
        for who in [ConsentFor::Oneself, ConsentFor::Everybody] {
            assert_eq!(desk.accepts(&all, &visitor, who).await, Err("access_denied".into()), "{who:?}");
        }
        assert_eq!(desk.grants(&all, &visitor).await, Err("consent_required".into()), "nothing was written");
        let question = desk.question(&all, &boss).await.unwrap().unwrap();
        assert_eq!((question.may_accept, question.may_accept_for_all), (false, true));
        let itself = question.rights.iter().find(|right| right.for_itself);
        assert!(itself.is_some(), "all that it is configured with: {:?}", question.rights);
        assert_eq!(desk.accepts(&all, &boss, ConsentFor::Oneself).await, Err("access_denied".into()));
        assert_eq!(desk.accepts(&all, &boss, ConsentFor::Everybody).await, Ok(()));
        assert_eq!(desk.grants(&all, &boss).await, Ok(()));
        // Nobody else is asked.
        let plain = desk.asks(&with(Endpoint::V1, None)).await.unwrap();
        assert_eq!((desk.question(&plain, &visitor).await, desk.grants(&plain, &visitor).await), (Ok(None), Ok(())));
    });
}

/// Who has no place in a tenant is a matter for the person; the other refusals are the application's.
#[test]
fn a_stranger_is_told_apart() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let visitor = desk.session(&user(&desk.house, &fabrikam, "visitor").await).await;
        let (ctx, db, keys) = (&desk.house.ctx, &desk.house.db, &desk.house.keys);
        let client = desk.web.made.app.to_string();
        desk.change(&desk.web, ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() }).await;
        for (tenant, scope, stranger) in [("contoso.example.test", SCOPE, true), ("common", "User.Raed", false)] {
            let request = AuthorizeRequest { scope: Some(scope), ..ask(&client, BACK, tenant) };
            let asked = desk.asks(&request).await.unwrap();
            let refusal = consent_question(ctx, db, keys, &asked, &visitor).await.unwrap_err();
            assert_eq!(matches!(refusal, AuthorizeRefusal::Stranger(_)), stranger, "{refusal:?}");
            let refusal = authorize_grant(ctx, db, keys, &asked, &visitor).await.unwrap_err();
            assert_eq!(matches!(refusal, AuthorizeRefusal::Stranger(_)), stranger, "{refusal:?}");
        }
    });
}

/// A request that names nothing must not come to mean everything.
#[test]
fn who_asks_for_nothing_gets_nothing_but_the_sign_in() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let visitor = user(&desk.house, &fabrikam, "visitor").await;
        let (visitor, client) = (desk.session(&visitor).await, desk.web.made.app.to_string());
        desk.change(&desk.web, ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() }).await;
        let bare = AuthorizeRequest { endpoint: Endpoint::V1, scope: None, ..ask(&client, BACK, "common") };
        let asked = desk.asks(&bare).await.unwrap();
        let question = desk.question(&asked, &visitor).await.unwrap().unwrap();
        assert_eq!(question.rights.iter().map(|right| &*right.name).collect::<Vec<_>>(), ["openid"]);
        assert_eq!((question.may_accept, question.may_accept_for_all), (true, false));
        assert_eq!(desk.accepts(&asked, &visitor, ConsentFor::Oneself).await, Ok(()));
        assert_eq!(desk.grants(&asked, &visitor).await, Ok(()));
        let mut reader = desk.house.db.reader().await.unwrap();
        let grants = sql("SELECT user_id, scopes FROM permission_grant WHERE tenant = $1").bind(fabrikam.id);
        let grants = grants.all(&mut reader).await.unwrap();
        let said: Vec<_> =
            grants.iter().map(|row| (row.text("user_id").unwrap(), row.text("scopes").unwrap())).collect();
        assert_eq!(said, [(visitor.user.to_string(), "openid".to_owned())]);
        let roles = sql("SELECT id FROM app_role_assignment WHERE tenant = $1").bind(fabrikam.id);
        assert!(roles.all(&mut reader).await.unwrap().is_empty());
    });
}

#[test]
fn an_id_token_alone_goes_into_the_fragment() {
    at_a_desk(|desk| async move {
        let (client, session) = (desk.web.made.app.to_string(), desk.session(&desk.clerk).await);
        let request = AuthorizeRequest {
            endpoint: Endpoint::V2,
            response_type: Some("id_token"),
            nonce: Some("as sent, & exactly"),
            scope: Some("openid"),
            ..ask(&client, BACK, "contoso.example.test")
        };
        let answer = desk.authorize(&request, &session).await.unwrap();
        let id_token = Secret::new(field(&answer, "id_token"));
        assert!(answer.location().unwrap().starts_with(&format!("{BACK}#id_token=")));
        let id = claims(&id_token);
        assert_eq!(id["nonce"], "as sent, & exactly");
        assert_eq!(
            (id.get("c_hash"), id.get("name"), id.get("email")),
            (None, None, None),
            "nothing that was not asked for"
        );
        assert_eq!(id["preferred_username"], "clerk@contoso.example.test");

        let (db, keys) = (&desk.house.db, &desk.house.keys);
        for (client, hint, wanted, expected) in [
            (Some(&*client), None, BACK, true),
            (None, Some(id_token.reveal()), BACK, true),
            (None, None, BACK, false),
            (Some(&*client), None, "https://evil.test", false),
            (None, Some("forged"), BACK, false),
        ] {
            let seen = sign_out_address(db, keys, client, hint, wanted).await.unwrap();
            assert_eq!(seen.as_deref(), expected.then_some(wanted), "{client:?} {hint:?} {wanted}");
        }
    });
}

/// Known or not, an application that the tenant switched off signs nobody of it in, whatever door they come by.
#[test]
fn an_application_a_tenant_switched_off_signs_nobody_of_it_in() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let visitor = user(&desk.house, &fabrikam, "visitor").await;
        desk.change(&desk.web, ApplicationChange { multi_tenant: Some(true), ..ApplicationChange::default() }).await;
        let (session, client) = (desk.session(&visitor).await, desk.web.made.app.to_string());
        let code = desk.web_code(&visitor, "common").await;
        let switch = |enabled| {
            let change = ServicePrincipalChange { enabled: Some(enabled), ..ServicePrincipalChange::default() };
            let (ctx, db, client) = (&desk.house.ctx, &desk.house.db, &client);
            async move { drop(service_principal_change(ctx, db, fabrikam.id, client, change).await.unwrap()) }
        };
        switch(false).await;
        let redeem = || TokenRequest {
            code: Some(&code),
            client_secret: Some(&desk.web.secret),
            ..redeem(&client, BACK, "common")
        };
        assert_eq!(desk.refused(&redeem()).await, 7_000_112);
        for (case, scope, prompt) in [
            ("what was consented to", SCOPE, None),
            ("nothing but the sign-in", "openid", None),
            ("something new", "User.ReadBasic.All", None),
            ("asked again", SCOPE, Some("consent")),
        ] {
            let request = AuthorizeRequest { scope: Some(scope), prompt, ..ask(&client, BACK, "common") };
            let asked = desk.asks(&request).await.unwrap();
            let off = Err("unauthorized_client".to_owned());
            assert_eq!(desk.question(&asked, &session).await.map(drop), off, "{case}");
            assert_eq!(desk.grants(&asked, &session).await, off, "{case}");
        }
        let clerk = desk.session(&desk.clerk).await;
        let at_home = desk.asks(&ask(&client, BACK, "common")).await.unwrap();
        assert_eq!(desk.grants(&at_home, &clerk).await, Ok(()), "elsewhere it goes on");
        switch(true).await;
        assert_eq!(desk.grants(&at_home, &session).await, Ok(()));
    });
}

/// Whoever registered an application can change it while the page is open.
#[test]
fn a_yes_is_to_what_was_shown() {
    at_a_desk(|desk| async move {
        let fabrikam = desk.house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let boss = admin(&desk.house, &fabrikam, "boss", DirectoryRole::GlobalAdmin).await;
        let (boss, client) = (desk.session(&boss).await, desk.web.made.app.to_string());
        let wants = |access: &[(Uuid, AccessKind)]| ApplicationChange {
            multi_tenant: Some(true),
            required_access: Some(vec![RequiredAccess { api: GRAPH, access: access.to_vec() }]),
            ..ApplicationChange::default()
        };
        let (little, much) = ((USER_READ, AccessKind::Scope), (DIRECTORY_READ, AccessKind::Role));
        let given = || async {
            let mut reader = desk.house.db.reader().await.unwrap();
            let mut given = Vec::new();
            for text in [
                "SELECT scopes AS given FROM permission_grant WHERE tenant = $1",
                "SELECT role AS given FROM app_role_assignment WHERE tenant = $1",
            ] {
                let rows = sql(text).bind(fabrikam.id).all(&mut reader).await.unwrap();
                given.extend(rows.iter().map(|row| row.text("given").unwrap()));
            }
            given
        };
        let request = AdminConsentRequest {
            tenant: "fabrikam.example.test",
            client_id: Some(&client),
            redirect_uri: Some(BACK),
            state: None,
            scope: None,
        };
        let (ctx, db, keys) = (&desk.house.ctx, &desk.house.db, &desk.house.keys);
        let asked = || async { admin_consent_check(ctx, db, keys, &request).await.unwrap() };

        desk.change(&desk.web, wants(&[little])).await;
        let shown = desk.question(&asked().await, &boss).await.unwrap().unwrap();
        desk.change(&desk.web, wants(&[little, much])).await;
        let everybody = ConsentFor::Everybody;
        let again = desk.accepts_shown(&asked().await, &boss, (everybody, &shown)).await.unwrap();
        assert_eq!(given().await, [] as [String; 0], "nothing is written");
        let again = again.expect("the question comes back");
        assert_eq!(again.rights.len(), 2);
        assert_ne!(again.digest, shown.digest);

        // Back as it was, the page from before does; what the application wants after that is not in it.
        desk.change(&desk.web, wants(&[little])).await;
        assert_eq!(desk.accepts_shown(&asked().await, &boss, (everybody, &shown)).await, Ok(None));
        assert_eq!(given().await, ["User.Read"]);
        desk.change(&desk.web, wants(&[little, much])).await;
        let again = desk.question(&asked().await, &boss).await.unwrap().unwrap();
        assert_eq!(desk.accepts_shown(&asked().await, &boss, (everybody, &again)).await, Ok(None));
        assert_eq!(given().await, ["User.Read".to_owned(), DIRECTORY_READ.to_string()]);
    });
}
