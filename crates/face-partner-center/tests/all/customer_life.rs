//! How customers come by way of a reseller, and how they go.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_commerce::{NewApplication, NewPartner, Partner, Standing, partner_sign_up_as};
use tenantry_core::{Currency, Factor, Identity, Role};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{App, Channel, Reply, SUFFIX, on_every_engine};

/// Signs up a partner where it is to stand in the channel; it and its token.
async fn partner(channel: &Channel, (name, mpn_id): (&str, &str), standing: Standing) -> (Partner, String) {
    let world = channel.world();
    let new = NewPartner {
        company_name: format!("{name} Ltd"),
        domain: format!("{name}.{SUFFIX}"),
        address: channel.partner.address.clone(),
        email: format!("ops@{name}.test"),
        culture: "en-US".to_owned(),
        language: "en".to_owned(),
        mpn_id: mpn_id.to_owned(),
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

fn new_customer(prefix: &str, associated: Option<&str>) -> Value {
    let address = json!({
        "country": "US", "city": "Seattle", "state": "WA", "addressLine1": "1 Harbour Rd", "postalCode": "98101",
    });
    json!({
        "associatedPartnerId": associated, "companyProfile": {"domain": format!("{prefix}.example.test")},
        "billingProfile": {
            "email": "ops@northwind.test", "culture": "en-US", "language": "en", "companyName": prefix,
            "defaultAddress": address,
        },
    })
}

fn answer(reply: &Reply) -> String {
    match reply.status {
        200..=299 => reply.status.to_string(),
        status => format!("{status} {}", fault(reply)),
    }
}

#[test]
fn an_indirect_provider_creates_customers_of_its_resellers() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let channel = &desk.channel;
        let (above, token) = partner(channel, ("distro", "100"), Standing::IndirectProvider).await;
        let below = || Standing::Reseller { indirect_provider: above.tenant, factor: Factor::parse("1.05").unwrap() };
        let (corner, corner_token) = partner(channel, ("corner", "200"), below()).await;
        partner(channel, ("market", "300"), below()).await;
        partner(channel, ("square", "300"), below()).await;
        let create = async |token: &str, prefix: &str, associated: Option<&str>| {
            let body = new_customer(prefix, associated);
            desk.client.post("/v1/customers").token(token).json(&body).send().await
        };
        let reseller = corner.tenant.to_string();
        for (prefix, named) in [("northwind", reseller.as_str()), ("tailspin", "200")] {
            let made = create(&token, prefix, Some(named)).await.expect(201).json();
            assert_eq!(made["associatedPartnerId"], json!(reseller), "{named}");
            let path = format!("/v1/customers/{}", made["id"].as_str().unwrap());
            let seen = desk.client.get(&path).token(&token).send().await.expect(200).json();
            assert_eq!(seen["associatedPartnerId"], json!(reseller));
            let own = desk.client.get(&path).token(&corner_token).send().await.expect(200).json();
            assert_eq!(own.get("associatedPartnerId"), None, "to the reseller it is simply its customer");
        }
        for (prefix, named) in
            [("alpine", None), ("coho", Some(above.tenant.to_string())), ("datum", Some(String::new()))]
        {
            let made = create(&token, prefix, named.as_deref()).await.expect(201).json();
            assert_eq!(made.get("associatedPartnerId"), None, "{named:?}");
        }
        let stranger = channel.stranger.tenant.to_string();
        for (token, named) in [
            (&token, "nobody"),
            (&token, "300"),
            (&token, &stranger),
            (&corner_token, "300"),
            (&corner_token, &above.tenant.to_string()),
            (&desk.token, &reseller),
        ] {
            let refused = create(token, "fourthcoffee", Some(named)).await;
            assert_eq!(answer(&refused), "400 800016 associatedPartnerId", "{named}");
        }
    });
}

#[test]
fn a_relationship_ends_and_the_customer_is_gone() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::GlobalAdmin]).await;
        let customer = desk.channel.customer("Northwind").await;
        let subscription = desk.channel.order_usage(&customer).await;
        let path = format!("/v1/customers/{}", customer.id);
        let end = async |body: &str| desk.send(&format!("PATCH {path}/"), &[], body).await;
        const NONE: &str = r#"{"RelationshipToPartner":"None","Attributes":{"ObjectType":"Customer"}}"#;
        for (body, expected) in [
            ("{}", "400 3000 relationshipToPartner"),
            (r#"{"relationshipToPartner":"reseller"}"#, "400 800042 relationshipToPartner"),
            (r#"{"relationshipToPartner":"friend"}"#, "400 3000 relationshipToPartner"),
            (r#"{"relationshipToPartner":null}"#, "400 3000 relationshipToPartner"),
            ("[]", "400 3000 body"),
            (NONE, "417 800036 relationshipToPartner"),
        ] {
            assert_eq!(answer(&end(body).await), expected, "{body}");
        }
        let suspend = format!("PATCH {path}/subscriptions/{}", subscription.id);
        assert_eq!(desk.send(&suspend, &[], r#"{"status":"suspended"}"#).await.status, 200);
        let ended = end(NONE).await.expect(200).json();
        assert_eq!(ended, json!({"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}));
        assert_eq!(answer(&desk.send(&format!("GET {path}"), &[], "").await), "404 60003");
        assert_eq!(answer(&end(NONE).await), "404 60003");
        assert_eq!(desk.send("GET /v1/customers", &[], "").await.json()["totalCount"], 0);
        let theirs = customer_of_stranger(&desk.channel).await.id;
        assert_eq!(answer(&desk.send(&format!("PATCH /v1/customers/{theirs}"), &[], NONE).await), "404 60003");
    });
}

#[test]
fn a_sandbox_customer_is_deleted_and_its_domain_is_free() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let subscription = desk.channel.order_seats(&customer, 2).await;
        let path = format!("/v1/customers/{}", customer.id);
        let delete = async || answer(&desk.send(&format!("DELETE {path}"), &[], "").await);
        assert_eq!(delete().await, "417 800036 relationshipToPartner");
        let suspend = format!("PATCH {path}/subscriptions/{}", subscription.id);
        assert_eq!(desk.send(&suspend, &[], r#"{"status":"suspended"}"#).await.status, 200);
        let domain = async || desk.send("HEAD /v1/domains/northwind.example.test", &[], "").await.status;
        assert_eq!(domain().await, 200);
        assert_eq!(delete().await, "204");
        assert_eq!((domain().await, delete().await), (404, "404 60003".to_owned()));
        let again = desk.send("POST /v1/customers", &[], &new_customer("northwind", None).to_string()).await;
        assert_eq!(again.status, 201);
        let theirs = customer_of_stranger(&desk.channel).await.id;
        assert_eq!(answer(&desk.send(&format!("DELETE /v1/customers/{theirs}"), &[], "").await), "404 60003");
        let other = desk.channel.customer("Tailspin").await.id;
        let desk = desk.with_roles(&[Role::SalesAgent]).await;
        assert_eq!(answer(&desk.send(&format!("DELETE /v1/customers/{other}"), &[], "").await), "403 900150");
    });
}

#[test]
fn an_offset_passes_over_customers_that_are_left() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let mut made = Vec::new();
        for name in ["Alpine", "Coho", "Datum"] {
            made.push(desk.channel.customer(name).await.id);
        }
        assert_eq!(desk.send(&format!("DELETE /v1/customers/{}", made[0]), &[], "").await.status, 204);
        for (offset, expected) in [(0, "Coho Datum"), (1, "Datum"), (2, "")] {
            let page = desk.send(&format!("GET /v1/customers?offset={offset}"), &[], "").await.expect(200).json();
            let names = page["items"].as_array().unwrap().iter();
            let names: Vec<_> = names.map(|item| item["companyProfile"]["companyName"].as_str().unwrap()).collect();
            assert_eq!(names.join(" "), expected, "{offset}");
        }
    });
}
