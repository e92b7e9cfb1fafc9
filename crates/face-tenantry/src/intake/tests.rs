//! What each body is read as. What metering makes of the events is tested over HTTP, in `tests/all/`.

use super::*;
use tenantry_metering::Submitted;
use tenantry_usage::Event;

const JSON: &str = "application/json";
const CLOUD: &str = "application/cloudevents+json";
const CLOUD_BATCH: &str = "application/cloudevents-batch+json";
const LINES: &str = "application/x-ndjson";
const SUBSCRIPTION: &str = "a356ac8c-e310-44f4-bf85-c7f29044af99";
const METER: &str = "2a9992f8-e914-490b-a7a6-6d21ba55acda";

/// A good event, with members replaced or added: `("quantity", "1.5")` takes any JSON text, `""` removes one.
fn event(changes: &[(&str, &str)]) -> String {
    let quoted = |text: &str| format!("\"{text}\"");
    let mut members = vec![
        ("source", quoted("meters")),
        ("id", quoted("e-1")),
        ("time", quoted("2026-01-10T15:00:00Z")),
        ("subscription", quoted(SUBSCRIPTION)),
        ("meter", quoted(METER)),
        ("resource", quoted("/subscriptions/x/bus")),
        ("quantity", quoted("1")),
    ];
    for (name, value) in changes {
        members.retain(|(known, _)| known != name);
        if !value.is_empty() {
            members.push((name, (*value).to_owned()));
        }
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// The same event as a CloudEvent; changes of `data` members and of attributes.
fn cloud(data: &[(&str, &str)], attributes: &[(&str, &str)]) -> String {
    let inner = event(&[&[("source", ""), ("id", ""), ("time", "")], data].concat());
    let outer = [("subscription", ""), ("meter", ""), ("resource", ""), ("quantity", "")];
    let own = [("specversion", "\"1.0\""), ("type", "\"usage\""), ("data", inner.as_str())];
    event(&[&outer[..], &own, attributes].concat())
}

fn events(content_type: &str, body: &str) -> Vec<Event> {
    let (batch, _) = read(Some(content_type), body.as_bytes()).unwrap();
    let faults: Vec<_> = batch.entries.iter().filter_map(|entry| entry.fault.as_ref()).collect();
    assert!(faults.is_empty(), "{body}: {faults:?}");
    let event = |submitted| match submitted {
        Submitted::Event(event) => event,
        Submitted::Unreadable(verdict) => panic!("{verdict:?}"),
    };
    batch.events.into_iter().map(event).collect()
}

/// What is wrong with the first event of a body: code, field, and a part of the message.
fn check_fault(content_type: &str, body: &str, code: &str, field: &str, seen: &str) {
    let (batch, _) = read(Some(content_type), body.as_bytes()).unwrap();
    let fault = batch.entries[0].fault.as_ref().unwrap_or_else(|| panic!("{body} is read"));
    assert_eq!((fault.code, &*fault.field), (code, field), "{body}: {fault:?}");
    assert!(fault.message.contains(seen), "{body}: {fault:?}");
    assert!(batch.events.is_empty());
}

#[test]
fn an_event_is_read_the_same_in_every_envelope() {
    let extra = [
        ("region", r#""westeurope""#),
        ("quantity", r#""0.000000000000000001""#),
        ("tags", r#"{"cost": "a\u0062" }"#),
        ("additionalInfo", "{}"),
        ("corrects", r#""e-0""#),
    ];
    let plain = event(&extra);
    let expected = &events(JSON, &plain)[0];
    assert_eq!(expected.quantity.units(), 1);
    assert_eq!((expected.tags.as_str(), expected.corrects.as_deref()), (r#"{"cost": "a\u0062" }"#, Some("e-0")));
    let cloud = cloud(&extra, &[("datacontenttype", r#""application/json; charset=utf-8""#), ("traceparent", "1")]);
    for (content_type, body, count) in [
        ("", plain.clone(), 1),
        ("Application/JSON; charset=utf-8", format!("\u{feff} {plain}\n"), 1),
        (JSON, format!("[{plain}]"), 1),
        (JSON, format!(" [ {plain} , {plain} ] "), 2),
        (JSON, "[]".to_owned(), 0),
        (CLOUD, cloud.clone(), 1),
        (CLOUD_BATCH, format!("[{cloud},{cloud}]"), 2),
        (CLOUD_BATCH, " [ ] ".to_owned(), 0),
        (LINES, format!("{plain}\r\n\n  \n{plain}"), 2),
        ("application/jsonl", format!("{plain}\n"), 1),
        (LINES, String::new(), 0),
    ] {
        assert_eq!(events(content_type, &body), vec![expected.clone(); count], "{content_type}: {body}");
    }
}

#[test]
fn quantities_are_read_from_their_digits() {
    for (text, written) in [
        ("30.863102999999999", "30.863102999999999"),
        (r#""30.863102999999999""#, "30.863102999999999"),
        ("0.1", "0.1"),
        ("0", "0"),
        ("-7", "-7"),
        ("0.100000000000000000000", "0.1"),
        (r#""\u0031.5""#, "1.5"),
        ("123456789012345678", "123456789012345678"),
    ] {
        assert_eq!(events(JSON, &event(&[("quantity", text)]))[0].quantity.to_string(), written, "{text}");
    }
}

#[test]
fn what_is_wrong_with_an_event_is_named() {
    let long = |bytes: usize| format!("\"{}\"", "x".repeat(bytes));
    let object = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    let rows = [
        ("quantity", "0.1234567890123456789", "invalid_field", "more than 18 significant fraction digits"),
        ("quantity", "\"0.1234567890123456789\"", "invalid_field", "more than 18 significant fraction digits"),
        ("quantity", "1e5", "invalid_field", "quantity: `1e5` uses an exponent"),
        ("quantity", "\"6E-06\"", "invalid_field", "uses an exponent"),
        ("quantity", "\"NaN\"", "invalid_field", "`NaN` is not a decimal number"),
        ("quantity", "\"\"", "invalid_field", "is not a decimal number"),
        ("quantity", "true", "invalid_field", "`true` is no decimal"),
        ("quantity", "null", "missing_field", "quantity is required"),
        ("quantity", "999999999999999999999999", "invalid_field", "too large"),
        ("source", "", "missing_field", "source is required"),
        ("source", "\"\"", "invalid_field", "source: is empty"),
        ("id", "7", "invalid_field", "`7` is no JSON string"),
        ("id", &long(257), "invalid_field", "has 257 bytes; 256 are the most"),
        ("id", "\"\\ud800\"", "invalid_field", "is no JSON string"),
        ("time", "\"yesterday\"", "invalid_field", "`yesterday` is not a time"),
        ("time", "1507109000", "invalid_field", "is no JSON string"),
        ("subscription", "\"x\"", "invalid_field", "`x` is not a subscription id"),
        ("meter", "\"x\"", "invalid_field", "`x` is not a meter id"),
        ("meter", "", "missing_field", "meter is required"),
        ("resource", &long(2_049), "invalid_field", "2048 are the most"),
        ("region", &long(129), "invalid_field", "128 are the most"),
        ("corrects", &long(257), "invalid_field", "256 are the most"),
        ("tags", "[]", "invalid_field", "`[]` is no JSON object"),
        ("tags", &object(8_193), "invalid_field", "has 8193 bytes; 8192 are the most"),
        ("additionalInfo", "\"{}\"", "invalid_field", "is no JSON object"),
        ("unit", "\"Hours\"", "unknown_field", "no member `unit`; it has source, id, time"),
    ];
    for (field, value, code, seen) in rows {
        check_fault(JSON, &event(&[(field, value)]), code, field, seen);
        check_fault(LINES, &event(&[(field, value)]), code, field, seen);
        if !["source", "id", "time", "unit"].contains(&field) {
            let seen = seen.strip_prefix("quantity").unwrap_or(seen);
            check_fault(CLOUD, &cloud(&[(field, value)], &[]), code, &format!("data.{field}"), seen);
        }
    }
    check_fault(JSON, &event(&[]).replace('{', "{\"quantity\":2,"), "invalid_field", "quantity", "is there twice");
    check_fault(CLOUD, &cloud(&[("unit", "1")], &[]), "unknown_field", "unit", "no member `unit`; it has subscription");
}

#[test]
fn limits_hold_to_the_byte() {
    for (field, bytes) in [("source", 256), ("id", 256), ("resource", 2_048), ("region", 128), ("corrects", 256)] {
        events(JSON, &event(&[(field, &format!("\"{}\"", "x".repeat(bytes)))]));
    }
    let tags = format!("{{\"a\":\"{}\"}}", "x".repeat(8_184));
    assert_eq!(events(JSON, &event(&[("tags", &tags)]))[0].tags.len(), 8_192);
}

#[test]
fn cloud_events_are_held_to_their_specification() {
    for (name, value, code, seen) in [
        ("specversion", "\"0.3\"", "invalid_field", "`\"0.3\"` is not understood; send \"1.0\""),
        ("specversion", "1.0", "invalid_field", "send \"1.0\""),
        ("specversion", "", "missing_field", "specversion is required"),
        ("type", "", "missing_field", "type is required"),
        ("type", "\"\"", "invalid_field", "is not understood"),
        ("time", "", "missing_field", "time is required"),
        ("data", "", "missing_field", "data is required"),
        ("data", "\"e30=\"", "invalid_field", "data: is no JSON object"),
        ("datacontenttype", "\"text/xml\"", "invalid_field", "application/json"),
    ] {
        check_fault(CLOUD, &cloud(&[], &[(name, value)]), code, name, seen);
    }
    let bytes = cloud(&[], &[("data", ""), ("data_base64", "\"e30=\"")]);
    check_fault(CLOUD, &bytes, "invalid_field", "data_base64", "send `data`");
}

#[test]
fn one_bad_event_does_not_sink_the_batch() {
    let good = event(&[]);
    let bad = event(&[("quantity", "\"x\""), ("id", "\"e-2\"")]);
    for (content_type, body) in [
        (JSON, format!("[{good},{bad},17,{good}]")),
        (JSON, format!("[{good},{bad},{{}},{good}]")),
        (LINES, format!("{good}\n{bad}\n{{\"broken\n{good}")),
        (LINES, format!("{good}\n{bad}\n[]\n{good}")),
        (LINES, format!("{good}\n{bad}\n{good} {good}\n{good}")),
    ] {
        let (batch, single) = read(Some(content_type), body.as_bytes()).unwrap();
        let faulty: Vec<_> = batch.entries.iter().map(|entry| entry.fault.is_some()).collect();
        assert_eq!((single, faulty, batch.events.len()), (false, vec![false, true, true, false], 2), "{body}");
        assert_eq!(batch.entries[1].id.as_deref(), Some("e-2"));
    }
}

#[test]
fn a_broken_line_names_its_place_and_costs_only_itself() {
    for (line, seen) in [
        (&b"{\"source\":}"[..], "line 2 is not valid JSON at its byte 10: expected value"),
        (b"{\"source\":\"a\"", "line 2 is not valid JSON at its byte 13"),
        (b"\"\xff\"", "line 2 is not valid JSON at its byte 1: not UTF-8"),
        (b"{} x", "line 2 is not valid JSON at its byte 3: there is more after the event"),
    ] {
        let body = [event(&[]).as_bytes(), b"\n", line, b"\n"].concat();
        let (batch, _) = read(Some(LINES), &body).unwrap();
        let fault = batch.entries[1].fault.as_ref().unwrap();
        assert_eq!(fault.code, "malformed_body");
        assert!(fault.message.contains(seen), "{fault:?}");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused_with_its_byte() {
    let good = event(&[]);
    let after = |text: &str| format!("at byte {}", good.len() + text.len());
    for (content_type, body, reason, seen) in [
        (JSON, String::new(), Reason::MissingField, "the body is empty".to_owned()),
        (CLOUD, " \n".to_owned(), Reason::MissingField, "the body is empty".to_owned()),
        (CLOUD_BATCH, String::new(), Reason::MissingField, "the body is empty".to_owned()),
        (JSON, "{\"a\": nope}".to_owned(), Reason::MalformedBody, "at byte 7: expected ident".to_owned()),
        (JSON, format!("[{good},]"), Reason::MalformedBody, after("[,")),
        (JSON, format!("[{good} {good}]"), Reason::MalformedBody, after("[ ")),
        (JSON, format!("[{good}"), Reason::MalformedBody, format!("{}: the array is not closed", after("["))),
        (JSON, format!("[{good}] x"), Reason::MalformedBody, after("[] ")),
        (JSON, format!("{good}{good}"), Reason::MalformedBody, after("")),
        (JSON, event(&[("quantity", "NaN")]), Reason::MalformedBody, "expected value".to_owned()),
        (JSON, "[".to_owned(), Reason::MalformedBody, "at byte 1".to_owned()),
        (CLOUD, "[]".to_owned(), Reason::InvalidField, "application/cloudevents-batch+json".to_owned()),
        (CLOUD_BATCH, "{}".to_owned(), Reason::InvalidField, "application/cloudevents+json".to_owned()),
        ("text/csv", good.clone(), Reason::Unsupported, "`text/csv` is not understood".to_owned()),
    ] {
        let problem = read(Some(content_type), body.as_bytes()).unwrap_err();
        assert_eq!(problem.reason(), reason, "{body}: {problem:?}");
        assert!(problem.message().contains(&seen), "{body}: {problem:?}, not {seen}");
    }
    let problem = read(None, b"{\"source\":\"\xff\"}").unwrap_err();
    assert!(problem.message().contains("not UTF-8 at byte 11"), "{problem:?}");
}

#[test]
fn a_batch_over_the_limit_is_refused_whole() {
    for content_type in [JSON, LINES] {
        let body = |count: usize| match content_type {
            JSON => format!("[{}]", vec!["{}"; count].join(",")),
            _ => "{}\n".repeat(count),
        };
        assert_eq!(read(Some(content_type), body(10_000).as_bytes()).unwrap().0.entries.len(), 10_000);
        let problem = read(Some(content_type), body(10_001).as_bytes()).unwrap_err();
        assert_eq!(problem.reason(), Reason::TooLarge);
        assert!(problem.message().contains("at most 10000 events"), "{problem:?}");
    }
}

#[test]
fn names_without_escapes_are_slices_of_the_body() {
    use std::borrow::Cow;
    let body = event(&[("id", r#""\u0041""#)]);
    let (batch, _) = read(None, body.as_bytes()).unwrap();
    assert!(matches!(&batch.entries[0].source, Some(Cow::Borrowed("meters"))));
    assert!(matches!(&batch.entries[0].id, Some(Cow::Owned(id)) if id == "A"));
}
