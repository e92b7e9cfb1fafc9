//! A partner's people and applications in the tenants of its customers, and services that call on behalf of a user.

use crate::people_house::user;
use crate::relationships_desk::wanted;
use crate::tokens_house::{BACK, Desk, GRAPH, at_a_desk, claims, field, redeem};
use serde_json::json;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{DirectoryRole, ObjectId, Reason, Role, Secret};
use tenantry_directory::{
    AccessKind, ApplicationChange, AuthorizeRequest, Endpoint, MICROSOFT_GRAPH, NewRelationship, RequiredAccess, Scope,
    SignInRules, TokenRequest, User, access_assignment_create, contract_begin, delegated_admin_remove, role_assign,
};
use tenantry_testkit::ORIGIN;
use uuid::Uuid;

impl Desk {
    /// The web application offers an API, and the program has a token of clerk to call it with.
    pub(crate) async fn called(&self) -> Secret {
        let scope: Scope = serde_json::from_value(
            json!({"id": Uuid::from_u128(5), "value": "orders.read", "type": "User", "isEnabled": true}),
        )
        .unwrap();
        let api = ApplicationChange {
            identifier_uris: Some(vec!["api://contoso/orders".to_owned()]),
            scopes: Some(vec![scope]),
            ..ApplicationChange::default()
        };
        self.change(&self.web, api).await;
        let wants = ApplicationChange {
            required_access: Some(vec![RequiredAccess {
                api: self.web.made.app,
                access: vec![(Uuid::from_u128(5), AccessKind::Scope)],
            }]),
            ..ApplicationChange::default()
        };
        self.change(&self.program, wants).await;
        let client = self.program.made.app.to_string();
        let challenge = crate::tokens_house::challenge();
        let scope = "api://contoso/orders/orders.read offline_access";
        let request = AuthorizeRequest {
            scope: Some(scope),
            code_challenge: Some(&challenge),
            code_challenge_method: Some("S256"),
            ..crate::tokens_house::ask(&client, crate::tokens_house::LOCAL, "common")
        };
        let session = self.session(&self.clerk).await;
        let code = Secret::new(field(&self.authorize(&request, &session).await.unwrap(), "code"));
        let verifier = Secret::new(crate::tokens_house::VERIFIER);
        let request = TokenRequest {
            code: Some(&code),
            code_verifier: Some(&verifier),
            scope: Some(scope),
            ..redeem(&client, crate::tokens_house::LOCAL, "common")
        };
        self.token(&request).await.unwrap().access_token
    }

    async fn contract(&self) {
        let mut tx = self.house.begin().await;
        contract_begin(&self.house.ctx, &mut tx, self.partner.id, self.customer.id).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn agent(&self, who: ObjectId, role: Role, member: bool) {
        if !member {
            return self.house.role_take(self.partner.id, who, role).await;
        }
        let mut tx = self.house.begin().await;
        role_assign(&self.house.ctx, &mut tx, self.partner.id, who, role).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A refresh token of the partner-managed application for a user, got at home.
    async fn at_home(&self, app: &crate::house::App, user: &User) -> Secret {
        let client = app.made.app.to_string();
        let session = self.session(user).await;
        let request = AuthorizeRequest {
            scope: Some("User.Read offline_access"),
            ..crate::tokens_house::ask(&client, BACK, "common")
        };
        let code = Secret::new(field(&self.authorize(&request, &session).await.unwrap(), "code"));
        let request = TokenRequest {
            code: Some(&code),
            client_secret: Some(&app.secret),
            scope: Some("User.Read offline_access"),
            ..redeem(&client, BACK, "common")
        };
        self.token(&request).await.unwrap().refresh_token.unwrap()
    }
}

#[test]
fn a_partners_agent_acts_in_the_customers_tenant_as_long_as_delegated_administration_lasts() {
    at_a_desk(|desk| async move {
        let app = desk.managed_app().await;
        let client = app.made.app.to_string();
        let mut token = desk.at_home(&app, &desk.clerk).await;
        let redeem = |token: &Secret| {
            let (desk, client, secret, token) = (&desk, client.clone(), app.secret.clone(), token.clone());
            async move {
                let request = TokenRequest {
                    grant_type: Some("refresh_token"),
                    client_id: Some(&client),
                    client_secret: Some(&secret),
                    refresh_token: Some(&token),
                    resource: Some(GRAPH),
                    ..TokenRequest::new(Endpoint::V1, "northwind.example.test")
                };
                desk.token(&request).await.map_err(|refusal| refusal.code())
            }
        };
        assert_eq!(redeem(&token).await.unwrap_err(), 50_034, "no contract");
        desk.contract().await;
        assert_eq!(redeem(&token).await.unwrap_err(), 50_034, "in no agent group");
        desk.agent(desk.clerk.id, Role::AdminAgent, true).await;
        let issued = redeem(&token).await.unwrap();
        token = issued.refresh_token.unwrap();
        let said = claims(&issued.access_token);
        for (claim, expected) in [
            ("tid", json!(desk.customer.id.to_string())),
            ("iss", json!(format!("{ORIGIN}/{}/", desk.customer.id))),
            ("idp", json!(format!("{ORIGIN}/{}/", desk.partner.id))),
            ("oid", json!(desk.clerk.id.to_string())),
            ("wids", json!([DirectoryRole::GlobalAdmin.template().to_string()])),
        ] {
            assert_eq!(said[claim], expected, "{claim}");
        }
        let bearer = issued.access_token.reveal();
        let seen = desk.house.verify_whole(bearer, &[MICROSOFT_GRAPH]).await.unwrap();
        let by = HeldBy::DelegatedAdmin { group: Role::AdminAgent };
        assert_eq!(seen.directory_roles, [HeldRole { role: DirectoryRole::GlobalAdmin, by }]);
        assert_eq!((seen.tenant, seen.home()), (desk.customer.id, desk.partner.id));
        assert!(seen.roles.is_empty(), "channel roles are for the partner's own tenant");
        assert!(seen.rights.contains("Directory.AccessAsUser.All"), "pre-consented: {:?}", seen.rights);

        // The helpdesk is let in too, with less.
        desk.agent(desk.clerk.id, Role::AdminAgent, false).await;
        assert_eq!(desk.house.verify(bearer, &[MICROSOFT_GRAPH]).await, Err(Reason::TokenInvalid), "at once");
        desk.agent(desk.clerk.id, Role::HelpdeskAgent, true).await;
        let issued = redeem(&token).await.unwrap();
        let helpdesk = json!([DirectoryRole::HelpdeskAdmin.template().to_string()]);
        assert_eq!(claims(&issued.access_token)["wids"], helpdesk);
        let (ctx, db) = (&desk.house.ctx, &desk.house.db);
        delegated_admin_remove(ctx, db, desk.partner.id, desk.customer.id).await.unwrap();
        assert_eq!(redeem(&issued.refresh_token.unwrap()).await.unwrap_err(), 50_034);
        let bearer = issued.access_token.reveal();
        assert_eq!(desk.house.verify(bearer, &[MICROSOFT_GRAPH]).await, Err(Reason::TokenInvalid));
    });
}

/// What was looked up of a token is remembered; the end of a relationship is not a change that anybody makes.
#[test]
fn a_token_loses_what_a_granular_relationship_gave_when_that_ends() {
    at_a_desk(|desk| async move {
        let (house, app) = (&desk.house, desk.managed_app().await);
        let client = app.made.app.to_string();
        let token = desk.at_home(&app, &desk.clerk).await;
        let group = house.group(desk.partner.id, "care", desk.clerk.id).await;
        let (reader, helper) = (DirectoryRole::GlobalReader, DirectoryRole::HelpdeskAdmin);
        for (role, duration) in [(helper, "P1D"), (reader, "P10D")] {
            let name = format!("Care as {role}");
            let new = NewRelationship { duration: duration.to_owned(), ..wanted(&name, &[role]) };
            let id = house.active(&desk.partner, &desk.customer, new).await.id;
            let (ctx, db, partner) = (&house.ctx, &house.db, desk.partner.id);
            access_assignment_create(ctx, db, partner, &id, group, &[role.template()]).await.unwrap();
        }
        house.advance("2026-01-11T15:30:00Z");
        let request = TokenRequest {
            grant_type: Some("refresh_token"),
            client_id: Some(&client),
            client_secret: Some(&app.secret),
            refresh_token: Some(&token),
            resource: Some(GRAPH),
            ..TokenRequest::new(Endpoint::V1, "northwind.example.test")
        };
        let issued = desk.token(&request).await.unwrap();
        let holds = |expected: &'static [DirectoryRole]| {
            let (house, bearer) = (&desk.house, issued.access_token.reveal());
            async move {
                let seen = house.verify_whole(bearer, &[MICROSOFT_GRAPH]).await.unwrap();
                let mut roles: Vec<_> = seen.directory_roles.iter().map(|held| held.role).collect();
                roles.sort();
                assert_eq!(roles, expected);
            }
        };
        const BOTH: &[DirectoryRole] = &[DirectoryRole::GlobalReader, DirectoryRole::HelpdeskAdmin];
        holds(BOTH).await;
        house.advance("2026-01-11T15:59:59Z");
        let epoch = house.db.access_epoch();
        holds(BOTH).await;
        house.advance("2026-01-11T16:00:00Z");
        holds(&[DirectoryRole::GlobalReader]).await;
        assert_eq!(house.db.access_epoch(), epoch, "nobody changed anything");
    });
}

#[test]
fn a_pre_consented_application_acts_for_itself_at_every_customer() {
    at_a_desk(|desk| async move {
        let (app, plain) = (desk.managed_app().await, &desk.web);
        let at_customer = |app: &crate::house::App| {
            let (desk, client, secret) = (&desk, app.made.app.to_string(), app.secret.clone());
            async move {
                let request = TokenRequest {
                    grant_type: Some("client_credentials"),
                    client_id: Some(&client),
                    client_secret: Some(&secret),
                    scope: Some("https://graph.microsoft.com/.default"),
                    ..TokenRequest::new(Endpoint::V2, "northwind.example.test")
                };
                desk.token(&request).await.map_err(|refusal| refusal.code())
            }
        };
        assert_eq!(at_customer(&app).await.unwrap_err(), 700_016, "no contract");
        desk.contract().await;
        assert_eq!(at_customer(plain).await.unwrap_err(), 700_016, "not managed");
        let issued = at_customer(&app).await.unwrap();
        let said = claims(&issued.access_token);
        assert_eq!(said["tid"], desk.customer.id.to_string());
        assert_ne!(said["oid"], app.made.principal.to_string(), "its principal in that tenant");
        let roles: Vec<_> = said["roles"].as_array().unwrap().iter().map(|role| role.as_str().unwrap()).collect();
        assert!(roles.contains(&"User.ReadWrite.All"), "{roles:?}");
        let seen = desk.house.verify_whole(issued.access_token.reveal(), &[MICROSOFT_GRAPH]).await.unwrap();
        assert!(seen.rights.contains("User.ReadWrite.All"));
        assert_eq!(seen.tenant, desk.customer.id);
        // Its own principal out of AdminAgents: not managed any more, and what is out is worth nothing.
        desk.agent(app.made.principal, Role::AdminAgent, false).await;
        let seen = desk.house.verify_whole(issued.access_token.reveal(), &[MICROSOFT_GRAPH]).await;
        assert!(seen.is_ok_and(|seen| seen.rights.is_empty()));
    });
}

#[test]
fn a_service_calls_on_behalf_of_the_user_that_called_it() {
    at_a_desk(|desk| async move {
        let (web, called_with) = (desk.web.made.app.to_string(), desk.called().await);
        assert_eq!(claims(&called_with)["aud"], "api://contoso/orders");

        let other = desk.program_tokens(&desk.clerk).await;
        let of_app = desk.house.issue(&desk.web, &desk.web.secret, "api://contoso/orders").await.unwrap();
        let (of_app, id_token, forged) = (Secret::new(of_app), other.id_token.unwrap(), Secret::new("a.b.c"));
        let good = || TokenRequest {
            grant_type: Some("urn:ietf:params:oauth:grant-type:jwt-bearer"),
            client_id: Some(&web),
            client_secret: Some(&desk.web.secret),
            assertion: Some(&called_with),
            requested_token_use: Some("on_behalf_of"),
            scope: Some("User.Read openid profile offline_access"),
            ..TokenRequest::new(Endpoint::V2, "contoso.example.test")
        };
        let wrong = Secret::new("guessed");
        for (case, request, expected) in [
            ("for another API", TokenRequest { assertion: Some(&other.access_token), ..good() }, 500_131),
            ("of an application", TokenRequest { assertion: Some(&of_app), ..good() }, 50_013),
            ("an ID token", TokenRequest { assertion: Some(&id_token), ..good() }, 50_013),
            ("forged", TokenRequest { assertion: Some(&forged), ..good() }, 50_013),
            ("absent", TokenRequest { assertion: None, ..good() }, 900_144),
            ("for another use", TokenRequest { requested_token_use: Some("x"), ..good() }, 90_014),
            ("no secret", TokenRequest { client_secret: None, ..good() }, 7_000_218),
            ("a wrong secret", TokenRequest { client_secret: Some(&wrong), ..good() }, 7_000_215),
            ("elsewhere", TokenRequest { tenant: "northwind.example.test", ..good() }, 50_013),
            ("without consent", TokenRequest { scope: Some("User.ReadWrite.All"), ..good() }, 65_001),
            ("nothing wrong", good(), 0),
            ("again", good(), 0),
        ] {
            assert_eq!(desk.refused(&request).await, expected, "{case}");
        }
        let issued = desk.token(&good()).await.unwrap();
        let said = claims(&issued.access_token);
        assert_eq!((&said["appid"], &said["oid"]), (&json!(web), &json!(desk.clerk.id.to_string())));
        assert!(issued.refresh_token.is_some());
        desk.house.advance("2026-01-10T17:05:00Z");
        assert_eq!(desk.refused(&good()).await, 50_013, "expired");
    });
}

#[test]
fn the_password_grant_is_served_where_the_operator_says_so() {
    at_a_desk(|desk| async move {
        let operator = user(&desk.house, &desk.partner, "operator").await;
        let client = desk.program.made.app.to_string();
        let (good, wrong) = (Secret::new(crate::people_house::GOOD), Secret::new("wrong"));
        let request = |name, password| TokenRequest {
            grant_type: Some("password"),
            client_id: Some(&client),
            username: Some(name),
            password: Some(password),
            scope: Some(crate::tokens_house::SCOPE),
            ..TokenRequest::new(Endpoint::V2, "common")
        };
        assert_eq!(desk.refused(&request(&operator.name, &good)).await, 70_003, "off unless switched on");
        let on = SignInRules { password_grant: true, ..SignInRules::default() };
        for (case, asked, expected) in [
            ("a wrong password", request(&operator.name, &wrong), 50_126),
            ("nobody", request("nobody@contoso.example.test", &good), 50_126),
            ("no password", TokenRequest { password: None, ..request(&operator.name, &good) }, 900_144),
            ("no name", TokenRequest { username: None, ..request(&operator.name, &good) }, 900_144),
            (
                "another tenant",
                TokenRequest { tenant: "northwind.example.test", ..request(&operator.name, &good) },
                50_034,
            ),
            ("nothing wrong", request(&operator.name, &good), 0),
        ] {
            let seen = desk.token_by(on, &asked).await.map_or_else(|refusal| refusal.code(), |_| 0);
            assert_eq!(seen, expected, "{case}");
        }
        let issued = desk.token_by(on, &request(&operator.name, &good)).await.unwrap();
        assert!(issued.refresh_token.is_some() && issued.id_token.is_some());
        assert_eq!(claims(&issued.access_token)["amr"], json!(["pwd"]));
    });
}
