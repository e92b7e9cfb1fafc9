//! The document says what the program does: every body that is taken and every answer that is given in any test of this
//! face is held against its schema.

use serde_json::Value;
use std::sync::Arc;
use tenantry_core::{Day, Timestamp};
use tenantry_face_tenantry::openapi_text;
use tenantry_http::{Answer, Bytes, Face, header};
use uuid::Uuid;

const JSON: &str = "application/json";

/// The document of a face.
pub(crate) struct Document(Value);

impl Document {
    pub(crate) fn of(face: &Face) -> Self {
        Self(serde_json::from_str(&openapi_text(face)).unwrap())
    }

    /// Method, path and entry of each operation.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().iter().map(|(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }

    /// A schema, or the one it refers to.
    pub(crate) fn whole<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self.0.pointer(place.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    /// Why a value does not fit a schema. `closed`: members that the schema does not name are faults.
    fn fault(&self, schema: &Value, value: &Value, closed: bool, at: &str) -> Option<String> {
        let schema = self.whole(schema);
        if schema == &Value::Bool(false) {
            return Some(format!("{at}: nothing is expected"));
        }
        if let Some(ways) = schema["anyOf"].as_array() {
            let faults: Vec<_> = ways.iter().map(|way| self.fault(way, value, closed, at)).collect();
            let fits = faults.iter().any(Option::is_none);
            return if fits { None } else { Some(faults.into_iter().flatten().collect::<Vec<_>>().join(" and ")) };
        }
        if !admits(schema, value) {
            return Some(format!("{at}: {value} is not {schema}"));
        }
        match value {
            Value::String(text) => (!is_written_so(schema, text)).then(|| format!("{at}: `{text}` is not {schema}")),
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.find_map(|(place, item)| self.fault(&schema["items"], item, closed, &format!("{at}[{place}]")))
            }
            Value::Object(members) => {
                let missing = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing =
                    missing.filter(|name| !members.contains_key(*name)).map(|name| format!("{at}.{name} is missing"));
                let member = |(name, value): (&String, &Value)| {
                    let at = format!("{at}.{name}");
                    match (schema["properties"].get(name), &schema["additionalProperties"]) {
                        (Some(known), _) => self.fault(known, value, closed, &at),
                        (None, others @ Value::Object(_)) => self.fault(others, value, closed, &at),
                        (None, Value::Bool(false)) => Some(format!("{at} is not in the schema")),
                        (None, _) => (closed && schema.get("properties").is_some()).then(|| format!("{at} is new")),
                    }
                };
                missing.chain(members.iter().filter_map(member)).next()
            }
            _ => None,
        }
    }
}

/// Whether the kind of a value, and the value if some are listed, is one of a schema's.
pub(crate) fn admits(schema: &Value, value: &Value) -> bool {
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    };
    let kinds = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    let bound = |name: &str, below: bool| match (schema[name].as_i64(), value.as_i64()) {
        (Some(bound), Some(number)) => {
            if below {
                number >= bound
            } else {
                number <= bound
            }
        }
        _ => true,
    };
    // Words are read in any letter case where Azure's API does.
    let same = |word: &Value| match (word.as_str(), value.as_str()) {
        (Some(word), Some(value)) => word.eq_ignore_ascii_case(value),
        _ => word == value,
    };
    let listed = schema["enum"].as_array().is_none_or(|words| words.iter().any(same));
    kinds && listed && bound("minimum", true) && bound("maximum", false)
}

fn is_written_so(schema: &Value, text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let letters = |count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let pattern = match schema["pattern"].as_str() {
        None => true,
        Some("^-?[0-9]+(\\.[0-9]+)?$") => {
            let plain = text.strip_prefix('-').unwrap_or(text);
            plain.split_once('.').map_or_else(|| digits(plain), |(whole, fraction)| digits(whole) && digits(fraction))
        }
        Some("^[0-9]{4}-[0-9]{2}$") => text
            .split_once('-')
            .is_some_and(|(year, month)| (year.len(), month.len()) == (4, 2) && digits(year) && digits(month)),
        Some("^[A-Za-z]{3}$") => letters(3),
        Some("^[A-Za-z]{2}$") => letters(2),
        Some(other) => panic!("a pattern this reader does not know: {other}"),
    };
    let format = match schema["format"].as_str() {
        Some("uuid") => Uuid::try_parse(text).is_ok(),
        Some("date-time") => Timestamp::parse(text).is_ok(),
        Some("date") => Day::parse(text).is_ok(),
        _ => true,
    };
    pattern && format
}

/// The face, with every body it takes and every answer it gives held against the document. What does not fit is an
/// answer of status 500 that says why.
pub(crate) fn checked(mut face: Face) -> Face {
    let document = Arc::new(Document::of(&face));
    for route in &mut face.routes {
        let (handler, document) = (Arc::clone(&route.handler), Arc::clone(&document));
        let (method, pattern) = (route.method.as_str().to_ascii_lowercase(), route.pattern);
        route.handler = Arc::new(move |call| {
            let sent =
                call.header(header::CONTENT_TYPE).is_none_or(|kind| kind.starts_with(JSON)).then(|| call.body.clone());
            let (answering, document, method) = (handler(call), Arc::clone(&document), method.clone());
            Box::pin(async move {
                let answer = answering.await?;
                match fault(&document.0["paths"][pattern][method.as_str()], &document, sent, &answer) {
                    Some(fault) => panic!("{method} {pattern}: {fault}"),
                    None => Ok(answer),
                }
            })
        });
    }
    face
}

fn fault(operation: &Value, document: &Document, sent: Option<Bytes>, answer: &Answer) -> Option<String> {
    let status = answer.status.as_str();
    // A batch is taken whatever its events are; each has a verdict of its own.
    let judged = operation["operationId"] != "usage.report" || status == "202";
    let schema = &operation["requestBody"]["content"][JSON]["schema"];
    if let Some(sent) = sent.filter(|sent| judged && !schema.is_null() && !sent.is_empty()) {
        // Without a type it may be packed.
        let sent: Option<Value> = serde_json::from_slice(&sent).ok();
        if let Some(fault) = sent.and_then(|sent| document.fault(schema, &sent, false, "body")) {
            return Some(fault);
        }
    }
    let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if answer.body.is_empty() || !kind.starts_with(JSON) {
        return None;
    }
    let responses = &operation["responses"];
    let response = responses.get(status).or_else(|| responses.get("default").filter(|_| answer.status.as_u16() >= 400));
    let Some(schema) = response.and_then(|response| response["content"][JSON].get("schema")) else {
        return Some(format!("there is no schema of answers with status {status}"));
    };
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    document.fault(schema, &answer, true, "answer")
}
