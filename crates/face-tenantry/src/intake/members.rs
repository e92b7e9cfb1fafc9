//! The members of one JSON object, each as the text it was written in.
//!
//! A quantity must be read from its digits and not through a float. So an object is scanned once, its known members are kept as slices of the body, and what they mean is decided afterwards.
//! Reading into a derived struct would stop at the first surprise; here a member that is unknown, repeated or of
//! the wrong kind is a finding about one event, and the rest of the batch goes on.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// The most members any shape has.
pub(super) const MEMBERS_MAX: usize = 11;

/// Which members an object may have.
pub(super) trait Shape {
    /// Their names. Their places in this list are how they are asked for.
    const NAMES: &'static [&'static str];
}

/// One object of a shape.
pub(super) struct Members<'a, S> {
    values: [Option<&'a str>; MEMBERS_MAX],
    /// The first member that the shape does not have.
    pub(super) unknown: Option<String>,
    /// The first member that is there twice. Taking one of two quantities would be a guess about money.
    pub(super) repeated: Option<&'static str>,
    shape: PhantomData<S>,
}

impl<'a, S: Shape> Members<'a, S> {
    pub(super) const fn empty() -> Self {
        Self { values: [None; MEMBERS_MAX], unknown: None, repeated: None, shape: PhantomData }
    }

    /// Keeps the text of a value at a place of the shape; `None` if there is one already.
    pub(super) fn put(&mut self, place: usize, text: &'a str) -> Option<()> {
        let slot = self.values.get_mut(place)?;
        slot.replace(text).is_none().then_some(())
    }

    /// The text of a member as it was written; `None` if it is absent or `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.at(S::NAMES.iter().position(|known| *known == name)?)
    }

    /// The same, by its place in the shape.
    pub(super) fn at(&self, place: usize) -> Option<&'a str> {
        self.values.get(place).copied().flatten().filter(|text| *text != "null")
    }
}

impl<'de: 'a, 'a, S: Shape> Deserialize<'de> for Members<'a, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect(PhantomData))
    }
}

struct Collect<S>(PhantomData<S>);

impl<'de, S: Shape> Visitor<'de> for Collect<S> {
    type Value = Members<'de, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::empty();
        while let Some(Name { place, unknown, .. }) = map.next_key::<Name<S>>()? {
            let slot = place.and_then(|place| Some((S::NAMES.get(place)?, members.values.get_mut(place)?)));
            let Some((name, slot)) = slot else {
                map.next_value::<IgnoredAny>()?;
                members.unknown = members.unknown.or(unknown);
                continue;
            };
            if slot.replace(map.next_value::<&'de RawValue>()?.get()).is_some() {
                members.repeated.get_or_insert(name);
            }
        }
        Ok(members)
    }
}

/// A member's name: its place in the shape, or its text.
struct Name<S> {
    place: Option<usize>,
    unknown: Option<String>,
    shape: PhantomData<S>,
}

impl<'de, S: Shape> Deserialize<'de> for Name<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Find<S>(PhantomData<S>);
        impl<S: Shape> Visitor<'_> for Find<S> {
            type Value = Name<S>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                let place = S::NAMES.iter().position(|known| *known == text);
                let unknown = if place.is_none() { Some(text.to_owned()) } else { None };
                Ok(Name { place, unknown, shape: PhantomData })
            }
        }
        deserializer.deserialize_str(Find(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair;

    impl Shape for Pair {
        const NAMES: &'static [&'static str] = &["a", "b"];
    }

    #[test]
    fn members_are_kept_as_written() {
        let members: Members<'_, Pair> = serde_json::from_str(r#"{"a": 1.50 ,"b":null,"\u0061b":{"a":2}}"#).unwrap();
        assert_eq!(members.get("a"), Some("1.50"));
        assert!(members.get("b").is_none() && members.get("c").is_none());
        assert_eq!((members.unknown.as_deref(), members.repeated), (Some("ab"), None));
        let members: Members<'_, Pair> = serde_json::from_str(r#"{"\u0061":1,"a":null,"x":0,"y":0}"#).unwrap();
        assert_eq!((members.unknown.as_deref(), members.repeated), (Some("x"), Some("a")));
    }
}
