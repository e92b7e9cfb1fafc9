//! The fields of an authorize request, as they travel: in the first link, then as hidden fields through every form.
//!
//! They are the client's words and nobody's promise: each page hands them to the directory again, which checks them
//! as if it saw them for the first time. Only the fields named here travel; what else a client sends is ignored.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tenantry_directory::OauthRefusal;
use tenantry_http::{Call, Query};
use uuid::Uuid;

/// Fields of an authorize request (directory.md 1.4).
pub(crate) const AUTHORIZE: [&str; 14] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "resource",
    "state",
    "response_mode",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "prompt",
    "login_hint",
    "client_info",
    REQUEST_ID,
];

/// Fields of a request for an administrator's consent (directory.md 1.1).
pub(crate) const ADMIN_CONSENT: [&str; 5] = ["client_id", "redirect_uri", "scope", "state", REQUEST_ID];

/// Fields of a token request (directory.md 1.5).
pub(crate) const TOKEN: [&str; 18] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion_type",
    "client_assertion",
    "resource",
    "scope",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "device_code",
    "assertion",
    "requested_token_use",
    "username",
    "password",
    "client_info",
    REQUEST_ID,
];

/// Fields by which a device asks for a code (directory.md 1.8).
pub(crate) const DEVICE: [&str; 7] =
    ["client_id", "client_secret", "client_assertion_type", "client_assertion", "resource", "scope", REQUEST_ID];

/// The client's id of its call.
const REQUEST_ID: &str = "client-request-id";

/// The wishes of `prompt` that the first page fulfils, or that leave no page to travel with.
const ONCE: [&str; 3] = ["login", "select_account", "none"];

/// Refuses fields that are there twice (RFC 6749 3.1, 3.2): one reader may take the first and another the last.
pub(crate) fn once_each(sent: &Query, names: &[&'static str]) -> Result<(), OauthRefusal> {
    for &field in names {
        if sent.pairs().filter(|(known, _)| known.eq_ignore_ascii_case(field)).count() > 1 {
            return Err(OauthRefusal::FieldInvalid { field, rule: "is there more than once; send it once" });
        }
    }
    Ok(())
}

/// The fields that go on into the next form.
pub(crate) fn onward(sent: &Query, names: &[&str]) -> Vec<(String, String)> {
    let kept = names.iter().filter_map(|name| Some((*name, sent.get(name)?)));
    let mut fields: Vec<(String, String)> =
        kept.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for (_, value) in fields.iter_mut().filter(|(name, _)| name == "prompt") {
        let left: Vec<&str> = value.split(' ').filter(|wish| !ONCE.contains(wish)).collect();
        *value = left.join(" ");
    }
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

/// The same request as a link: what a client posts is asked for again with GET, so that the browser sends its
/// cookies, which it keeps back from a form of another site.
pub(crate) fn link(action: &str, sent: &Query, names: &[&str]) -> String {
    let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> =
        names.iter().filter_map(|name| Some(format!("{name}={}", text(sent.get(name)?)))).collect();
    format!("{action}?{}", pairs.join("&"))
}

/// A path segment as a client spelled it.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string().replace("%2E", ".").replace("%2D", "-")
}

/// Takes the id of the call from its fields, as Node clients send it; the header goes first (directory.md 1.5).
pub(crate) fn correlate(call: &mut Call, sent: &Query) {
    let named = call.header(REQUEST_ID).is_none().then(|| sent.get(REQUEST_ID)).flatten();
    if let Some(id) = named.and_then(|text| Uuid::try_parse(text).ok()) {
        call.ctx.correlation_id = id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_travels_is_named_and_once() {
        for (sent, expected) in [
            ("client_id=a&state=1%262&x=y", "client_id=a state=1&2"),
            ("STATE=&client_id=a", "client_id=a"),
            ("prompt=login&client_id=a", "client_id=a"),
            ("prompt=login+consent", "prompt=consent"),
            ("prompt=select_account%20none", ""),
            ("password=x&step=sign-in&form=1", ""),
        ] {
            let fields = onward(&Query::parse(sent).unwrap(), &AUTHORIZE);
            let text: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(text.join(" "), expected, "{sent}");
        }
    }

    #[test]
    fn a_field_twice_is_refused() {
        for (sent, good) in [("state=1&x=1&x=2", true), ("state=1&State=2", false), ("client_id=a&client_id=a", false)]
        {
            assert_eq!(once_each(&Query::parse(sent).unwrap(), &AUTHORIZE).is_ok(), good, "{sent}");
        }
    }

    #[test]
    fn links_and_paths_hold_any_text() {
        let sent = Query::parse("client_id=a%26b&state=%2F%23+%C3%9F&password=x").unwrap();
        assert_eq!(link("/t/authorize", &sent, &AUTHORIZE), "/t/authorize?client_id=a%26b&state=%2F%23%20%C3%9F");
        assert_eq!(segment("a-b.example"), "a-b.example");
        assert_eq!(segment("../x?y#\"<"), "..%2Fx%3Fy%23%22%3C");
    }
}
