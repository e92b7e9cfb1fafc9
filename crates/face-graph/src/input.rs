//! Reads the members of a JSON body. Names are exact, as OData wants them; annotations (`odata.type`) are passed over;
//! what cannot be set is refused by name rather than dropped, so that nobody believes it was kept.

use serde_json::{Map, Value};
use tenantry_core::{Problem, Secret, Timestamp};
use tenantry_http::{Call, nearest, read_json, read_part};
use uuid::Uuid;

/// The members of one object.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    at: String,
    members: std::borrow::Cow<'a, Map<String, Value>>,
}

impl Members<'static> {
    /// The members of a body that must be an object.
    pub(crate) fn of(call: &Call) -> Result<Self, Problem> {
        Self::read(&call.body)
    }

    /// The same of bytes.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        match read_json::<Value>(body)? {
            Value::Object(members) => Ok(Self { at: String::new(), members: std::borrow::Cow::Owned(members) }),
            other => Err(Problem::invalid("body", format!("{} is no object; write it as {{..}}", kind(&other)))),
        }
    }
}

impl<'a> Members<'a> {
    /// The path of a member, for refusals.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }

    /// Refuses members of other names, unless they say nothing (null, or an empty list).
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let says_nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        let other = self
            .members
            .iter()
            .find(|(name, value)| !known.contains(&name.as_str()) && !name.contains("odata.") && !says_nothing(value));
        let Some((name, _)) = other else { return Ok(()) };
        let shown: String = name.chars().take(60).collect();
        let meant = nearest(&shown, known.iter().copied()).map(|name| format!("; did you mean {name}?"));
        let advice = meant.unwrap_or_else(|| "; leave it away".to_owned());
        let message = format!("Invalid property '{shown}': it is not known or cannot be set here{advice}");
        Err(Problem::new(tenantry_core::Reason::InvalidField, message).at(self.path(&shown)))
    }

    /// A member that is there and not null.
    fn value(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.wrong(name, other, "a text")),
        }
    }

    /// A text that must be there.
    pub(crate) fn text_required(&self, name: &str) -> Result<String, Problem> {
        self.text(name)?.ok_or_else(|| Problem::missing(self.path(name)))
    }

    /// A text of a change: absent leaves it, null or an empty text removes it.
    pub(crate) fn text_sent(&self, name: &str) -> Result<Option<Option<String>>, Problem> {
        if !self.has(name) {
            return Ok(None);
        }
        Ok(Some(self.text(name)?.filter(|text| !text.is_empty())))
    }

    /// A text that nobody may see.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<Secret>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Secret::new(text.clone()))),
            Some(_) => Err(Problem::invalid(self.path(name), "is not a text")),
        }
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.wrong(name, other, "true or false")),
        }
    }

    /// A GUID in any letter case.
    pub(crate) fn guid(&self, name: &str) -> Result<Option<Uuid>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        guid(&text, &self.path(name)).map(Some)
    }

    /// A GUID that must be there.
    pub(crate) fn guid_required(&self, name: &str) -> Result<Uuid, Problem> {
        self.guid(name)?.ok_or_else(|| Problem::missing(self.path(name)))
    }

    /// An instant.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        Timestamp::parse(&text).map(Some).map_err(|error| Problem::invalid(self.path(name), error))
    }

    /// A list, whose elements the caller reads. Absent and null are `None`.
    fn list(&self, name: &str) -> Result<Option<&Vec<Value>>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(other) => Err(self.wrong(name, other, "a list")),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let Some(list) = self.list(name)? else { return Ok(None) };
        let text = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            other => Err(self.wrong(name, other, "a text")),
        };
        list.iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// A list of GUIDs.
    pub(crate) fn guids(&self, name: &str) -> Result<Option<Vec<Uuid>>, Problem> {
        let Some(texts) = self.texts(name)? else { return Ok(None) };
        texts.iter().map(|text| guid(text, &self.path(name))).collect::<Result<_, _>>().map(Some)
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Members<'_>>, Problem> {
        self.value(name).map(|value| self.members_of(self.path(name), name, value)).transpose()
    }

    /// A list of objects.
    pub(crate) fn objects(&self, name: &str) -> Result<Option<Vec<Members<'_>>>, Problem> {
        let Some(list) = self.list(name)? else { return Ok(None) };
        let element = |(place, value)| self.members_of(format!("{}[{place}]", self.path(name)), name, value);
        list.iter().enumerate().map(element).collect::<Result<_, _>>().map(Some)
    }

    /// A list whose elements the domain reads itself, in the wire's own names.
    pub(crate) fn typed<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        read_part(&self.path(name), &value.to_string()).map(Some)
    }

    fn members_of<'b>(&self, at: String, name: &str, value: &'b Value) -> Result<Members<'b>, Problem> {
        match value {
            Value::Object(members) => Ok(Members { at, members: std::borrow::Cow::Borrowed(members) }),
            other => Err(self.wrong(name, other, "an object")),
        }
    }

    fn wrong(&self, name: &str, seen: &Value, wanted: &str) -> Problem {
        Problem::invalid(self.path(name), format!("{} is not {wanted}", kind(seen)))
    }
}

fn guid(text: &str, at: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        let shown: String = text.chars().take(60).collect();
        Problem::invalid(at, format!("`{shown}` is not a GUID such as 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10"))
    })
}

/// A value in a few words. Never the whole of it: it may be long, or a password in the wrong place.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(body: &str) -> Members<'static> {
        Members::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_change_tells_absent_from_null() {
        let body = members(r#"{"city":null,"state":"WA","country":""}"#);
        assert_eq!(body.text_sent("mail").unwrap(), None);
        assert_eq!(body.text_sent("city").unwrap(), Some(None));
        assert_eq!(body.text_sent("country").unwrap(), Some(None));
        assert_eq!(body.text_sent("state").unwrap(), Some(Some("WA".to_owned())));
    }

    #[test]
    fn refusals_name_the_member() {
        let body = members(
            r#"{"flag":"yes","text":7,"id":"x","ids":["x"],"list":{},"object":[],"when":"soon","o":{"in":1},
                "l":[{"in":1},{"in":[]}],"password":8}"#,
        );
        let inner = body.object("o").unwrap().unwrap();
        let list = body.objects("l").unwrap().unwrap();
        for (seen, field) in [
            (body.flag("flag").err(), "flag"),
            (body.text("text").err(), "text"),
            (body.text_required("none").err(), "none"),
            (body.guid("id").err(), "id"),
            (body.guid_required("none").err(), "none"),
            (body.guids("ids").err(), "ids"),
            (body.texts("list").err(), "list"),
            (body.objects("list").err(), "list"),
            (body.object("object").err(), "object"),
            (body.time("when").err(), "when"),
            (body.secret("password").err(), "password"),
            (inner.text("in").err(), "o.in"),
            (list[1].flag("in").err(), "l[1].in"),
        ] {
            assert_eq!(seen.unwrap().field(), Some(field));
        }
        for body in ["[]", "7", "\"x\"", "null", "", "{"] {
            assert!(Members::read(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn members_that_cannot_be_set_are_refused_unless_they_say_nothing() {
        let known = ["displayName"];
        assert!(
            members(r#"{"displayName":"x","odata.type":"T","@odata.type":"T","mail":null,"l":[]}"#)
                .only(&known)
                .is_ok()
        );
        assert_eq!(members(r#"{"DisplayName":"x"}"#).only(&known).unwrap_err().field(), Some("DisplayName"));
    }
}
