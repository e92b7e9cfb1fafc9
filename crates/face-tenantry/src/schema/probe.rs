//! The shape of a type that has no schema of its own: read it from nothing, and note what it asks for.
//!
//! A reader made by `derive` asks for its members by name and kind. Each question is answered with the simplest value of
//! its kind, and written down. Which members may be absent is not asked, so none is called required.

use schemars::Schema;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

/// The schema of a type. Of one whose reader is not made by `derive`: any JSON.
pub(super) fn shape<T: DeserializeOwned>() -> Schema {
    let mut noted = json!({});
    // What a reader of its own makes of the simplest values is its business; what it asked for is noted by then.
    let _ = T::deserialize(Probe(&mut noted));
    Schema::try_from(noted).unwrap_or_default()
}

/// Answers one question, and notes it.
struct Probe<'n>(&'n mut Value);

impl Probe<'_> {
    fn note(self, schema: Value) {
        // A kind that is known from outside, such as a GUID, says more.
        if self.0.get("format").is_none() {
            *self.0 = schema;
        }
    }
}

/// A text that is a GUID too.
const TEXT: &str = "00000000-0000-4000-8000-000000000000";

macro_rules! simple {
    ($($method:ident $visit:ident $value:expr, $schema:tt;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note(json!($schema));
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    simple! {
        deserialize_bool visit_bool false, {"type": "boolean"};
        deserialize_i8 visit_i8 0, {"type": "integer"};
        deserialize_i16 visit_i16 0, {"type": "integer"};
        deserialize_i32 visit_i32 0, {"type": "integer"};
        deserialize_i64 visit_i64 0, {"type": "integer"};
        deserialize_u8 visit_u8 0, {"type": "integer", "minimum": 0};
        deserialize_u16 visit_u16 0, {"type": "integer", "minimum": 0};
        deserialize_u32 visit_u32 0, {"type": "integer", "minimum": 0};
        deserialize_u64 visit_u64 0, {"type": "integer", "minimum": 0};
        deserialize_str visit_str TEXT, {"type": "string"};
        deserialize_string visit_str TEXT, {"type": "string"};
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name.ends_with("Id") {
            *self.0 = json!({"type": "string", "format": "uuid"});
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut items = json!({});
        let read = visitor.visit_seq(One(Some(&mut items)));
        self.note(json!({"type": "array", "items": items}));
        read
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note(json!({"type": "object"}));
        visitor.visit_map(Members { names: [].iter(), next: "", noted: &mut Map::new() })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut noted = Map::new();
        let read = visitor.visit_map(Members { names: fields.iter(), next: "", noted: &mut noted });
        self.note(json!({"type": "object", "properties": noted}));
        read
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note(json!({"enum": variants}));
        let first: StrDeserializer<'_, Error> = variants.first().copied().unwrap_or_default().into_deserializer();
        visitor.visit_enum(first)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// A list of one.
struct One<'n>(Option<&'n mut Value>);

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.take().map(|noted| seed.deserialize(Probe(noted))).transpose()
    }
}

/// An object that has every member that is asked for.
struct Members<'n> {
    names: std::slice::Iter<'n, &'static str>,
    next: &'static str,
    noted: &'n mut Map<String, Value>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.next = name;
        let name: StrDeserializer<'_, Error> = self.next.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let mut noted = json!({});
        let read = seed.deserialize(Probe(&mut noted));
        self.noted.insert(self.next.to_owned(), noted);
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use tenantry_core::TenantId;

    #[expect(dead_code, reason = "only its shape is looked at")]
    #[derive(Deserialize)]
    struct Document {
        number: String,
        buyer: TenantId,
        #[serde(default)]
        kind: Option<Kind>,
        lines: Vec<Line>,
        closed: bool,
    }

    #[expect(dead_code, reason = "only its shape is looked at")]
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Line {
        line_no: u32,
        notes: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Invoice,
        Credit,
    }

    #[test]
    fn a_type_is_described_by_what_it_reads() {
        let text = json!({"type": "string"});
        let line = json!({"type": "object", "properties": {
            "lineNo": {"type": "integer", "minimum": 0},
            "notes": {"type": "array", "items": text},
        }});
        assert_eq!(
            shape::<Document>().to_value(),
            json!({"type": "object", "properties": {
                "number": text,
                "buyer": {"type": "string", "format": "uuid"},
                "kind": {"enum": ["invoice", "credit"]},
                "lines": {"type": "array", "items": line},
                "closed": {"type": "boolean"},
            }})
        );
        let _ = (Kind::Invoice, Kind::Credit);
    }
}
