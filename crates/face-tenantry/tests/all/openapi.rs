//! The committed document is what is served, and says of each body what it holds.

use crate::house::in_a_house;
use crate::schemas::{Document, admits};
use serde_json::{Value, json};
use tenantry_face_tenantry::{face, openapi_text};
use tenantry_testkit::{ORIGIN, golden};

const JSON: &str = "application/json";

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/tenantry-v1.json", openapi_text(&face(ORIGIN)));
}

#[test]
fn every_body_and_every_answer_has_a_schema_that_names_its_members() {
    let document = Document::of(&face(ORIGIN));
    for (method, path, operation) in document.operations() {
        let named = |schema: &Value| {
            let ways = schema["anyOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
            ways.iter().any(|way| document.whole(way)["properties"].as_object().is_some_and(|all| !all.is_empty()))
        };
        if let Some(body) = operation["requestBody"]["content"].get(JSON) {
            assert!(named(&body["schema"]), "{method} {path}: name the type of its body in schema/table.rs");
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let Some(answer) = answer["content"].get(JSON) else { continue };
            assert!(
                named(&answer["schema"]),
                "{method} {path} {status}: name the type of its answer in schema/table.rs"
            );
        }
    }
}

/// A member of a body: its path, its schema, and the body around a value of it.
type Member = (String, Value, Box<dyn Fn(&str) -> String>);

/// The members of a body, with those of the objects and lists in it.
fn members(document: &Document, schema: &Value) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for (name, member) in document.whole(schema)["properties"].as_object().unwrap() {
        let outer = name.clone();
        let wrap = move |value: &str| format!("{{\"{outer}\":{value}}}");
        let member = document.whole(member);
        found.push((name.clone(), member.clone(), Box::new(wrap.clone())));
        if member["properties"].is_object() {
            for (path, inner, within) in members(document, member) {
                let wrap = wrap.clone();
                found.push((format!("{name}.{path}"), inner, Box::new(move |value| wrap(&within(value)))));
            }
        }
        if document.whole(&member["items"])["properties"].is_object() {
            for (path, inner, within) in members(document, &member["items"]) {
                let wrap = wrap.clone();
                found.push((
                    format!("{name}[0].{path}"),
                    inner,
                    Box::new(move |value| wrap(&format!("[{}]", within(value)))),
                ));
            }
        }
    }
    found
}

/// Values of every kind, as they are written.
const VALUES: [&str; 9] = ["1.07", "70000", "-1", "\"x\"", "true", "[]", "[[7]]", "{}", "{\"a\":1}"];

/// What only people who read the program understand.
const WORDS: [&str; 9] =
    ["struct ", "expected u", "expected i", "element", "sequence", "invalid type", "invalid value", "EOF", "Option"];

#[test]
fn whatever_is_wrong_with_a_body_the_refusal_names_the_member_in_plain_words() {
    in_a_house(|house| async move {
        let document = Document::of(&face(ORIGIN));
        let mut refused = 0;
        for (method, path, operation) in document.operations() {
            let schema = &operation["requestBody"]["content"][JSON]["schema"];
            // Rate cards and usage have readers of their own, for speed.
            let own = ["price-sheets.import", "usage.report"].iter().any(|own| operation["operationId"] == *own);
            if own || !document.whole(schema)["properties"].is_object() {
                continue;
            }
            let tenant = house.channel.partner.tenant.to_string();
            let path = path.replace("{partner}", &tenant).replace("{customer}", &house.customer.id.to_string());
            let path = path.replace("{subscription}", &house.subscription.id.to_string());
            let path = path.split('/').map(|part| if part.starts_with('{') { tenant.as_str() } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let mut bodies = Vec::new();
            for (name, member, wrap) in members(&document, schema) {
                for value in VALUES {
                    let seen: Value = serde_json::from_str(value).unwrap();
                    let kind_fits = admits(&json!({"type": member["type"]}), &seen) || member["type"].is_null();
                    let expected = if kind_fits { None } else { Some(name.clone()) };
                    bodies.push((wrap(value).into_bytes(), expected));
                }
                bodies.push((
                    wrap("1").replace(&format!("\"{}\"", name.rsplit('.').next().unwrap()), "\"no such\"").into_bytes(),
                    None,
                ));
                let cut = wrap("\u{7f}");
                let cut = cut.split('\u{7f}').next().unwrap();
                bodies.push((cut.as_bytes().to_vec(), Some(name.clone())));
                bodies.push(([cut.as_bytes(), b"\"\xff\"}"].concat(), Some("body".to_owned())));
            }
            for (body, expected) in bodies {
                let shown = String::from_utf8_lossy(&body).into_owned();
                let asking = house.client.request(&method.to_uppercase(), &path).token(&house.provider);
                let reply = asking.header("content-type", JSON).body(body).send().await;
                assert!(reply.status < 500, "{method} {path} {shown}: {reply}");
                if reply.status != 400 {
                    continue;
                }
                refused += 1;
                let error = &reply.json()["error"];
                let (message, field) = (error["message"].as_str().unwrap(), error["field"].as_str());
                assert!(field.is_some(), "{method} {path} {shown}: no field: {message}");
                for word in WORDS {
                    assert!(!message.contains(word), "{method} {path} {shown}: {word}: {message}");
                }
                let Some(expected) = expected else { continue };
                assert_eq!(field, Some(expected.as_str()), "{method} {path} {shown}: {message}");
            }
        }
        assert!(refused > 700, "{refused} bodies were refused");
    });
}
