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

/// Reads the `Authorization` header if it is Basic, the form otherwise. A client shows who it is in one way (RFC 6749
/// 2.3): beside Basic the form may repeat its id, as some libraries do, and nothing that proves it.
pub(crate) fn read(authorization: Option<&str>, form: &Query) -> Result<Client, OauthRefusal> {
    let sent = |field: &str| form.get(field).filter(|text| !text.is_empty());
    let Some(credentials) = basic(authorization) else {
        return Ok(Client {
            id: form.get("client_id").map(str::to_owned),
            secret: form.get("client_secret").map(Secret::new),
        });
    };
    if let Some(field) = ["client_secret", "client_assertion"].into_iter().find(|field| sent(field).is_some()) {
        let rule = "shows who the client is, and the Authorization header does so too; use one of them";
        return Err(OauthRefusal::FieldInvalid { field, rule });
    }
    let client = from_basic(credentials.trim())?;
    if sent("client_id").is_some_and(|id| client.id.as_deref() != Some(id)) {
        let rule = "names another client than the Authorization header does; name one";
        return Err(OauthRefusal::FieldInvalid { field: "client_id", rule });
    }
    Ok(client)
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
        let decoded = percent_decode_str(&blanks).decode_utf8().map_err(|_| wrong("is not UTF-8"))?;
        if decoded.contains('\0') { Err(wrong("has the character U+0000")) } else { Ok(decoded.into_owned()) }
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
        let in_form = Query::parse("client_id=form&client_secret=s%2B1").unwrap();
        let empty = Query::parse("client_id=&client_secret=").unwrap();
        let encoded = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for (header, form, expected) in [
            (None, &in_form, Some(client("form", "s+1"))),
            (Some("Bearer x".to_owned()), &in_form, Some(client("form", "s+1"))),
            (Some(encoded("basic:s:2")), &empty, Some(client("basic", "s:2"))),
            (Some(encoded("b%2Fc:s%3D+x")), &empty, Some(client("b/c", "s= x"))),
            (Some(encoded("basic:").replace("Basic", "BASIC")), &empty, Some(client("basic", ""))),
            (Some(encoded("no colon")), &empty, None),
            (Some("Basic ???".to_owned()), &empty, None),
            (Some(encoded("a:%FF")), &empty, None),
            (Some(encoded("a%00:s")), &empty, None),
            (Some(encoded("form:s+1")), &in_form, None),
        ] {
            let seen = read(header.as_deref(), form);
            assert_eq!(seen.as_ref().map_err(OauthRefusal::code).ok(), expected.as_ref(), "{header:?}");
            assert!(!format!("{seen:?}").contains("s="), "a secret is never printed");
        }
        assert_eq!(read(None, &Query::default()).unwrap(), Client::default());
    }
    #[test]
    fn a_client_shows_who_it_is_in_one_way() {
        let basic = format!("Basic {}", STANDARD.encode("basic:s"));
        for (form, fine) in [
            ("client_id=basic", true),
            ("client_id=other", false),
            ("client_secret=s", false),
            ("client_assertion=x", false),
            ("client_id=basic&client_secret=s", false),
            ("client_secret=&client_assertion=&client_id=", true),
        ] {
            let seen = read(Some(&basic), &Query::parse(form).unwrap());
            assert_eq!(seen.as_ref().map_err(|refusal| refusal.error()).err(), (!fine).then_some("invalid_request"));
        }
    }
}
