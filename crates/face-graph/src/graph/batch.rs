//! `$batch`: up to twenty operations in one JSON body, each with an answer of its own. One that depends on others runs
//! after them, and not at all (424) if one of them failed.
//!
//! Source: directory.md 3.3.

use super::{errors, read_path, routes};
use crate::inner::{self, Inner, Operation};
use crate::input::Members;
use crate::odata::Entity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tenantry_core::Problem;
use tenantry_http::{Answer, Bytes, Call, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// The most operations of one batch.
const MOST: usize = 20;

static INNER: LazyLock<Inner> = LazyLock::new(|| {
    let routes = routes::served().into_iter().map(routes::marked).collect();
    Inner::new(routes, read_path, errors::render)
});

/// One operation with its name and what it waits for.
#[derive(Debug)]
struct Step {
    id: String,
    after: Vec<String>,
    operation: Operation,
}

pub(super) async fn handle(call: Call) -> Result<Answer, Problem> {
    let mut waiting = read(&Members::of(&call)?, version(&call))?;
    let mut statuses: BTreeMap<String, StatusCode> = BTreeMap::new();
    let mut responses = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = |step: &Step| step.after.iter().all(|id| statuses.contains_key(id));
        // `read` has made sure that there is always one: no step waits for itself.
        let Some(place) = waiting.iter().position(ready) else {
            return Err(Problem::internal("the steps of a batch wait for each other"));
        };
        let step = waiting.remove(place);
        let failed = step.after.iter().any(|id| statuses.get(id).is_some_and(|status| !status.is_success()));
        let (status, response) = if failed {
            (StatusCode::FAILED_DEPENDENCY, dependency_failed(&step))
        } else {
            let answer = INNER.run(&call, step.operation).await;
            (answer.status, shown(&step.id, &answer))
        };
        statuses.insert(step.id, status);
        responses.push(response);
    }
    Answer::ok(&Entity::new().with("responses", responses))
}

fn version(call: &Call) -> &str {
    crate::odata::paths::first(&call.meta.path).0
}

/// The steps of a body, in the order they were written.
fn read(body: &Members<'_>, version: &str) -> Result<Vec<Step>, Problem> {
    let requests = body.objects("requests")?.ok_or_else(|| Problem::missing("requests"))?;
    if requests.is_empty() || requests.len() > MOST {
        let message = format!("has {} operations; send 1 to {MOST}", requests.len());
        return Err(Problem::invalid("requests", message));
    }
    let mut steps: Vec<Step> = Vec::with_capacity(requests.len());
    for request in &requests {
        let step = step(request, version)?;
        if steps.iter().any(|known| known.id == step.id) {
            return Err(Problem::invalid(request.path("id"), format!("`{}` is there twice", step.id)));
        }
        steps.push(step);
    }
    acyclic(&steps)?;
    Ok(steps)
}

fn step(request: &Members<'_>, version: &str) -> Result<Step, Problem> {
    let method = request.text_required("method")?.to_ascii_uppercase();
    let wrong = || Problem::invalid(request.path("method"), "is no method such as GET or POST");
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| wrong())?;
    let target = inner::target(&request.text_required("url")?);
    // The path of a step begins below the version, but some clients write it.
    let versioned = read_path(&target).is_some();
    let target = if versioned { target } else { format!("/{version}{target}") };
    let mut headers = HeaderMap::new();
    if let Some(sent) = request.typed::<Map<String, Value>>("headers")? {
        for (name, value) in sent {
            let wrong = || Problem::invalid(request.path("headers"), format!("`{name}` is no header with a text"));
            let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = value.as_str().and_then(|text| HeaderValue::from_str(text).ok()).ok_or_else(wrong)?;
            headers.insert(known, value);
        }
    }
    let body = match request.typed::<Value>("body")? {
        None => Bytes::new(),
        Some(_) if !headers.contains_key(header::CONTENT_TYPE) => {
            let message = "a body needs the header Content-Type: application/json";
            return Err(Problem::invalid(request.path("headers"), message));
        }
        Some(body) => Bytes::from(body.to_string()),
    };
    Ok(Step {
        id: request.text_required("id")?,
        after: request.texts("dependsOn")?.unwrap_or_default(),
        operation: Operation { method, target, headers, body },
    })
}

/// Refuses steps that wait for nobody who comes, or for each other.
fn acyclic(steps: &[Step]) -> Result<(), Problem> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < steps.len() {
        let before = done.len();
        let ready = steps.iter().filter(|step| step.after.iter().all(|id| done.contains(id.as_str())));
        let ready: Vec<&str> = ready.map(|step| step.id.as_str()).collect();
        done.extend(ready);
        if done.len() == before {
            let stuck = steps.iter().find(|step| !done.contains(step.id.as_str())).map_or("", |step| &step.id);
            let message = format!("`{stuck}` depends on an operation that is not there, or that waits for it");
            return Err(Problem::invalid("dependsOn", message));
        }
    }
    Ok(())
}

/// An answer as an entry. JSON stays JSON; other bodies are base64, as the original has them.
fn shown(id: &str, answer: &Answer) -> Value {
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), Value::from(String::from_utf8_lossy(value.as_bytes()))))
        .collect();
    let mut entry = json!({"id": id, "status": answer.status.as_u16(), "headers": headers});
    if !answer.body.is_empty() {
        entry["body"] =
            serde_json::from_slice(&answer.body).unwrap_or_else(|_| Value::from(STANDARD.encode(&answer.body)));
    }
    entry
}

fn dependency_failed(step: &Step) -> Value {
    let message = format!("an operation that `{}` depends on has failed", step.id);
    let error = json!({"error": {"code": "FailedDependency", "message": message}});
    json!({"id": step.id, "status": 424, "headers": {"Content-Type": "application/json"}, "body": error})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(requests: Value) -> Result<Vec<String>, Problem> {
        let body = json!({ "requests": requests }).to_string();
        let steps = read(&Members::read(body.as_bytes()).unwrap(), "v1.0")?;
        Ok(steps.iter().map(|step| format!("{} {}", step.operation.method, step.operation.target)).collect())
    }

    fn one(members: Value) -> Value {
        let mut request = json!({"id": "1", "method": "GET", "url": "/me"});
        for (name, value) in members.as_object().unwrap() {
            request[name] = value.clone();
        }
        request
    }

    #[test]
    fn urls_are_taken_with_and_without_slash_version_and_host() {
        for (url, expected) in [
            ("/me", "GET /v1.0/me"),
            ("me?$select=id", "GET /v1.0/me?$select=id"),
            ("/beta/me", "GET /beta/me"),
            ("https://graph.microsoft.com/v1.0/me", "GET /v1.0/me"),
        ] {
            assert_eq!(steps(json!([one(json!({"url": url}))])).unwrap(), [expected]);
        }
    }

    #[test]
    fn what_cannot_be_run_is_refused_as_a_whole() {
        let many: Vec<Value> = (0..21).map(|id| one(json!({"id": id.to_string()}))).collect();
        for (requests, field) in [
            (json!([]), "requests"),
            (json!(many), "requests"),
            (json!(7), "requests"),
            (json!([7]), "requests"),
            (json!([one(json!({})), one(json!({}))]), "requests[1].id"),
            (json!([one(json!({"id": null}))]), "requests[0].id"),
            (json!([one(json!({"method": null}))]), "requests[0].method"),
            (json!([one(json!({"method": "G E T"}))]), "requests[0].method"),
            (json!([one(json!({"url": null}))]), "requests[0].url"),
            (json!([one(json!({"headers": {"a b": "c"}}))]), "requests[0].headers"),
            (json!([one(json!({"headers": {"a": 7}}))]), "requests[0].headers"),
            (json!([one(json!({"method": "POST", "body": {}}))]), "requests[0].headers"),
            (json!([one(json!({"dependsOn": ["2"]}))]), "dependsOn"),
            (json!([one(json!({"dependsOn": ["1"]}))]), "dependsOn"),
            (json!([one(json!({"dependsOn": ["2"]})), one(json!({"id": "2", "dependsOn": ["1"]}))]), "dependsOn"),
        ] {
            let problem = steps(requests.clone()).unwrap_err();
            assert_eq!(problem.field(), Some(field), "{requests}: {problem:?}");
        }
    }
}
