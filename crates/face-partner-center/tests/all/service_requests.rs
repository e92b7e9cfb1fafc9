//! Service requests as clients of the field raise, read and go on with them.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_support::{TicketAnswerGiven, ticket_answer, ticket_close};
use tenantry_testkit::on_every_engine;

/// A request as one client family writes it: PascalCase, with what is not set.
fn new(customer: &str) -> Value {
    json!({
        "Title": "A line is missing", "Description": "On the invoice of last month.", "Severity": "Moderate",
        "SupportTopicId": "1", "SupportTopicName": null, "Id": null, "Status": "none",
        "Organization": {"Id": customer, "Name": null, "PhoneNumber": null},
        "PrimaryContact": {"FirstName": "Front", "LastName": "Desk", "Email": "desk@contoso.test", "PhoneNumber": null},
        "CreatedDate": "0001-01-01T00:00:00", "LastClosedDate": "0001-01-01T00:00:00", "NewNote": null, "Notes": null,
    })
}

fn filter(status: &str) -> String {
    format!("filter=%7B%22Field%22%3A%22Status%22%2C%22Value%22%3A%22{status}%22%2C%22Operator%22%3A%22equals%22%7D")
}

#[test]
fn a_request_from_the_question_to_the_end() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await.with_person("agent", &[Role::HelpdeskAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.say("GET /v1/servicerequests/supporttopics", &[], "").await;
        let body = new(&customer.id.to_string()).to_string();
        let made = desk.say("POST /v1/servicerequests/en-US", &[], &body).await.expect(201).json();
        assert_eq!(made["id"], "1");
        let answer = TicketAnswerGiven { number: 1, words: "Which subscription?".to_owned() };
        let (db, provider) = (desk.channel.world().db(), desk.channel.provider_ctx());
        ticket_answer(&provider, db, answer).await.unwrap();
        let read = desk.say("GET /v1/servicerequests/1", &[], "").await.expect(200).json();
        assert_eq!(read["status"], "attention_needed");

        // The whole thing comes back with a note; what is not set is `unknown`, `none` and the year 1.
        let mut back = read.clone();
        back["newNote"] = json!({"text": "The first one.", "createdDate": "0001-01-01T00:00:00"});
        (back["severity"], back["status"]) = (json!("unknown"), json!("none"));
        let below = format!("/v1/customers/{}/servicerequests", customer.id);
        let told = desk.say(&format!("PATCH {below}/1"), &[], &back.to_string()).await.expect(200).json();
        assert_eq!((&told["status"], &told["severity"]), (&json!("open"), &json!("moderate")));
        let closed = desk.say("PATCH /v1/servicerequests/1", &[], r#"{"Status":2}"#).await.expect(200).json();
        assert_eq!(closed["status"], "closed");
        let listed = desk.send(&format!("GET {below}?{}", filter("Closed")), &[], "").await.expect(200).json();
        let mut alone = listed["items"][0].clone();
        alone["links"] = closed["links"].clone();
        assert_eq!((alone, &listed["totalCount"]), (closed, &json!(1)));
        let refused = desk.say("PATCH /v1/servicerequests/1", &[], r#"{"newNote":{"text":"More"}}"#).await;
        assert_eq!(format!("{} {}", refused.status, fault(&refused)), "400 3000 status");
        desk.compare("service_requests");
    });
}

#[test]
fn lists_are_cut_and_filtered() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        for about in ["", &customer.id.to_string(), &desk.channel.partner.tenant.to_string()] {
            assert_eq!(desk.send("POST /v1/servicerequests/en-us", &[], &new(about).to_string()).await.status, 201);
        }
        ticket_close(&desk.channel.provider_ctx(), desk.channel.world().db(), 2).await.unwrap();
        let below = format!("/v1/customers/{}/servicerequests", customer.id);
        let everything = format!("/v1/servicerequests?{}", filter("none"));
        for (path, expected) in [
            ("/v1/servicerequests", "3 2 1"),
            ("/v1/servicerequests?size=0", "3 2 1"),
            ("/v1/servicerequests?status=open", "3 1"),
            ("/v1/servicerequests?status=Closed&size=10", "2"),
            ("/v1/servicerequests?status=AttentionNeeded", ""),
            ("/v1/ServiceRequests?Size=1&Offset=1", "2"),
            (&everything, "3 2 1"),
            (&below, "2"),
            ("/v1/servicerequests?status=lost", "400 3000 status"),
            ("/v1/servicerequests?size=1001", "400 3000 size"),
            (
                "/v1/servicerequests?filter=%7B%22Field%22%3A%22Title%22%2C%22Value%22%3A%22a%22%2C%22Operator%22%3A%22equals%22%7D",
                "400 800042 filter",
            ),
        ] {
            let reply = desk.send(&format!("GET {path}"), &[], "").await;
            let seen = match reply.status {
                200 => {
                    let items = reply.json()["items"].as_array().unwrap().clone();
                    items.iter().map(|item| item["id"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
                }
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, expected, "{path}");
        }
        let first = desk.send("GET /v1/servicerequests?size=2", &[], "").await.json();
        assert_eq!(
            (&first["totalCount"], &first["links"]["next"]["uri"]),
            (&json!(3), &json!("/servicerequests?size=2&offset=2"))
        );

        // Somebody else of the partner raised none of them.
        let desk = desk.with_person("agent", &[Role::HelpdeskAgent]).await;
        for (header, count) in [("true", 3), ("FALSE", 0)] {
            let header = format!("IncludeOrganizationRequests: {header}");
            let reply = desk.send("GET /v1/servicerequests", &[&header], "").await.expect(200);
            assert_eq!(reply.json()["totalCount"], json!(count), "{header}");
        }
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let foreign = customer_of_stranger(&desk.channel).await;
        assert_eq!(desk.send("POST /v1/servicerequests/en-US", &[], &new("").to_string()).await.status, 201);
        let with = |name: &str, value: Value| {
            let mut body = new("");
            body[name] = value;
            body.to_string()
        };
        let create = "POST /v1/servicerequests/en-US";
        let foreign_list = format!("GET /v1/customers/{}/servicerequests", foreign.id);
        let foreign_one = format!("PATCH /v1/customers/{}/servicerequests/1", foreign.id);
        for (what, body, expected) in [
            (create, with("Title", json!(null)), "400 3000 title"),
            (create, with("Title", json!({})), "400 3000 title"),
            (create, with("Description", json!(" ")), "400 3000 description"),
            (create, with("Severity", json!("unknown")), "400 3000 severity"),
            (create, with("severity", json!("awful")).replace("Severity", "x"), "400 3000 severity"),
            (create, with("SupportTopicId", json!("billing")), "400 3000 supportTopicId"),
            (create, with("SupportTopicId", json!(77)), "400 3000 supportTopicId"),
            (create, with("Organization", json!({"id": "northwind"})), "400 3000 organization.id"),
            (create, with("Organization", json!([])), "400 3000 organization"),
            (create, new(&foreign.id.to_string()).to_string(), "404 60003"),
            (create, "{".to_owned(), "400 800002 body"),
            ("POST /v1/servicerequests/en_US!", new("").to_string(), "400 3000 agentLocale"),
            ("GET /v1/servicerequests/2", String::new(), "404 1000"),
            ("GET /v1/servicerequests/first", String::new(), "404 1000"),
            ("GET /v1/servicerequests/-1", String::new(), "404 1000"),
            ("PATCH /v1/servicerequests/2", "{}".to_owned(), "404 1000"),
            ("PATCH /v1/servicerequests/1", r#"{"newNote":"More"}"#.to_owned(), "400 3000 newNote"),
            ("PATCH /v1/servicerequests/1", r#"{"status":"lost"}"#.to_owned(), "400 3000 status"),
            (&foreign_list, String::new(), "404 60003"),
            (&foreign_one, "{}".to_owned(), "404 60003"),
        ] {
            let reply = desk.send(what, &[], &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{what} {body}");
        }
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let reply = desk.send_as(Some(&stranger), "PATCH", "/v1/servicerequests/1").await;
        assert_eq!(format!("{} {}", reply.status, fault(&reply)), "404 1000");
        let desk = desk.with_roles(&[Role::BillingAdmin]).await;
        let reply = desk.send("GET /v1/servicerequests", &[], "").await;
        assert_eq!(format!("{} {}", reply.status, fault(&reply)), "403 900150");
    });
}
