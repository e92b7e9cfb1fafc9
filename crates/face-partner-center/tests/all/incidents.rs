//! Service incidents as clients of the field read them.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::json;
use tenantry_core::Role;
use tenantry_support::{IncidentLevel, NewIncident, incident_open, incident_resolve};
use tenantry_testkit::on_every_engine;

fn filter(field: &str, value: &str) -> String {
    format!("?filter=%7B%22Field%22:%22{field}%22,%22Value%22:%22{value}%22,%22Operator%22:%22equals%22%7D")
}

/// Two of one workload, of which one is over, and one of another.
async fn trouble(desk: &Desk) {
    let (db, provider) = (desk.channel.world().db(), desk.channel.provider_ctx());
    for (workload, level) in [
        ("Intake", IncidentLevel::Critical),
        ("Intake", IncidentLevel::Information),
        ("Sign-in", IncidentLevel::Warning),
    ] {
        let new = NewIncident {
            workload: workload.to_owned(),
            affected: vec!["Invoices".to_owned()],
            area: Some("West Europe".to_owned()),
            level,
            words: format!("{workload} is slow."),
            started_at: None,
        };
        incident_open(&provider, db, new).await.unwrap();
    }
    incident_resolve(&provider, db, "TI000001", "A disk was full.".to_owned()).await.unwrap();
}

#[test]
fn incidents_stand_by_workload_and_below_a_customer_one_by_one() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await.with_person("agent", &[Role::HelpdeskAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let list = desk.say("GET /v1/serviceincidents/office", &[], "").await.expect(200).json();
        assert_eq!((&list["totalCount"], &list["items"]), (&json!(0), &json!([])));
        trouble(&desk).await;
        let open = filter("Resolved", "false");
        let groups = desk.say(&format!("GET /v1/serviceincidents/office{open}"), &[], "").await.expect(200).json();
        let status: Vec<_> = groups["items"].as_array().unwrap().iter().map(|group| group["status"].clone()).collect();
        assert_eq!(status, ["warning", "information"]);
        let flat = format!("GET /v1/customers/{}/serviceincidents/office{}", customer.id, filter("resolved", "True"));
        let over = desk.say(&flat, &[], "").await.expect(200).json();
        assert_eq!((&over["totalCount"], &over["items"][0]["status"]), (&json!(1), &json!("normal")));
        desk.compare("incidents");
        for (query, count) in [("", "3"), (open.as_str(), "2"), (&filter("Resolved", "true"), "1")] {
            let reply = desk.send(&format!("GET /v1/serviceincidents/office/count{query}"), &[], "").await.expect(200);
            assert_eq!(reply.text(), count, "{query}");
        }
    });
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let foreign = customer_of_stranger(&desk.channel).await;
        for (path, expected) in [
            (format!("/v1/serviceincidents/office{}", filter("Resolved", "maybe")), "400 3000 filter.Value"),
            (format!("/v1/serviceincidents/office/count{}", filter("Status", "true")), "400 800042 filter"),
            ("/v1/serviceincidents/office?filter=true".to_owned(), "400 3000 filter"),
            (format!("/v1/customers/{}/serviceincidents/office", foreign.id), "404 60003"),
        ] {
            let reply = desk.send(&format!("GET {path}"), &[], "").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{path}");
        }
        let desk = desk.with_roles(&[Role::BillingAdmin]).await;
        let reply = desk.send("GET /v1/serviceincidents/office", &[], "").await;
        assert_eq!(format!("{} {}", reply.status, fault(&reply)), "403 900150");
    });
}
