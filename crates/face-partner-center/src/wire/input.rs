//! Reads bodies the way the clients of this field write them.
//!
//! One family sends camelCase, two send PascalCase with explicit nulls and dates of the year 1 for "not set"
//! (partner-center-v1.md 1.5). So a member is found by name in any letter case, `null` and such dates are absent,
//! unknown members are passed over, and every refusal names the member in the words of the documentation, with its
//! path: `lineItems[0].quantity`. Numbers are read from their own text, never through a float.

use crate::wire::words::Words;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use tenantry_core::Problem;
use tenantry_http::Call;

/// A body that is JSON, as sent.
#[derive(Debug)]
pub(crate) struct Body(Box<RawValue>);

impl Body {
    /// The body of a call; refused if it is empty or no JSON, with the place.
    pub(crate) fn of(call: &Call) -> Result<Self, Problem> {
        call.json().map(Self)
    }

    /// The objects of the list it is. `at` names the list in refusals.
    pub(crate) fn items(&self, at: &str) -> Result<Vec<Fields<'_>>, Problem> {
        let items: Vec<&RawValue> = serde_json::from_str(self.0.get())
            .map_err(|_| Problem::invalid("body", format!("{} is not a list; write it as [..]", clip(self.0.get()))))?;
        items.into_iter().enumerate().map(|(place, item)| Fields::read(format!("{at}[{place}]"), item)).collect()
    }

    /// The members of the object it is.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Fields::read(String::new(), &self.0)
    }
}

/// The members of one object.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    at: String,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Fields<'a> {
    /// The members of a JSON text that is an object. `at` names it in refusals; empty for a whole body.
    pub(crate) fn read(at: String, json: &'a RawValue) -> Result<Self, Problem> {
        let members: Members<'a> = serde_json::from_str(json.get()).map_err(|_| {
            let name = if at.is_empty() { "body" } else { &at };
            Problem::invalid(name, format!("{} is not an object; write it as {{..}}", clip(json.get())))
        })?;
        Ok(Self { at, members: members.0 })
    }

    /// The path of a member, for refusals.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    /// A text. Numbers and flags are taken for their spelling: some ids are numbers to some clients.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        let Some(json) = self.member(name) else { return Ok(None) };
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map(Some).map_err(|_| self.wrong(name, json, "a text")),
            Some(b'{' | b'[') => Err(self.wrong(name, json, "a text")),
            _ => Ok(Some(json.to_owned())),
        }
    }

    /// A text that acts check for presence themselves: absent is empty.
    pub(crate) fn text_or_empty(&self, name: &str) -> Result<String, Problem> {
        Ok(self.text(name)?.unwrap_or_default())
    }

    /// A whole number; `5.0` and `"5"` are taken for 5, as the original's reader does.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let plain = text.trim();
        let whole = match plain.split_once('.') {
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
            _ => plain,
        };
        whole.parse().map(Some).map_err(|_| self.wrong(name, &text, "a whole number"))
    }

    /// A whole number that must be there.
    pub(crate) fn whole_required(&self, name: &str) -> Result<i64, Problem> {
        self.whole(name)?.ok_or_else(|| Problem::missing(self.path(name)))
    }

    /// Yes or no, in any letter case, quoted or not.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.trim().to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(self.wrong(name, &text, "true or false")),
        }
    }

    /// A word of an enumeration. Empty is absent.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &Words<T>) -> Result<Option<T>, Problem> {
        match self.text(name)? {
            Some(text) if !text.trim().is_empty() => words.read(&self.path(name), &text).map(Some),
            _ => Ok(None),
        }
    }

    /// An object inside.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Problem> {
        self.raw(name).map(|json| Self::read(self.path(name), json)).transpose()
    }

    /// An object inside; one without members if it is absent, so that its required members are the ones named.
    pub(crate) fn object_or_empty(&self, name: &str) -> Result<Fields<'a>, Problem> {
        let absent = Fields { at: self.path(name), members: Vec::new() };
        Ok(self.object(name)?.unwrap_or(absent))
    }

    /// The objects of a list; none if it is absent.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<Fields<'a>>, Problem> {
        let Some(json) = self.raw(name) else { return Ok(Vec::new()) };
        let items: Vec<&'a RawValue> =
            serde_json::from_str(json.get()).map_err(|_| self.wrong(name, json.get(), "a list"))?;
        let path = self.path(name);
        items.into_iter().enumerate().map(|(place, item)| Self::read(format!("{path}[{place}]"), item)).collect()
    }

    /// Whether there is a member of this name that is not absent.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The texts of a list; none if it is absent.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let Some(json) = self.raw(name) else { return Ok(Vec::new()) };
        serde_json::from_str(json.get()).map_err(|_| self.wrong(name, json.get(), "a list of texts"))
    }

    /// The texts of an object, by the names they were sent under; none if it is absent.
    pub(crate) fn text_map(&self, name: &str) -> Result<BTreeMap<String, String>, Problem> {
        let Some(object) = self.object(name)? else { return Ok(BTreeMap::new()) };
        let names = object.members.iter().map(|(name, _)| name.as_ref());
        let pair = |name: &str| Ok(object.text(name)?.map(|text| (name.to_owned(), text)));
        names.filter_map(|name| pair(name).transpose()).collect()
    }

    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        let named = self.members.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, json)| *json).find(|json| !is_absent(json.get()))
    }

    fn member(&self, name: &str) -> Option<&'a str> {
        self.raw(name).map(RawValue::get)
    }

    fn wrong(&self, name: &str, seen: &str, wanted: &str) -> Problem {
        Problem::invalid(self.path(name), format!("{} is not {wanted}", clip(seen)))
    }
}

/// `null`, and the date that stands for "not set".
fn is_absent(json: &str) -> bool {
    json == "null" || json.starts_with("\"0001-01-01T")
}

/// Keeps a refusal readable when somebody sends a megabyte.
fn clip(seen: &str) -> String {
    let shown: String = seen.chars().take(40).collect();
    if shown.len() == seen.len() { format!("`{shown}`") } else { format!("`{shown}…`") }
}

/// An object whose values stay text. A list of pairs, because a map would lose a member written twice.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(json: &str) -> Body {
        Body(RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn members_are_found_however_they_are_written() {
        let body = body(
            r#"{"Id":null,"FRIENDLYNAME":"Suite \u00e9","Quantity":5,"seats":"7","whole":3.0,"Unset":"0001-01-01T00:00:00",
                "AutoRenewEnabled":"True","id":"second","Attributes":{"Etag":"e"},
                "LineItems":[{"LineItemNumber":0},{"lineItemNumber":1}],"unknown":{"deep":[1]}}"#,
        );
        let fields = body.fields().unwrap();
        assert_eq!(fields.text("id").ok(), Some(Some("second".to_owned())), "null is absent, so the next one counts");
        assert_eq!(fields.text("friendlyName").ok(), Some(Some("Suite é".to_owned())));
        assert_eq!(fields.whole("quantity").ok(), Some(Some(5)));
        assert_eq!(fields.whole("seats").ok(), Some(Some(7)));
        assert_eq!(fields.whole("whole").ok(), Some(Some(3)));
        assert_eq!(fields.whole("absent").ok(), Some(None));
        assert_eq!(fields.text("unset").ok(), Some(None));
        assert_eq!(fields.flag("autoRenewEnabled").ok(), Some(Some(true)));
        assert_eq!(fields.object("attributes").unwrap().unwrap().text("ETAG").ok(), Some(Some("e".to_owned())));
        let numbers: Vec<_> =
            fields.list("lineItems").unwrap().iter().map(|line| line.whole("lineItemNumber").unwrap()).collect();
        assert_eq!(numbers, [Some(0), Some(1)]);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_path() {
        let body = body(r#"{"a":{"b":[{"n":"x","t":{},"f":"maybe"}]},"l":{},"o":[]}"#);
        let fields = body.fields().unwrap();
        let inner = fields.object("a").unwrap().unwrap();
        let item = inner.list("b").unwrap().remove(0);
        for (problem, message) in [
            (item.whole("n").unwrap_err(), "a.b[0].n: `x` is not a whole number"),
            (item.text("t").unwrap_err(), "a.b[0].t: `{}` is not a text"),
            (item.flag("f").unwrap_err(), "a.b[0].f: `maybe` is not true or false"),
            (item.whole_required("m").unwrap_err(), "a.b[0].m is required"),
            (fields.list("l").unwrap_err(), "l: `{}` is not a list"),
            (fields.object("o").unwrap_err(), "o: `[]` is not an object; write it as {..}"),
        ] {
            assert_eq!(problem.message(), message);
        }
        assert_eq!(super::tests::body("7").fields().unwrap_err().field(), Some("body"));
    }
}
