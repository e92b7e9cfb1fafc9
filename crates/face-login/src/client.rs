//! How an application says who it is: form fields, or HTTP Basic.
//!
//! Source: directory.md 1.5; RFC 6749 2.3.1 (in Basic, id and secret are form-encoded first).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use tenantry_core::Secret;
use tenantry_directory::OauthRefusal;
use tenantry_http::Query;

/// Who asks, as sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) id: Option<String>,
    pub(crate) secret: Option<Secret>,
}

/// Reads the `Authorization` header if it is Basic, the form otherwise.
pub(crate) fn read(authorization: Option<&str>, form: &Query) -> Result<Client, OauthRefusal> {
    match basic(authorization) {
        Some(credentials) => from_basic(credentials.trim()),
        None => Ok(Client {
            id: form.get("client_id").map(str::to_owned),
            secret: form.get("client_secret").map(Secret::new),
        }),
    }
}

/// Whether the client used HTTP Basic.
pub(crate) fn is_basic(authorization: Option<&str>) -> bool {
    basic(authorization).is_some()
}

fn basic(authorization: Option<&str>) -> Option<&str> {
    let parts = authorization.and_then(|text| text.trim().split_once(' '));
    parts.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")).map(|(_, credentials)| credentials)
}

fn from_basic(credentials: &str) -> Result<Client, OauthRefusal> {
    // The message says what is wrong with the header and shows nothing of it.
    let wrong = |what: &str| OauthRefusal::Malformed { what: format!("the Basic Authorization header {what}") };
    let bytes = STANDARD.decode(credentials).map_err(|_| wrong("is not base64"))?;
    let text = Secret::new(String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?);
    let (id, secret) = text.reveal().split_once(':').ok_or_else(|| wrong("has no colon"))?;
    let decode = |part: &str| {
        let blanks = part.replace('+', " ");
        percent_decode_str(&blanks).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| wrong("is not UTF-8"))
    };
    Ok(Client { id: Some(decode(id)?), secret: Some(Secret::new(decode(secret)?)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(id: &str, secret: &str) -> Client {
        Client { id: Some(id.to_owned()), secret: Some(Secret::new(secret)) }
    }

    #[test]
    fn clients_are_read_from_either_place() {
        let form = Query::parse("client_id=form&client_secret=s%2B1").unwrap();
        let encoded = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (header, expected) in [
            (None, Some(client("form", "s+1"))),
            (Some("Bearer x".to_owned()), Some(client("form", "s+1"))),
            (Some(encoded("basic:s:2")), Some(client("basic", "s:2"))),
            (Some(encoded("b%2Fc:s%3D+x")), Some(client("b/c", "s= x"))),
            (Some(encoded("basic:").replace("Basic", "BASIC")), Some(client("basic", ""))),
            (Some(encoded("no colon")), None),
            (Some("Basic ???".to_owned()), None),
            (Some(encoded("a:%FF")), None),
        ] {
            let seen = read(header.as_deref(), &form);
            assert_eq!(seen.as_ref().map_err(OauthRefusal::code).ok(), expected.as_ref(), "{header:?}");
            assert!(!format!("{seen:?}").contains("s="), "a secret is never printed");
        }
        assert_eq!(read(None, &Query::default()).unwrap(), Client::default());
    }
}
