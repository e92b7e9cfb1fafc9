//! `$batch`: up to five operations in one `multipart/mixed` body. Only the OData .NET client sends these
//! (directory.md 2.2). Writes stand in a change set, a multipart within the multipart; here each still acts for itself.

use super::{errors, read_path, routes, version};
use crate::inner::{self, Inner, Operation};
use std::sync::LazyLock;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Bytes, Call, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// The most operations of one batch.
const MOST: usize = 5;

static INNER: LazyLock<Inner> = LazyLock::new(|| {
    let routes = routes::served().into_iter().map(version::checked).collect();
    Inner::new(routes, read_path, errors::render)
});

/// A part: an operation, or a change set of some.
#[derive(Debug)]
enum Part {
    Operation(Operation),
    Changes(Vec<Operation>),
}

pub(super) async fn handle(call: Call) -> Result<Answer, Problem> {
    let content = call.header(header::CONTENT_TYPE).unwrap_or_default();
    let text = std::str::from_utf8(&call.body).map_err(|_| wrong("the body is not UTF-8"))?;
    let parts = read(content, text)?;
    let count: usize = parts.iter().map(|part| if let Part::Changes(all) = part { all.len() } else { 1 }).sum();
    if count > MOST {
        let message = format!("the batch has {count} operations; send at most {MOST}");
        return Err(Problem::new(Reason::TooLarge, message));
    }
    let boundary = format!("batchresponse_{}", call.meta.request_id);
    let mut body = String::new();
    for (number, part) in parts.into_iter().enumerate() {
        body.push_str(&format!("--{boundary}\r\n"));
        match part {
            Part::Operation(operation) => body.push_str(&written(&INNER.run(&call, operation).await)),
            Part::Changes(operations) => {
                let inner = format!("changesetresponse_{number}_{}", call.meta.request_id);
                body.push_str(&format!("Content-Type: multipart/mixed; boundary={inner}\r\n\r\n"));
                for operation in operations {
                    body.push_str(&format!("--{inner}\r\n{}", written(&INNER.run(&call, operation).await)));
                }
                body.push_str(&format!("--{inner}--\r\n"));
            }
        }
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    Ok(Answer::bytes(StatusCode::ACCEPTED, &format!("multipart/mixed; boundary={boundary}"), body))
}

/// An answer as a part.
fn written(answer: &Answer) -> String {
    let status = answer.status;
    let mut text = format!(
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 {} {}\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    );
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes())));
    }
    format!("{text}\r\n{}\r\n", String::from_utf8_lossy(&answer.body))
}

fn wrong(what: &str) -> Problem {
    let message = format!("{what}; send multipart/mixed with application/http parts");
    Problem::new(Reason::MalformedBody, message).at("body")
}

/// The parts of a body.
fn read(content: &str, body: &str) -> Result<Vec<Part>, Problem> {
    let part = |text: &str| {
        let (head, rest) = cut(text).ok_or_else(|| wrong("a part has no blank line after its headers"))?;
        let content = field(head, "content-type").unwrap_or_default();
        if content.to_ascii_lowercase().starts_with("multipart/mixed") {
            let inner = parts(content, rest)?.into_iter().map(|text| {
                let (_, request) = cut(text).ok_or_else(|| wrong("a part has no blank line after its headers"))?;
                operation(request)
            });
            return Ok(Part::Changes(inner.collect::<Result<_, Problem>>()?));
        }
        operation(rest).map(Part::Operation)
    };
    parts(content, body)?.into_iter().map(part).collect()
}

/// The texts between the boundaries that a content type names.
fn parts<'a>(content: &str, body: &'a str) -> Result<Vec<&'a str>, Problem> {
    let named = content.split(';').find_map(|word| word.trim().strip_prefix("boundary="));
    let boundary = named.map(|name| name.trim_matches('"')).filter(|name| !name.is_empty());
    let mark = format!("--{}", boundary.ok_or_else(|| wrong("the Content-Type names no boundary"))?);
    let mut pieces = body.split(mark.as_str());
    pieces.next();
    let mut found = Vec::new();
    for piece in pieces {
        if piece.starts_with("--") {
            return Ok(found);
        }
        found.push(piece.trim_start_matches(['\r', '\n']));
    }
    Err(wrong("the closing boundary is missing"))
}

/// Headers and what comes after the blank line.
fn cut(text: &str) -> Option<(&str, &str)> {
    let at = |mark: &str| text.find(mark).map(|at| (at, mark.len()));
    let (place, length) = match (at("\r\n\r\n"), at("\n\n")) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    Some((&text[..place], &text[place + length..]))
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// A request as it stands in a part: a request line, headers, a body.
fn operation(text: &str) -> Result<Operation, Problem> {
    let whole = format!("{}\r\n\r\n", text.trim_end());
    let (head, body) = cut(text).or_else(|| cut(&whole)).ok_or_else(|| wrong("a part holds no request"))?;
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split_whitespace();
    let (Some(method), Some(url)) = (words.next(), words.next()) else {
        return Err(wrong("a part has no request line such as `GET /contoso.com/users?api-version=1.6 HTTP/1.1`"));
    };
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| wrong("a request line names no method"))?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong("a part has a bad header"))?;
        let value = HeaderValue::from_str(value.trim()).map_err(|_| wrong("a part has a bad header"))?;
        headers.insert(name, value);
    }
    let body = Bytes::from(body.trim_end().to_owned());
    Ok(Operation { method, target: inner::target(url), headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str = "multipart/mixed; boundary=batch_1";

    fn shown(body: &str) -> String {
        let one = |operation: &Operation| {
            format!("{} {} {}", operation.method, operation.target, String::from_utf8_lossy(&operation.body))
        };
        let part = |part: &Part| match part {
            Part::Operation(operation) => one(operation),
            Part::Changes(all) => format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(", ")),
        };
        match read(CONTENT, &body.replace('\n', "\r\n")) {
            Ok(parts) => parts.iter().map(part).collect::<Vec<_>>().join("; "),
            Err(problem) => problem.message().to_owned(),
        }
    }

    const GET: &str = "--batch_1\nContent-Type: application/http\n\nGET https://h/t/users?a=1 HTTP/1.1\nAccept: x\n\n";

    #[test]
    fn requests_are_found_in_their_parts() {
        for (body, expected) in [
            (format!("{GET}\n--batch_1--"), "GET /t/users?a=1 "),
            (format!("preamble\n{GET}{GET}--batch_1--\n"), "GET /t/users?a=1 ; GET /t/users?a=1 "),
            (
                "--batch_1\nContent-Type: multipart/mixed; boundary=\"c\"\n\n--c\nContent-Type: application/http\n\n\
                 POST /t/users HTTP/1.1\nContent-Type: application/json\n\n{\"a\":1}\n--c--\n\n--batch_1--"
                    .to_owned(),
                "[POST /t/users {\"a\":1}]",
            ),
            ("--batch_1--".to_owned(), ""),
            (GET.to_owned(), "the closing boundary is missing; send multipart/mixed with application/http parts"),
            (
                "--batch_1\nno headers\n--batch_1--".to_owned(),
                "a part has no blank line after its headers; send multipart/mixed with application/http parts",
            ),
            (
                "--batch_1\nContent-Type: application/http\n\n\n--batch_1--".to_owned(),
                "a part has no request line such as `GET /contoso.com/users?api-version=1.6 HTTP/1.1`; send \
                 multipart/mixed with application/http parts",
            ),
        ] {
            assert_eq!(shown(&body), expected, "{body}");
        }
        for content in ["", "application/json", "multipart/mixed; boundary="] {
            assert!(read(content, GET).is_err());
        }
    }
}
