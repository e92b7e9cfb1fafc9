//! Every route as nobody, and every route with an id in its path as another partner: 401, and nothing there.
//!
//! The routes come from the route table and the ids in them are real, so a new route is tried the day it is added. The
//! owner asks the same question: to it the thing is there, or the stranger's 404 would prove nothing.

use crate::desk::{Desk, customer_of_stranger, fault};
use crate::devices::brought_in;
use crate::ids::Ids;
use crate::usage::Trade;
use std::collections::BTreeSet;
use tenantry_commerce::Subscription;
use tenantry_core::AppId;
use tenantry_directory::{PARTNER_CENTER, customer_consent_give};
use tenantry_face_partner_center::face;
use tenantry_http::Route;
use tenantry_notify::{NewRegistration, Topic, registration_create, trial_ask};
use tenantry_support::{Contact, NewTicket, Severity, ticket_create};
use tenantry_testkit::{Channel, ORIGIN, on_every_engine};

/// Routes with a parameter that names nobody's own: the catalogue is the same to all partners, and that a domain is
/// taken is no secret; neither are the rules of a country. This list may only become shorter.
const PUBLIC: [&str; 13] = [
    "agreements.document",
    "agreements.text",
    "domains.exists",
    "domains.available",
    "offers.get",
    "offers.addons.list",
    "country-rules.get",
    "products.get",
    "products.skus.list",
    "products.skus.get",
    "products.availabilities.list",
    "products.availabilities.get",
    "webhooks.certificates.get",
];

/// Its last segment is the language of something new; who has which tickets is tried with their own.
const NEW_REQUEST: &str = "service-requests.create";

/// Things of two parties, or whose customer is named in the body: their own tests try them with strangers (`self_serve.rs`,
/// `transfers.rs`, `azure_plans.rs`). So are migrations (`new_commerce.rs`), which nobody has made here.
const TRIED_ELSEWHERE: [&str; 5] = ["{policy}", "{transfer}", "{upgrade}", "{migration}", "{schedule}"];

/// What a partner asks about its own house: it names nothing of anybody else's (`account.rs` tries it with strangers).
const OWN_HOUSE: [&str; 2] = ["compliance.agreement-status", "roles.members.list"];

/// What a stranger is told: that the outermost thing it named is not there (partner-center-v1.md 6.7).
fn code(pattern: &str) -> &'static str {
    let codes = [
        ("{customer}", "60003"),
        ("{invoice}", "1000"),
        ("{correlationId}", "1000"),
        ("{id}", "1000"),
        ("{request}", "1000"),
    ];
    let found = codes.into_iter().find(|(parameter, _)| pattern.contains(parameter));
    found.unwrap_or_else(|| panic!("who owns what {pattern} names? Say here what a stranger is told")).1
}

fn with_ids() -> impl Iterator<Item = Route> {
    let names_something = |route: &Route| route.pattern.contains('{') && route.operation != NEW_REQUEST;
    let elsewhere = |route: &Route| TRIED_ELSEWHERE.iter().any(|parameter| route.pattern.contains(parameter));
    let told = |route: &Route| PUBLIC.contains(&route.operation) || OWN_HOUSE.contains(&route.operation);
    let tried = move |route: &Route| names_something(route) && !elsewhere(route) && !told(route);
    face(ORIGIN).routes.into_iter().filter(tried)
}

#[test]
fn nobody_learns_anything() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let ids = Ids::default();
        for route in face(ORIGIN).routes.into_iter().filter(|route| route.authenticated) {
            let reply = desk.send_as(None, route.method.as_str(), &ids.path(&route)).await.expect(401);
            assert_eq!(fault(&reply), "800001 Authorization", "{route:?}");
        }
    });
}

#[test]
fn strangers_find_nothing_where_the_owner_finds_something() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let channel = &trade.desk.channel;
        channel.advance_to("2026-02-10").await;
        let number = trade.get("/invoices").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let ids = Ids {
            application: let_in(channel, &trade.shop).await,
            trial: trial(channel).await,
            record: record(&trade).await,
            cart: cart(&trade).await,
            request: request(channel, &trade.shop).await,
            devices: brought_in(channel, trade.shop.customer).await,
            ..Ids::of(&trade.shop, &number)
        };
        let (owner, stranger) = tokens(channel).await;
        for route in with_ids() {
            let (method, path) = (route.method.as_str(), ids.path(&route));
            let reply = trade.desk.send_as(Some(&stranger), method, &path).await.expect(404);
            assert_eq!(fault(&reply), code(route.pattern), "{route:?}");
            for secret in ["Northwind", "CONTOSO", "contoso", "Microsoft Azure"] {
                assert!(!reply.text().contains(secret), "{route:?}: {reply}");
            }
            let reply = trade.desk.send_as(Some(&owner), method, &path).await;
            assert!(reply.status < 500 && reply.status != 404, "{route:?}: {reply}");
        }
    });
}

#[test]
fn strangers_find_nothing_under_a_customer_of_their_own() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let channel = &trade.desk.channel;
        let customer = customer_of_stranger(channel).await;
        let ids = Ids { customer: customer.id.to_string(), ..Ids::of(&trade.shop, "D269999999") };
        let (_, stranger) = tokens(channel).await;
        let mut tried = BTreeSet::new();
        for route in with_ids() {
            let code = match route.pattern {
                pattern if pattern.contains("{subscription}") => "20003",
                pattern if pattern.contains("{order}") => "20000",
                pattern if pattern.contains("{cart}") => "800008 cartId",
                _ => continue,
            };
            let reply = trade.desk.send_as(Some(&stranger), route.method.as_str(), &ids.path(&route)).await.expect(404);
            assert_eq!(fault(&reply), code, "{route:?}");
            tried.insert(code);
        }
        assert_eq!(tried.len(), 3);
    });
}

#[test]
fn what_is_public_is_there_for_strangers() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (_, stranger) = tokens(&desk.channel).await;
        let routes = face(ORIGIN).routes;
        for operation in PUBLIC {
            let route = routes.iter().find(|route| route.operation == operation);
            let route = route.unwrap_or_else(|| panic!("{operation} is no route any more; take it off the list"));
            let certificate = desk.channel.world().keys().jwks("")[0].kid.clone();
            let ids = Ids { domain: desk.channel.partner.domain.clone(), certificate, ..Ids::default() };
            let reply = desk.send_as(Some(&stranger), route.method.as_str(), &ids.path(route)).await;
            assert_eq!(reply.status, 200, "{route:?}");
        }
    });
}

/// A request for help about the customer.
async fn request(channel: &Channel, sold: &Subscription) -> String {
    let new = NewTicket {
        partner: sold.partner,
        customer: Some(sold.customer),
        title: "A line is missing".to_owned(),
        description: "There is no storage.".to_owned(),
        severity: Some(Severity::Minimal),
        topic: Some(1),
        contact: Contact::default(),
    };
    ticket_create(&channel.partner_ctx(), channel.world().db(), new).await.unwrap().number.to_string()
}

/// The partner's application, let into the customer's tenant.
async fn let_in(channel: &Channel, sold: &Subscription) -> String {
    let (world, app) = (channel.world(), channel.partner_app.identity.app);
    let graph = AppId::parse("00000003-0000-0000-c000-000000000000").unwrap();
    let grants = [(graph, BTreeSet::from(["User.Read".to_owned()]))];
    customer_consent_give(&world.system("test"), world.db(), (sold.partner, sold.customer), app, &grants)
        .await
        .unwrap();
    app.to_string()
}

/// A trial that the partner asked for.
async fn trial(channel: &Channel) -> String {
    let (ctx, db, partner) = (channel.partner_ctx(), channel.world().db(), channel.partner.tenant);
    let (url, topics) = ("https://hooks.contoso.example/in".to_owned(), Topic::ALL.into_iter().collect());
    registration_create(&ctx, db, true, partner, NewRegistration { url, topics, own_header: false }).await.unwrap();
    trial_ask(&ctx, db, partner).await.unwrap().to_string()
}

/// A record of what the partner did.
async fn record(trade: &Trade) -> String {
    // The desk's own token is of January.
    let (owner, _) = tokens(&trade.desk.channel).await;
    let list = trade.desk.send_as(Some(&owner), "GET", "/v1/auditrecords?startDate=2026-01-01").await;
    let list = list.expect(200).json();
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

/// A cart of the partner's for the customer.
async fn cart(trade: &Trade) -> String {
    let (owner, _) = tokens(&trade.desk.channel).await;
    let carts = format!("/v1/customers/{}/carts", trade.shop.customer);
    let body = r#"{"lineItems":[{"id":0,"catalogItemId":"MS-AZR-0145P","quantity":1}]}"#;
    let made = trade.desk.client.request("POST", &carts).token(&owner).body(body).send().await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// The partner's and the stranger's.
async fn tokens(channel: &Channel) -> (String, String) {
    let token = async |app| channel.token(app, PARTNER_CENTER).await;
    (token(&channel.partner_app).await, token(&channel.stranger_app).await)
}
