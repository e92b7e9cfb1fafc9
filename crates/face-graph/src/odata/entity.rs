//! A thing as its API shows it: properties with values, in an order.
//!
//! The order matters to one family of readers. Answers say `streaming`, and a streaming reader must meet the
//! annotations (`odata.type`) before the properties they explain, so a sorted map will not do. The same properties
//! are what `$filter`, `$orderby` and `$select` look at.

use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// Properties with values, in the order they are written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Entity(Vec<(Cow<'static, str>, Value)>);

impl Entity {
    /// No property yet.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a property.
    pub(crate) fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Adds a property that is null when there is nothing.
    pub(crate) fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        self.with(name, value.map_or(Value::Null, Into::into))
    }

    /// Adds properties that are always empty lists here: the API promises them, this directory has nothing to say.
    pub(crate) fn empty_lists(self, names: impl IntoIterator<Item = &'static str>) -> Self {
        names.into_iter().fold(self, |entity, name| entity.with(name, Value::Array(Vec::new())))
    }

    /// Adds properties that are always null here, for the same reason.
    pub(crate) fn nulls(self, names: impl IntoIterator<Item = &'static str>) -> Self {
        names.into_iter().fold(self, |entity, name| entity.with(name, Value::Null))
    }

    /// Puts an annotation before everything else.
    pub(crate) fn headed(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.insert(0, (name.into(), value.into()));
        self
    }

    /// Gives a property that is there another value. One that was left out stays out.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        if let Some((_, kept)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *kept = value.into();
        }
    }

    /// A value by name. Letter case is forgiven, as the original forgives it.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A text by name; empty if it is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Only the properties `keep` says yes to. Annotations always stay.
    pub(crate) fn keep(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|(name, _)| name.contains("odata.") || keep(name));
        self
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_written_in_their_order_and_found_in_any_case() {
        let entity = Entity::new()
            .with("objectId", "7")
            .maybe("mail", None::<&str>)
            .empty_lists(["otherMails"])
            .nulls(["creationType"])
            .headed("odata.type", "T");
        let text = serde_json::to_string(&entity).unwrap();
        assert_eq!(text, r#"{"odata.type":"T","objectId":"7","mail":null,"otherMails":[],"creationType":null}"#);
        assert_eq!((entity.text("OBJECTID"), entity.text("mail"), entity.text("none")), ("7", "", ""));
        let mut entity = entity;
        entity.put("objectId", "8");
        entity.put("nobody", "8");
        assert_eq!((entity.text("objectId"), entity.get("nobody")), ("8", None));
        let kept = serde_json::to_string(&entity.keep(|name| name == "mail")).unwrap();
        assert_eq!(kept, r#"{"odata.type":"T","mail":null}"#);
    }
}
