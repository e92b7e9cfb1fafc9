//! Invitations, the partners beside one in the channel, and a partner's application in a customer's tenant.

use crate::desk::{Desk, fault};
use serde_json::json;
use tenantry_commerce::{NewApplication, NewPartner, Partner, Standing, partner_sign_up_as};
use tenantry_core::{Currency, Factor, Identity, Role};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{App, Channel, SUFFIX, on_every_engine};

/// Microsoft Graph, as an application.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

#[test]
fn the_invitation_is_one_and_names_the_partner() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let ask = async || desk.send("GET /v1/customers/relationshiprequests", &[], "").await.expect(200).json();
        let url = ask().await["url"].as_str().unwrap().to_owned();
        assert_eq!(ask().await["url"], json!(url), "it stays");
        let partner = desk.channel.partner.tenant;
        assert!(url.contains(&format!("invType=ResellerRelationship&partnerId={partner}&")), "{url}");
        let id = url.split("relationship-requests/").nth(1).unwrap().split('?').next().unwrap();
        assert!(uuid::Uuid::try_parse(id).is_ok(), "{url}");
    });
}

#[test]
fn a_partner_alone_has_nobody_beside_it() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        for path in [
            "/v1/relationships".to_owned(),
            "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf".to_owned(),
            "/v1/relationships?relationship_type=is_indirect_reseller_of".to_owned(),
            format!("/v1/customers/{}/relationships", customer.id),
        ] {
            let reply = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
            assert_eq!(reply["totalCount"], 0, "{path}");
        }
        for (query, expected) in [
            ("relationship_type=IsFriendOf", "400 3000 relationship_type"),
            (
                "filter=%7B%22Field%22:%22MpnId%22,%22Value%22:%227%22,%22Operator%22:%22equals%22%7D",
                "400 800042 filter",
            ),
            ("filter=x", "400 3000 filter"),
        ] {
            let reply = desk.send(&format!("GET /v1/relationships?{query}"), &[], "").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{query}");
        }
    });
}

/// Signs up a partner where it is to stand in the channel; it and its token.
pub(crate) async fn partner(channel: &Channel, name: &str, standing: Standing) -> (Partner, String) {
    let world = channel.world();
    let new = NewPartner {
        company_name: format!("{name} Ltd"),
        domain: format!("{name}.{SUFFIX}"),
        address: channel.partner.address.clone(),
        email: format!("ops@{name}.test"),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        mpn_id: "4711".to_owned(),
        markets: vec!["US".to_owned()],
        currency: Currency::USD,
    };
    let application = NewApplication { name: "Control panel", roles: &[Role::AdminAgent, Role::GlobalAdmin] };
    let ctx = world.system("test");
    let signed_up = partner_sign_up_as(&ctx, world.db(), SUFFIX, standing, new, Some(application)).await.unwrap();
    let (partner, (registered, secret)) = (signed_up.0, signed_up.1.unwrap());
    let identity = Identity {
        app: registered.app,
        principal: registered.principal,
        tenant: partner.tenant,
        ..channel.partner_app.identity.clone()
    };
    let token = channel.token(&App { identity, secret }, PARTNER_CENTER).await;
    (partner, token)
}

#[test]
fn an_indirect_provider_sees_its_resellers_and_they_see_it() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (above, above_token) = partner(&desk.channel, "distro", Standing::IndirectProvider).await;
        let below = |factor: &str| Standing::Reseller {
            indirect_provider: above.tenant,
            factor: Factor::parse(factor).unwrap(),
        };
        let (corner, corner_token) = partner(&desk.channel, "corner", below("1.05")).await;
        let (market, _) = partner(&desk.channel, "market", below("1.1")).await;
        let ask = async |token: &str, query: &str| {
            let path = format!("/v1/relationships{query}");
            let reply = desk.client.request("GET", &path).token(token).send().await.expect(200).json();
            let items = reply["items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|item| format!("{} {}", item["id"].as_str().unwrap(), item["name"].as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        let (corner_line, market_line) =
            (format!("{} corner Ltd", corner.tenant), format!("{} market Ltd", market.tenant));
        let both = [corner_line.clone(), market_line.clone()];
        assert_eq!(ask(&above_token, "?relationship_type=IsIndirectCloudSolutionProviderOf").await, both);
        assert_eq!(ask(&above_token, "").await, both);
        let named = |operator: &str, value: &str| {
            format!("?filter=%7B%22Field%22:%22Name%22,%22Value%22:%22{value}%22,%22Operator%22:%22{operator}%22%7D")
        };
        assert_eq!(ask(&above_token, &named("starts_with", "COR")).await, [corner_line]);
        assert_eq!(ask(&above_token, &named("substring", "arke")).await, [market_line]);
        assert_eq!(ask(&above_token, &named("starts_with", "arke")).await, [""; 0]);
        assert_eq!(ask(&above_token, "?relationship_type=IsIndirectResellerOf").await, [""; 0]);
        for query in ["", "?relationship_type=isindirectresellerof"] {
            assert_eq!(ask(&corner_token, query).await, [format!("{} distro Ltd", above.tenant)], "{query}");
        }
        assert_eq!(ask(&corner_token, "?relationship_type=IsIndirectCloudSolutionProviderOf").await, [""; 0]);
    });
}

#[test]
fn an_application_is_let_into_a_customers_tenant_and_put_out_again() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let path = format!("/v1/customers/{}/applicationconsents", customer.id);
        let app = desk.channel.partner_app.identity.app.to_string();
        let body = json!({
            "DisplayName": "Panel", "ApplicationId": app,
            "ApplicationGrants": [{"EnterpriseApplicationId": GRAPH, "Scope": "User.Read,Directory.AccessAsUser.All"}],
        });
        let given = desk.send(&format!("POST {path}"), &[], &body.to_string()).await.expect(201).json();
        assert_eq!(given["applicationGrants"][0]["scope"], "Directory.AccessAsUser.All,User.Read", "{given}");
        let wrong = [
            (json!({}), "400 3000 applicationId"),
            (json!({"applicationId": "x"}), "400 3000 applicationId"),
            (json!({"applicationId": app}), "400 3000 applicationGrants"),
            (
                json!({"applicationId": app, "applicationGrants": [{}]}),
                "400 3000 applicationGrants[0].enterpriseApplicationId",
            ),
            (
                json!({"applicationId": app, "applicationGrants": [{"enterpriseApplicationId": GRAPH}]}),
                "400 3000 applicationGrants[0].scope",
            ),
            (
                json!({"applicationId": GRAPH.replace('3', "9"), "applicationGrants": body["ApplicationGrants"]}),
                "404 1000",
            ),
        ];
        for (body, expected) in wrong {
            let reply = desk.send(&format!("POST {path}"), &[], &body.to_string()).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{body}");
        }
        let one = format!("DELETE {path}/{app}");
        assert_eq!(desk.send(&one, &[], "").await.status, 204);
        assert_eq!(fault(&desk.send(&one, &[], "").await.expect(404)), "1000");
    });
}
