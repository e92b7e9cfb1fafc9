//! The `links` block. A link is relative, begins with a slash and has neither host nor version, because clients
//! join it to `/v1/` themselves (partner-center-v1.md 1.5).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// What stands unencoded in a query, or in a segment of a path. One client family refuses a link that is no strict URI (rule 10 of 6.1).
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A header that goes with a link: the place where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LinkHeader {
    pub(crate) key: &'static str,
    pub(crate) value: String,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Link {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    method: &'static str,
    headers: Vec<LinkHeader>,
}

impl Link {
    /// To read something.
    pub(crate) fn get(uri: impl Into<String>) -> Self {
        Self { uri: Some(uri.into()), method: "GET", headers: Vec::new() }
    }

    /// To change something.
    pub(crate) fn patch(uri: impl Into<String>) -> Self {
        Self { method: "PATCH", ..Self::get(uri) }
    }

    /// To nowhere: recorded `learnMore` links come without an address.
    pub(crate) const fn nowhere() -> Self {
        Self { uri: None, method: "GET", headers: Vec::new() }
    }

    /// With a header to send along.
    pub(crate) fn header(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.headers.push(LinkHeader { key, value: value.into() });
        self
    }
}

/// Links by name, in the order they were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Links(Vec<(&'static str, Link)>);

impl Links {
    /// With the link to the thing itself.
    pub(crate) fn to_self(uri: impl Into<String>) -> Self {
        Self::default().with("self", Link::get(uri))
    }

    /// With one more.
    pub(crate) fn with(mut self, name: &'static str, link: Link) -> Self {
        self.0.push((name, link));
        self
    }
}

impl Serialize for Links {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, link) in &self.0 {
            map.serialize_entry(name, link)?;
        }
        map.end()
    }
}

/// A text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// A path with a query: `/customers?size=40`.
pub(crate) fn uri<'a>(path: &str, query: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut uri = path.to_owned();
    for (place, (name, value)) in query.into_iter().enumerate() {
        uri.push(if place == 0 { '?' } else { '&' });
        uri.extend(utf8_percent_encode(name, QUERY));
        uri.push('=');
        uri.extend(utf8_percent_encode(value, QUERY));
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_written_as_clients_read_them() {
        let links = Links::to_self(uri("/customers", [("size", "2"), ("filter", "{\"a\":\"b|c d\"}")]))
            .with("next", Link::get("/customers?size=2").header("MS-ContinuationToken", "abc"))
            .with("learnMore", Link::nowhere());
        assert_eq!(
            serde_json::to_string(&links).unwrap(),
            "{\"self\":{\"uri\":\"/customers?size=2&filter=%7B%22a%22%3A%22b%7Cc%20d%22%7D\",\"method\":\"GET\",\
             \"headers\":[]},\"next\":{\"uri\":\"/customers?size=2\",\"method\":\"GET\",\"headers\":[{\"key\":\
             \"MS-ContinuationToken\",\"value\":\"abc\"}]},\"learnMore\":{\"method\":\"GET\",\"headers\":[]}}"
        );
    }
}
