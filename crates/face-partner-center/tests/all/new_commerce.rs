//! Migrations into the modern catalogue: judged, made, scheduled, called off, listed.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_commerce::{Customer, Subscription};
use tenantry_core::Role;
use tenantry_testkit::{Bench, Reply, on_every_engine};

const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
const E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";
const M365_E5: &str = "8BDBB60B-E526-43E9-92EF-AB760C8E0B72";
const CALLING_PLAN: &str = "DED34535-507F-4246-8370-F9180318C537";
const MODERN_E3: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A customer with five seats of the old catalogue.
struct Seats {
    desk: Desk,
    customer: Customer,
    old: Subscription,
}

impl Seats {
    async fn new(bench: &Bench) -> Self {
        let desk = Desk::new(bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, E3, 5).await;
        Self { desk, customer, old }
    }

    fn own(&self) -> String {
        format!("/v1/customers/{}/migrations/newcommerce", self.customer.id)
    }

    /// What is asked for of the seats, and of something else if it says so.
    fn of_seats(&self, more: Value) -> Value {
        let mut body = json!({"currentSubscriptionId": self.old.id});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.desk.send(&format!("{method} {path}"), &[], &body).await
    }

    async fn subscription(&self, id: &str) -> Value {
        let path = format!("/v1/customers/{}/subscriptions/{id}", self.customer.id);
        self.send("GET", &path, &Value::Null).await.expect(200).json()
    }
}

fn told(reply: &Reply) -> String {
    format!("{} {}", reply.status, fault(reply))
}

#[test]
fn seats_go_on_in_the_modern_catalogue() {
    on_every_engine(|bench| async move {
        let seats = Seats::new(&bench).await;
        let own = seats.own();
        let before = seats.subscription(&seats.old.id.to_string()).await;
        let judged =
            seats.send("POST", &format!("{own}/validate"), &seats.of_seats(json!({}))).await.expect(200).json();
        let end = before["commitmentEndDate"].clone();
        assert_eq!(
            (&judged["isEligible"], &judged["catalogItemId"], &judged["billingCycle"], &judged["customTermEndDate"]),
            (&json!(true), &json!(MODERN_E3), &json!("monthly"), &end)
        );
        assert_eq!((&judged["errors"], &judged["termDuration"]), (&json!([]), &json!("P1Y")));
        let wanted = seats.of_seats(json!({"quantity": 7, "externalReferenceId": "wave-1", "purchaseFullTerm": false}));
        let made = seats.send("POST", &own, &wanted).await.expect(201).json();
        assert_eq!(
            (&made["status"], &made["quantity"], &made["subscriptionEndDate"]),
            (&json!("Completed"), &json!(7), &end)
        );
        let new = made["newCommerceSubscriptionId"].as_str().unwrap();
        let now = seats.subscription(new).await;
        assert_eq!(
            (&now["offerId"], &now["quantity"], &now["status"], &now["commitmentEndDate"]),
            (&json!(MODERN_E3), &json!(7), &json!("active"), &end)
        );
        assert_eq!(now["migratedFromSubscriptionId"], before["id"]);
        assert_eq!(now["orderId"], made["newCommerceOrderId"]);
        let old = seats.subscription(&seats.old.id.to_string()).await;
        assert_eq!((&old["status"], old.get("migratedFromSubscriptionId")), (&json!("suspended"), None));
        let id = made["id"].as_str().unwrap();
        assert_eq!(seats.send("GET", &format!("{own}/{id}"), &Value::Null).await.expect(200).json(), made);
        for query in [
            format!("CustomerTenantId={}", seats.customer.id),
            format!("currentsubscriptionid={}", seats.old.id),
            "ExternalReferenceId=wave-1".to_owned(),
        ] {
            let listed = seats.send("GET", &format!("/v1/migrations/newcommerce?{query}"), &Value::Null).await;
            assert_eq!(listed.expect(200).json(), json!([made]), "{query}");
        }
        let listed = seats.send("GET", "/v1/migrations/newcommerce?ExternalReferenceId=wave-2", &Value::Null).await;
        assert_eq!(listed.expect(200).json(), json!([]));
        for query in [format!("migration_id={id}"), format!("current_subscription_id={}", seats.old.id)] {
            let events = seats.send("GET", &format!("{own}/events?{query}"), &Value::Null).await.expect(200).json();
            let names: Vec<_> = events.as_array().unwrap().iter().map(|event| event["eventName"].clone()).collect();
            assert_eq!(names, ["MigrationStarted", "MigrationCompleted"], "{query}");
        }
        // Licences are of the product: people keep them.
        let skus = format!("GET /v1/customers/{}/subscribedskus", seats.customer.id);
        let desk = seats.desk.with_person("adminagent", &[Role::AdminAgent]).await;
        let skus = desk.send(&skus, &[], "").await.expect(200).json();
        assert_eq!((&skus["totalCount"], &skus["items"][0]["activeUnits"]), (&json!(1), &json!(7)));
    });
}

#[test]
fn the_same_request_again_migrates_once() {
    on_every_engine(|bench| async move {
        let seats = Seats::new(&bench).await;
        let body = seats.of_seats(json!({})).to_string();
        let id = ["MS-RequestId: 6f1a4b2c-0000-4000-8000-000000000001"];
        let first = seats.desk.send(&format!("POST {}", seats.own()), &id, &body).await.expect(201).json();
        let again = seats.desk.send(&format!("POST {}", seats.own()), &id, &body).await.expect(201).json();
        assert_eq!(first, again);
        let other = seats.desk.send(&format!("POST {}", seats.own()), &[], &body).await;
        assert_eq!(told(&other), "400 900215 currentSubscriptionId", "it is suspended now");
    });
}

#[test]
fn what_stands_in_the_way_has_the_code_of_its_refusal() {
    on_every_engine(|bench| async move {
        let mut seats = Seats::new(&bench).await;
        let (own, channel) = (seats.own(), &seats.desk.channel);
        let e1 = channel.order(&seats.customer, E1, 2).await;
        let e5 = channel.order(&seats.customer, M365_E5, 2).await;
        let plan = json!({"lineItems": [{"lineItemNumber": 0, "offerId": CALLING_PLAN, "quantity": 1, "parentSubscriptionId": e5.id}]});
        let path = format!("/v1/customers/{}/orders/{}", seats.customer.id, e5.order);
        let reply = seats.send("PATCH", &path, &plan).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let usage = channel.order_usage(&seats.customer).await;
        let of = |id: &dyn std::fmt::Display| json!({"currentSubscriptionId": id.to_string()});
        for (body, expected) in [
            (of(&e1.id), "400 60000 currentSubscriptionId"),
            (of(&usage.id), "400 60000 currentSubscriptionId"),
            (of(&e5.id), "400 900219 addOnMigrations"),
            (seats.of_seats(json!({"quantity": 0})), "400 2002 quantity"),
            (seats.of_seats(json!({"termDuration": "P3Y"})), "400 3000 termDuration"),
            (seats.of_seats(json!({"billingCycle": "none"})), "400 6001 billingCycle"),
        ] {
            let judged = seats.send("POST", &format!("{own}/validate"), &body).await.expect(200).json();
            let code = judged["errors"][0]["code"].to_string();
            assert_eq!(
                (&judged["isEligible"], Some(code.as_str())),
                (&json!(false), expected.split(' ').nth(1)),
                "{body}"
            );
            assert_eq!(told(&seats.send("POST", &own, &body).await), expected, "{body}");
        }
        for (body, expected) in [
            (json!({}), "400 3000 currentSubscriptionId"),
            (json!([]), "400 3000 body"),
            (json!({"currentSubscriptionId": "7"}), "400 3000 currentSubscriptionId"),
            (json!({"currentSubscriptionId": NOBODY}), "404 20003"),
            (seats.of_seats(json!({"quantity": "five"})), "400 3000 quantity"),
            (seats.of_seats(json!({"customerTenantId": NOBODY})), "400 3000 customerTenantId"),
            (seats.of_seats(json!({"customTermEndDate": "2026-05-01"})), "400 800042 customTermEndDate"),
            (
                seats.of_seats(json!({"addOnMigrations": [{"currentSubscriptionId": NOBODY}]})),
                "400 900219 addOnMigrations",
            ),
            (seats.of_seats(json!({"externalReferenceId": "x".repeat(201)})), "400 3000 externalReferenceId"),
        ] {
            let refused = seats.send("POST", &own, &body).await;
            assert_eq!(told(&refused).trim_end(), expected, "{body}");
        }
        let end = seats.subscription(&seats.old.id.to_string()).await["commitmentEndDate"].as_str().unwrap().to_owned();
        let before = tenantry_core::Day::parse(&end[..10]).unwrap().number() - 1;
        seats.desk.channel.advance_to(&format!("{}T12:00:00Z", tenantry_core::Day::from_number(before))).await;
        let token = seats.desk.channel.token(&seats.desk.channel.partner_app, tenantry_directory::PARTNER_CENTER).await;
        seats.desk.token = token;
        let late = seats.send("POST", &own, &seats.of_seats(json!({}))).await;
        assert_eq!(told(&late), "400 900217 subscriptionEndDate", "the last day");
    });
}

#[test]
fn a_migration_is_made_on_its_day_or_called_off() {
    on_every_engine(|bench| async move {
        let mut seats = Seats::new(&bench).await;
        let schedules = format!("{}/schedules", seats.own());
        for (more, expected) in [
            (json!({}), "400 3000 targetDate"),
            (json!({"targetDate": "soon"}), "400 3000 targetDate"),
            (json!({"targetDate": "2020-01-01"}), "400 3000 targetDate"),
            (json!({"targetDate": "2999-13-01"}), "400 3000 targetDate"),
            (json!({"migrateOnRenewal": "yes"}), "400 3000 migrateOnRenewal"),
        ] {
            assert_eq!(told(&seats.send("POST", &schedules, &seats.of_seats(more.clone())).await), expected, "{more}");
        }
        let renewal = seats.subscription(&seats.old.id.to_string()).await["commitmentEndDate"].clone();
        let renewal = &renewal.as_str().unwrap()[..10];
        let made =
            seats.send("POST", &schedules, &seats.of_seats(json!({"migrateOnRenewal": true}))).await.expect(201).json();
        assert_eq!(
            (&made["status"], &made["targetDate"], &made["migrateOnRenewal"]),
            (&json!("Scheduled"), &json!(renewal), &json!(true))
        );
        let again = seats.send("POST", &schedules, &seats.of_seats(json!({"migrateOnRenewal": true}))).await;
        assert_eq!(told(&again), "409 900278 schedule");
        let now = seats.send("POST", &seats.own(), &seats.of_seats(json!({}))).await;
        assert_eq!(told(&now), "409 900278 schedule");
        let one = format!("{schedules}/{}", made["id"].as_str().unwrap());
        assert_eq!(seats.send("GET", &one, &Value::Null).await.expect(200).json(), made);
        let cancelled = seats.send("POST", &format!("{one}/cancel"), &Value::Null).await.expect(200).json();
        assert_eq!(cancelled["status"], "Cancelled");
        let again = seats.send("POST", &format!("{one}/cancel"), &Value::Null).await.expect(200).json();
        assert_eq!(again, cancelled, "it was called off already");
        let today = seats.desk.channel.world().clock().now().day().number();
        let day = |after: i32| tenantry_core::Day::from_number(today + after).to_string();
        let body = seats.of_seats(json!({"targetDate": day(20), "quantity": 6}));
        let made = seats.send("POST", &schedules, &body).await.expect(201).json();
        let one = format!("{schedules}/{}", made["id"].as_str().unwrap());
        // As it was read, with a day that comes sooner.
        let mut sooner = made.clone();
        sooner["targetDate"] = json!(day(10));
        sooner["externalReferenceId"] = json!("wave-2");
        let changed = seats.send("PUT", &one, &sooner).await.expect(200).json();
        assert_eq!((&changed["targetDate"], &changed["quantity"]), (&json!(day(10)), &json!(6)));
        seats.desk.channel.advance_to(&day(11)).await;
        seats.desk.token =
            seats.desk.channel.token(&seats.desk.channel.partner_app, tenantry_directory::PARTNER_CENTER).await;
        let done = seats.send("GET", &one, &Value::Null).await.expect(200).json();
        assert_eq!(done["status"], "Completed", "{done}");
        let migration = format!("{}/{}", seats.own(), done["newCommerceMigrationId"].as_str().unwrap());
        let migration = seats.send("GET", &migration, &Value::Null).await.expect(200).json();
        assert_eq!(
            (&migration["quantity"], &migration["startedTime"], &migration["externalReferenceId"]),
            (&json!(6), &json!(format!("{}T00:00:00Z", day(10))), &json!("wave-2"))
        );
        for (method, path) in [("PUT", one.clone()), ("POST", format!("{one}/cancel"))] {
            let refused = seats.send(method, &path, &sooner).await;
            assert_eq!(told(&refused), "400 800096 status", "it was made");
        }
        let listed = format!("/v1/migrations/newcommerce/schedules?CustomerTenantId={}&PageSize=1", seats.customer.id);
        let first = seats.send("GET", &listed, &Value::Null).await.expect(200);
        let token = format!("MS-ContinuationToken: {}", first.header("ms-continuationtoken"));
        let next = seats.desk.send("GET /v1/migrations/newcommerce/schedules", &[&token], "").await.expect(200);
        let both = [first.json()[0].clone(), next.json()[0].clone()];
        assert!(both.contains(&cancelled) && both.contains(&done), "{both:?}");
        assert_eq!(next.header("ms-continuationtoken"), "", "it was the last");
        let other = seats.desk.send("GET /v1/migrations/newcommerce", &[&token], "").await;
        assert_eq!(told(&other), "400 3000 MS-ContinuationToken");
    });
}

#[test]
fn what_stands_in_the_way_on_the_day_is_written_down() {
    on_every_engine(|bench| async move {
        let mut seats = Seats::new(&bench).await;
        let schedules = format!("{}/schedules", seats.own());
        let today = seats.desk.channel.world().clock().now().day().number();
        let day = |after: i32| tenantry_core::Day::from_number(today + after).to_string();
        let made =
            seats.send("POST", &schedules, &seats.of_seats(json!({"targetDate": day(3)}))).await.expect(201).json();
        let path = format!("/v1/customers/{}/subscriptions/{}", seats.customer.id, seats.old.id);
        let reply = seats.send("PATCH", &path, &json!({"status": "suspended"})).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        seats.desk.channel.advance_to(&day(4)).await;
        seats.desk.token =
            seats.desk.channel.token(&seats.desk.channel.partner_app, tenantry_directory::PARTNER_CENTER).await;
        let one = format!("{schedules}/{}", made["id"].as_str().unwrap());
        let failed = seats.send("GET", &one, &Value::Null).await.expect(200).json();
        assert_eq!(
            (&failed["status"], &failed["errorDescription"]),
            (&json!("Failed"), &json!("the subscription is suspended; only an active one is migrated"))
        );
        assert!(failed.get("newCommerceMigrationId").is_none());
    });
}

/// The relationship is taken up again, and what was scheduled before is not.
#[test]
fn what_is_scheduled_is_called_off_when_the_relationship_ends() {
    on_every_engine(|bench| async move {
        let seats = Seats::new(&bench).await;
        let schedules = format!("{}/schedules", seats.own());
        let body = seats.of_seats(json!({"targetDate": "2026-03-01", "externalReferenceId": "wave-1"}));
        assert_eq!(seats.send("POST", &schedules, &body).await.expect(201).json()["status"], "Scheduled");
        let at = format!("/v1/customers/{}", seats.customer.id);
        let path = format!("{at}/subscriptions/{}", seats.old.id);
        assert_eq!(seats.send("PATCH", &path, &json!({"status": "suspended"})).await.status, 200);
        let desk = seats.desk.with_person("admin", &[Role::AdminAgent]).await;
        let ended = desk.send(&format!("PATCH {at}"), &[], r#"{"relationshipToPartner": "none"}"#).await;
        assert_eq!(ended.status, 200, "{ended}");
        let listed = "GET /v1/migrations/newcommerce/schedules?ExternalReferenceId=wave-1";
        let listed = desk.send(listed, &[], "").await.expect(200).json();
        assert_eq!(listed[0]["status"], "Cancelled", "{listed}");
    });
}

#[test]
fn migrations_are_their_partners() {
    on_every_engine(|bench| async move {
        let seats = Seats::new(&bench).await;
        let theirs = customer_of_stranger(&seats.desk.channel).await.id;
        let made = seats.send("POST", &seats.own(), &seats.of_seats(json!({"externalReferenceId": "wave-1"}))).await;
        let id = made.expect(201).json()["id"].as_str().unwrap().to_owned();
        let channel = &seats.desk.channel;
        let stranger = channel.token(&channel.stranger_app, tenantry_directory::PARTNER_CENTER).await;
        for (path, expected) in [
            (format!("{}/{id}", seats.own()), "404 60003"),
            (format!("/v1/customers/{theirs}/migrations/newcommerce/{id}"), "404 1000"),
            (format!("/v1/customers/{theirs}/migrations/newcommerce/schedules/{id}"), "404 1000"),
            (format!("/v1/migrations/newcommerce?CustomerTenantId={}", seats.customer.id), "404 60003"),
            ("/v1/migrations/newcommerce".to_owned(), "400 3000 CustomerTenantId"),
            ("/v1/migrations/newcommerce?PageSize=301&ExternalReferenceId=a".to_owned(), "400 3000 PageSize"),
            ("/v1/migrations/newcommerce?CurrentSubscriptionId=a".to_owned(), "400 3000 CurrentSubscriptionId"),
            (format!("/v1/customers/{theirs}/migrations/newcommerce/events"), "400 3000 migration_id"),
            (format!("/v1/customers/{theirs}/migrations/newcommerce/events?migration_id=7"), "400 3000 migration_id"),
            (format!("/v1/customers/{theirs}/migrations/newcommerce/events?migration_id={id}"), "404 1000"),
        ] {
            let reply = seats.desk.send_as(Some(&stranger), "GET", &path).await;
            assert_eq!(told(&reply).trim_end(), expected, "{path}");
        }
        let path = "/v1/migrations/newcommerce?ExternalReferenceId=wave-1";
        let listed = seats.desk.send_as(Some(&stranger), "GET", path).await.expect(200);
        assert_eq!(listed.json(), json!([]));
    });
}
