//! A JSON value as a type reads it: knows its path, and says what it is when something else was asked for.
//!
//! Lists and objects are opened one level at a time, and what is inside stays text until it is asked for. So a number is
//! told as it was written, `1.070` as `1.070`, and no digit passes through a float.

use super::fault::{Fault, clip};
use serde::Deserialize;
use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt::{self, Display};
use std::slice;

/// Where a value stands in the body.
pub(super) enum Path<'p> {
    /// The whole, or a part with a path of its own.
    Root(&'p str),
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(path) => f.write_str(path),
            Self::Member(Path::Root(""), name) => f.write_str(&clip(name)),
            Self::Member(outer, name) => write!(f, "{outer}.{}", clip(name)),
            Self::Item(outer, place) => write!(f, "{outer}[{place}]"),
        }
    }
}

/// A value. Its text is JSON, without white space around it.
#[derive(Clone, Copy)]
pub(super) struct Node<'de, 'p> {
    json: &'de str,
    path: &'p Path<'p>,
}

impl<'de, 'p> Node<'de, 'p> {
    pub(super) const fn new(json: &'de str, path: &'p Path<'p>) -> Self {
        Self { json, path }
    }

    /// What it is, from its first letter.
    fn kind(self) -> &'static str {
        match self.json.as_bytes().first() {
            Some(b'"') => "a text",
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// It is not what it should be; `instead` says how to write it.
    fn wrong(self, expected: impl Display, instead: impl Display) -> Fault {
        let seen = clip(self.json);
        let said = match self.kind() {
            "true or false" | "null" => format!("`{seen}` is not {expected}{instead}"),
            kind => format!("`{seen}` is {kind}, not {expected}{instead}"),
        };
        Fault::new(said).at(self.path)
    }

    fn whole<T: std::str::FromStr>(self, expected: &str) -> Result<T, Fault> {
        if let Ok(number) = self.json.parse() {
            return Ok(number);
        }
        let inside = self.json.trim_matches('"');
        if self.kind() == "a text" && inside.parse::<T>().is_ok() {
            return Err(self.wrong(expected, format_args!("; write it without quotes: {inside}")));
        }
        if self.kind() == "a number" {
            return Err(Fault::new(format!("`{}` is not {expected}", clip(self.json))).at(self.path));
        }
        Err(self.wrong(expected, ""))
    }

    /// The text between the quotes, if it is one; borrowed if nothing in it is escaped.
    fn text(self) -> Result<Text<'de>, Fault> {
        if self.kind() != "a text" {
            return Err(self.no_text());
        }
        let inside = self.json.get(1..self.json.len().saturating_sub(1)).unwrap_or_default();
        if !inside.contains('\\') {
            return Ok(Text::Borrowed(inside));
        }
        serde_json::from_str(self.json).map(Text::Owned).map_err(|error| Fault::inner(&error).at(self.path))
    }

    /// A number for a text is the commonest slip: amounts and numbers of documents are texts here, so that nobody's
    /// reader makes a binary fraction of them.
    fn no_text(self) -> Fault {
        match self.kind() {
            "a number" => {
                let why = if self.json.contains(['.', 'e', 'E']) { ", so that no digit is lost" } else { "" };
                self.wrong("a text", format_args!("; write it as text: \"{}\"{why}", clip(self.json)))
            }
            "null" => self.wrong("a text", "; leave the member away to say nothing"),
            _ => self.wrong("a text", ""),
        }
    }

    fn items(self) -> Result<Vec<&'de RawValue>, Fault> {
        match self.kind() {
            "a list" => serde_json::from_str(self.json).map_err(|error| Fault::inner(&error).at(self.path)),
            "an object" | "null" => Err(self.wrong("a list", "")),
            _ => Err(self.wrong("a list", format_args!("; write [{}]", clip(self.json)))),
        }
    }

    fn members(self, known: &[&str]) -> Result<Members<'de>, Fault> {
        if self.kind() == "an object" {
            return serde_json::from_str(self.json).map_err(|error| Fault::inner(&error).at(self.path));
        }
        let of = if known.is_empty() { String::new() } else { format!(" with {}", known.join(", ")) };
        Err(self.wrong(format_args!("an object{of}"), ""))
    }

    /// What this reader has no eyes of its own for: values of any shape, and the raw text of `serde_json`.
    fn by_serde_json<T>(self, read: impl FnOnce(&mut Inner<'de>) -> Result<T, serde_json::Error>) -> Result<T, Fault> {
        read(&mut serde_json::Deserializer::from_str(self.json)).map_err(|error| Fault::inner(&error).at(self.path))
    }
}

type Inner<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

enum Text<'de> {
    Borrowed(&'de str),
    Owned(String),
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $number:ty: $expected:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.whole::<$number>($expected)?).map_err(|fault: Fault| fault.at(self.path))
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = Fault;

    whole_numbers! {
        deserialize_u8 visit_u8 u8: "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16: "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32: "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64: "a whole number of 0 or more";
        deserialize_u128 visit_u128 u128: "a whole number of 0 or more";
        deserialize_i8 visit_i8 i8: "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16: "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32: "a whole number from -2147483648 to 2147483647";
        deserialize_i64 visit_i64 i64: "a whole number of at most 18 digits";
        deserialize_i128 visit_i128 i128: "a whole number";
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.json {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "\"true\"" | "\"false\"" => Err(self.wrong("true or false", "; write it without quotes")),
            _ => Err(self.wrong("true or false", "")),
        }
        .map_err(|fault: Fault| fault.at(self.path))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text()? {
            Text::Borrowed(text) => visitor.visit_borrowed_str(text),
            Text::Owned(text) => visitor.visit_string(text),
        }
        .map_err(|fault: Fault| fault.at(self.path))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.json == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
            .map_err(|fault: Fault| fault.at(self.path))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.json == "null" { visitor.visit_unit() } else { Err(self.wrong("null", "")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        // How `serde_json` asks for the text itself.
        if name.starts_with("$serde_json") {
            return self.by_serde_json(|inner| inner.deserialize_newtype_struct(name, visitor));
        }
        visitor.visit_newtype_struct(self).map_err(|fault: Fault| fault.at(self.path))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items = self.items()?;
        visitor.visit_seq(Items { items: items.iter(), place: 0, path: self.path }).map_err(|fault| fault.at(self.path))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let members = self.members(&[])?;
        visitor.visit_map(Opened::new(&members, self.path)).map_err(|fault| fault.at(self.path))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let members = self.members(fields)?;
        visitor.visit_map(Opened::new(&members, self.path)).map_err(|fault| fault.at(self.path))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.kind() {
            "a text" => {
                let text = match self.text()? {
                    Text::Borrowed(text) => text.to_owned(),
                    Text::Owned(text) => text,
                };
                visitor.visit_enum(Word(text)).map_err(|fault: Fault| fault.at(self.path))
            }
            "an object" => self.by_serde_json(|inner| inner.deserialize_enum(name, variants, visitor)),
            _ => Err(self.wrong(format_args!("one of {}", variants.join(", ")), "")),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.by_serde_json(|inner| inner.deserialize_any(visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { f32 f64 bytes byte_buf }
}

/// A word of an enumeration.
struct Word(String);

impl<'de> EnumAccess<'de> for Word {
    type Error = Fault;
    type Variant = <StringDeserializer<Fault> as EnumAccess<'de>>::Variant;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), Fault> {
        let word: StringDeserializer<Fault> = self.0.into_deserializer();
        word.variant_seed(seed)
    }
}

/// The values of a list, still to be read.
struct Items<'de, 'p> {
    items: slice::Iter<'p, &'de RawValue>,
    place: usize,
    path: &'p Path<'p>,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let path = Path::Item(self.path, self.place);
        self.place += 1;
        seed.deserialize(Node::new(item.get(), &path)).map(Some).map_err(|fault| fault.at(&path))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The members of an object, still to be read.
struct Opened<'de, 'p> {
    members: slice::Iter<'p, (String, &'de RawValue)>,
    value: Option<(&'p str, &'de RawValue)>,
    path: &'p Path<'p>,
}

impl<'de, 'p> Opened<'de, 'p> {
    fn new(members: &'p Members<'de>, path: &'p Path<'p>) -> Self {
        Self { members: members.0.iter(), value: None, path }
    }
}

impl<'de> MapAccess<'de> for Opened<'de, '_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.members.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.value.take().ok_or_else(|| Fault::custom("a value was asked for before its name"))?;
        let path = Path::Member(self.path, name);
        seed.deserialize(Node::new(value.get(), &path)).map_err(|fault| fault.at(&path))
    }
}

/// An object whose values stay text. A list of pairs, because a map would lose a member that is there twice.
struct Members<'de>(Vec<(String, &'de RawValue)>);

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
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
