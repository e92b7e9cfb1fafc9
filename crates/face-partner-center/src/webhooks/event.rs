//! How an event reads: names, addresses, body and signature (partner-center-v1.md 4.13, 9.13).
//!
//! Names are those of the reference for what really happens here. Referrals and fraud events do not; of the newer names
//! (`subscription-active`, `granular-admin-..`) none was ever verified by a sample, so none is promised.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use tenantry_core::{Problem, Timestamp};
use tenantry_notify::{Signed, Told, Topic, Wording};

/// What can be asked for, in the order it is listed.
const NAMES: [(&str, Topic); Topic::ALL.len()] = [
    ("test-created", Topic::Trial),
    ("subscription-updated", Topic::Subscription),
    ("usagerecords-thresholdExceeded", Topic::SpendingLimit),
    ("invoice-ready", Topic::Invoice),
];

/// The name of an event.
pub(crate) fn name(topic: Topic) -> &'static str {
    match topic {
        Topic::Trial => NAMES[0].0,
        Topic::Subscription => NAMES[1].0,
        Topic::SpendingLimit => NAMES[2].0,
        Topic::Invoice => NAMES[3].0,
    }
}

/// The event of a name, in any letter case.
pub(crate) fn topic(field: &str, text: &str) -> Result<Topic, Problem> {
    let found = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
    found.map(|(_, topic)| *topic).ok_or_else(|| {
        let seen: String = text.chars().take(60).collect();
        let known = NAMES.map(|(name, _)| name).join(", ");
        Problem::invalid(field, format!("`{seen}` is not one of {known}"))
    })
}

/// How what happened is told.
#[must_use]
pub fn wording() -> Wording {
    Wording { body, headers }
}

/// The audit record behind an event is not named: what happened and who did it are written down apart.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    event_name: &'a str,
    resource_uri: String,
    resource_name: &'a str,
    audit_uri: Option<String>,
    resource_change_utc_date: String,
}

fn body(told: &Told, origin: &str) -> Result<Vec<u8>, Problem> {
    let event_name = name(told.topic);
    let event = Event {
        event_name,
        resource_uri: format!("{origin}{}", path(told)?),
        resource_name: event_name.split('-').next().unwrap_or(event_name),
        audit_uri: None,
        resource_change_utc_date: with_fraction(told.at, "+00:00"),
    };
    serde_json::to_vec(&event).map_err(Problem::internal)
}

/// Where what it is about can be read. The documentation has subscriptions below `/webhooks/v1`, where nothing is served;
/// here the address is one that answers.
fn path(told: &Told) -> Result<String, Problem> {
    let subject = &told.subject;
    Ok(match (told.topic, told.customer) {
        (Topic::Trial, _) => format!("/webhooks/v1/registration/validationEvents/{subject}"),
        (Topic::Subscription, Some(customer)) => format!("/v1/customers/{customer}/subscriptions/{subject}"),
        (Topic::Subscription, None) => return Err(Problem::internal("a subscription of nobody is told of")),
        (Topic::SpendingLimit, _) => "/v1/customers/usagerecords".to_owned(),
        (Topic::Invoice, _) => format!("/v1/invoices/{subject}"),
    })
}

fn headers(signed: &Signed<'_>) -> Vec<(&'static str, String)> {
    let signature = STANDARD.encode(signed.signature);
    let signature = match signed.own_header {
        true => ("x-ms-signature", signature),
        false => ("authorization", format!("Signature {signature}")),
    };
    let certificate = format!("{}/webhooks/v1/certificates/{}.cer", signed.origin, signed.key);
    vec![signature, ("x-ms-certificate-url", certificate), ("x-ms-signature-algorithm", "rsa-sha256".to_owned())]
}

/// An instant with seven fraction digits, as recorded, and a zone.
pub(crate) fn with_fraction(at: Timestamp, zone: &str) -> String {
    let mut text = Timestamp::from_seconds(at.seconds()).to_string();
    text.truncate(text.len() - 1);
    format!("{text}.{:06}0{zone}", at.micros().rem_euclid(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::TenantId;

    fn told(topic: Topic, subject: &str) -> Told {
        let customer = TenantId::parse("c1c1c1c1-0000-4000-8000-000000000001").unwrap();
        let at = Timestamp::parse("2026-01-10T16:19:06.352027Z").unwrap();
        let id = "42222222-0000-4000-8000-000000000001".parse().unwrap();
        Told { id, topic, subject: subject.to_owned(), customer: Some(customer), at }
    }

    #[test]
    fn events_read_as_recorded() {
        let subscription = told(Topic::Subscription, "42222222-0000-4000-8000-000000000002");
        assert_eq!(
            String::from_utf8(body(&subscription, "https://host").unwrap()).unwrap(),
            r#"{"EventName":"subscription-updated","ResourceUri":"https://host/v1/customers/c1c1c1c1-0000-4000-8000-000000000001/subscriptions/42222222-0000-4000-8000-000000000002","ResourceName":"subscription","AuditUri":null,"ResourceChangeUtcDate":"2026-01-10T16:19:06.3520270+00:00"}"#
        );
        for (topic, name, path) in [
            (Topic::Trial, "test", "/webhooks/v1/registration/validationEvents/x"),
            (Topic::SpendingLimit, "usagerecords", "/v1/customers/usagerecords"),
            (Topic::Invoice, "invoice", "/v1/invoices/x"),
        ] {
            let text = String::from_utf8(body(&told(topic, "x"), "https://host").unwrap()).unwrap();
            assert!(text.contains(&format!(r#""ResourceUri":"https://host{path}","ResourceName":"{name}""#)), "{text}");
        }
    }

    #[test]
    fn every_event_has_one_name() {
        for topic in Topic::ALL {
            assert_eq!(super::topic("WebhookEvents", &name(topic).to_uppercase()).ok(), Some(topic));
        }
        let refused = super::topic("WebhookEvents", "referral-created").unwrap_err();
        assert!(refused.message().starts_with("WebhookEvents: `referral-created` is not one of test-created, "));
    }

    #[test]
    fn the_signature_stands_where_the_registration_wants_it() {
        let signed = Signed { origin: "https://host", key: "kid", signature: &[1, 2, 3], own_header: false };
        assert_eq!(headers(&signed)[0], ("authorization", "Signature AQID".to_owned()));
        assert_eq!(headers(&Signed { own_header: true, ..signed })[0], ("x-ms-signature", "AQID".to_owned()));
        assert_eq!(headers(&signed)[1].1, "https://host/webhooks/v1/certificates/kid.cer");
    }
}
