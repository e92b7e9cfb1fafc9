//! JSON schemas of bodies and answers, made from the very types that read and write them, so that the document cannot say
//! what the program does not do.
//!
//! What a type cannot tell stands beside its members: `Option<String>` is read as a text whatever it holds, so a body's
//! member names what the text has to be (`#[schemars(with = "schema::Decimal")]`), and values that are written with
//! `wire::text` name the same. A member of a body with a plain kind is required; `Option<..>` is not.

mod probe;
mod table;
mod usage;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};
use std::borrow::Cow;
use tenantry_billing::{CreditNote, Invoice};

pub(crate) use table::of;

/// Makes the schema of a body or an answer; see [`body`] and [`answer`].
pub(crate) type Make = fn() -> Value;

/// The schema of what is read into a type.
pub(crate) fn body<T: JsonSchema>() -> Value {
    made::<T>(SchemaSettings::draft2020_12().for_deserialize())
}

/// The schema of what is written from a type. A member that may be left away is never `null`.
pub(crate) fn answer<T: JsonSchema>() -> Value {
    let mut schema = made::<T>(SchemaSettings::draft2020_12().for_serialize());
    without_null(&mut schema);
    schema
}

fn without_null(schema: &mut Value) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    if let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (_, member) in members.iter_mut().filter(|(name, _)| !required.iter().any(|known| known == name.as_str())) {
            let kinds = member["type"].as_array().map(|kinds| kinds.iter().filter(|kind| *kind != "null").cloned());
            let kinds: Option<Vec<_>> = kinds.map(Iterator::collect);
            if let Some([kind]) = kinds.as_deref() {
                member["type"] = kind.clone();
            }
            if let Some([of, none]) = member["anyOf"].as_array().map(Vec::as_slice)
                && *none == json!({"type": "null"})
                && let Value::Object(of) = of.clone()
                && let Some(member) = member.as_object_mut()
            {
                member.remove("anyOf");
                member.extend(of);
            }
        }
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(without_null),
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

fn made<T: JsonSchema>(settings: SchemaSettings) -> Value {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = T::json_schema(&mut settings.into_generator());
    // What the type is for the operation's summary says; its docstring speaks to who reads the program.
    schema.remove("description");
    schema.to_value()
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)*) => {
        $(
            $(#[$doc])*
            pub(crate) enum $name {}

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    Schema::new_ref(concat!("#/components/schemas/", stringify!($name)).to_owned())
                }
            }
        )*

        /// The schemas that others refer to, by name.
        pub(crate) fn shared() -> Vec<(&'static str, Value)> {
            vec![$((stringify!($name), $schema)),*]
        }
    };
}

kinds! {
    /// An amount, quantity, rate or factor: exact decimal text.
    Decimal = json!({
        "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "examples": ["1.07"],
        "description": "Exact decimal text, without an exponent. Not a JSON number: most readers make a binary fraction of those",
    });
    /// A GUID.
    Id = json!({"type": "string", "format": "uuid", "examples": ["1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10"]});
    /// A directory, by its GUID or one of its domains.
    IdOrDomain = json!({"type": "string", "examples": ["northquay.onmicrosoft.com"]});
    /// An instant.
    Time = json!({"type": "string", "format": "date-time", "examples": ["2026-04-01T00:00:00Z"]});
    /// A day.
    Day = json!({"type": "string", "format": "date", "examples": ["2026-04-09"]});
    /// A month.
    Month = json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2026-04"]});
    /// ISO 4217.
    Currency = json!({"type": "string", "pattern": "^[A-Za-z]{3}$", "examples": ["USD"]});
    /// ISO 3166.
    Country = json!({"type": "string", "pattern": "^[A-Za-z]{2}$", "examples": ["US"]});
    /// An invoice as it is stored. It is `billing`'s own document, so its shape is found out from how it is read back.
    InvoiceDocument = probe::shape::<Invoice>().to_value();
    /// A credit note as it is stored.
    CreditNoteDocument = probe::shape::<CreditNote>().to_value();
    /// What Azure's RateCard API gives, and `tenantry_commerce::rate_card` reads.
    RateCard = rate_card();
}

fn rate_card() -> Value {
    json!({
        "type": "object",
        "required": ["Currency", "Meters"],
        "description": "The document of Azure's RateCard API. Members it has besides are passed over",
        "properties": {
            "Currency": {"type": "string", "examples": ["USD"]},
            "Meters": {"type": "array", "items": {
                "type": "object",
                "required": ["MeterId", "MeterName", "MeterRates"],
                "properties": {
                    "MeterId": {"type": "string", "format": "uuid"},
                    "MeterName": {"type": "string"},
                    "MeterCategory": {"type": "string"},
                    "MeterSubCategory": {"type": "string"},
                    "MeterRegion": {"type": "string"},
                    "Unit": {"type": "string"},
                    "MeterRates": {
                        "type": "object",
                        "additionalProperties": {"type": "number"},
                        "description": "Price of a unit, from each lower bound on. Read from its digits",
                    },
                    "IncludedQuantity": {"type": "number", "description": "Units a month that are free"},
                },
            }},
        },
    })
}

/// The kind of a parameter of a path or query, by its name, where it is the same everywhere.
pub(crate) fn of_parameter(name: &str) -> Option<&'static str> {
    match name {
        "partner" | "customer" | "seller" | "subscription" | "meter" | "budget" | "alert" | "upload" => Some("Id"),
        "tenant" => Some("IdOrDomain"),
        "month" => Some("Month"),
        "day" => Some("Day"),
        "effectiveFrom" => Some("Time"),
        "currency" => Some("Currency"),
        "market" => Some("Country"),
        _ => None,
    }
}

/// Any JSON.
pub(crate) enum Any {}

impl JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }
}

/// No body at all.
pub(crate) enum Nothing {}

impl JsonSchema for Nothing {
    fn schema_name() -> Cow<'static, str> {
        "Nothing".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::from(false)
    }
}
