//! The provider's desk: requests for help answered and closed, incidents opened and resolved; and who may not.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use tenantry_support::{Contact, NewTicket, Severity, ticket_create};

impl House {
    async fn ask(&self, title: &str) -> String {
        let new = NewTicket {
            partner: self.channel.partner.tenant,
            customer: Some(self.customer.id),
            title: title.to_owned(),
            description: "There is no storage on it.".to_owned(),
            severity: Some(Severity::Critical),
            topic: Some(1),
            contact: Contact::default(),
        };
        let made = ticket_create(&self.channel.partner_ctx(), self.channel.world().db(), new).await.unwrap();
        format!("/api/v1/tickets/{}", made.number)
    }

    async fn say(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let reply = self.client.post(path).token(token).json(body).send().await;
        (reply.status, reply.json())
    }
}

#[test]
fn a_request_is_answered_and_closed() {
    in_a_house(|house| async move {
        let ticket = house.ask("A line is missing").await;
        let seen = house.get(&house.provider, "/api/v1/tickets?status=open").await.expect(200).json();
        assert_eq!(seen["items"][0]["title"], "A line is missing");
        assert_eq!(seen["items"][0]["organization"], "Northwind");

        let words = json!({"text": "Which one?"});
        let (status, answered) = house.say(&house.provider, &format!("{ticket}/notes"), &words).await;
        assert_eq!((status, &answered["status"]), (200, &json!("attention-needed")));
        assert_eq!(answered["notes"][0]["side"], "provider");
        let (status, closed) = house.say(&house.provider, &format!("{ticket}/close"), &json!({})).await;
        assert_eq!((status, &closed["status"]), (200, &json!("closed")));
        assert!(closed["closedAt"].is_string());
        // The partner reads the same.
        assert_eq!(house.get(&house.partner, &ticket).await.expect(200).json(), closed);
        let own = house.get(&house.partner, "/api/v1/tickets?status=closed").await.expect(200).json();
        assert_eq!(own["items"], json!([closed]));
        let named = format!("/api/v1/tickets?partner={}", house.channel.stranger.tenant);
        assert_eq!(house.get(&house.provider, &named).await.expect(200).json()["items"], json!([]));
        let (status, _) = house.say(&house.provider, &format!("{ticket}/notes"), &words).await;
        assert_eq!(status, 409, "closed stays closed");
    });
}

#[test]
fn an_incident_is_told_about_and_resolved() {
    in_a_house(|house| async move {
        let open = json!({
            "workload": "Intake", "affectedWorkloads": ["Invoices"], "area": "West Europe", "level": "warning",
            "message": "Events are taken slowly.", "startedAt": "2026-01-10T15:00:00Z",
        });
        let (status, opened) = house.say(&house.provider, "/api/v1/incidents", &open).await;
        assert_eq!((status, &opened["id"]), (201, &json!("TI000001")));
        let one = "/api/v1/incidents/TI000001";
        let worse = json!({"message": "They are refused.", "level": "critical"});
        let (status, told) = house.say(&house.provider, &format!("{one}/updates"), &worse).await;
        assert_eq!((status, &told["level"]), (200, &json!("critical")));
        let (status, over) = house.say(&house.provider, &format!("{one}/resolve"), &json!({"message": "Over."})).await;
        assert_eq!((status, over["messages"].as_array().map(Vec::len)), (200, Some(3)));
        assert_eq!(house.get(&house.partner, one).await.expect(200).json(), over);
        for (state, expected) in [("open", 0), ("resolved", 1), ("all", 1)] {
            let list = house.get(&house.partner, &format!("/api/v1/incidents?state={state}")).await.expect(200).json();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(expected), "{state}");
        }
    });
}

#[test]
fn who_may_not_and_what_cannot_be_is_refused() {
    in_a_house(|house| async move {
        let ticket = house.ask("A line is missing").await;
        let good = json!({"workload": "Intake", "level": "warning", "message": "Slow."});
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        let (provider, partner, stranger) = (&house.provider, &house.partner, &house.stranger);
        let (notes, close, words) = (format!("{ticket}/notes"), format!("{ticket}/close"), json!({"text": "Yes"}));
        for (token, path, body, expected) in [
            (partner, notes.as_str(), words.clone(), 403),
            (partner, &close, json!({}), 403),
            (stranger, &notes, words.clone(), 404),
            (stranger, &close, json!({}), 404),
            (provider, "/api/v1/tickets/99/close", json!({}), 404),
            (provider, "/api/v1/tickets/first/close", json!({}), 404),
            (provider, &notes, json!({}), 400),
            (provider, &notes, json!({"text": 7}), 400),
            (provider, &notes, json!({"words": "Yes"}), 400),
            (partner, "/api/v1/incidents", good.clone(), 403),
            (partner, "/api/v1/incidents/TI000001/resolve", json!({"message": "Over."}), 403),
            (provider, "/api/v1/incidents/TI000001/resolve", json!({"message": "Over."}), 404),
            (provider, "/api/v1/incidents/1/updates", json!({"message": "More."}), 404),
            (provider, "/api/v1/incidents", with("level", Value::Null), 400),
            (provider, "/api/v1/incidents", with("level", json!("fatal")), 400),
            (provider, "/api/v1/incidents", with("workload", Value::Null), 400),
            (provider, "/api/v1/incidents", with("startedAt", json!("soon")), 400),
            (provider, "/api/v1/incidents", with("severity", json!("warning")), 400),
        ] {
            assert_eq!(house.say(token, path, &body).await.0, expected, "{path} {body}");
        }
        for (token, path, expected) in [
            (stranger, ticket.as_str(), 404),
            (partner, "/api/v1/tickets/99", 404),
            (partner, "/api/v1/tickets?status=lost", 400),
            (partner, "/api/v1/incidents?state=lost", 400),
            (partner, "/api/v1/incidents/TI000001", 404),
        ] {
            assert_eq!(house.get(token, path).await.status, expected, "{path}");
        }
        let theirs = house.get(stranger, "/api/v1/tickets").await.expect(200).json();
        assert_eq!(theirs["items"], json!([]));
    });
}
