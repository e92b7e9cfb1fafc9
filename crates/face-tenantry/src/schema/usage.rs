//! The schemas of reported usage. Its reader is written by hand, for speed, so its schema is too; `tests/all/openapi.rs`
//! holds both against each other.

use super::{Decimal, Id, Time};
use crate::intake::answer::{BatchView, EventView};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// One event, or a batch of at most 10,000.
pub(crate) enum Events {}

/// What became of one event, or of each of a batch.
pub(crate) enum Verdicts {}

impl JsonSchema for Events {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Events".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let event = event(generator);
        json_schema!({"anyOf": [event, {"type": "array", "items": event, "maxItems": 10_000}]})
    }
}

fn event(generator: &mut SchemaGenerator) -> Schema {
    let (id, time) = (Id::json_schema(generator), Time::json_schema(generator));
    let quantity = Decimal::json_schema(generator);
    json_schema!({
        "type": "object",
        "additionalProperties": false,
        "required": ["source", "id", "time", "subscription", "meter", "resource", "quantity"],
        "properties": {
            "source": {"type": "string", "description": "Who reports. With `id` it names the event for ever"},
            "id": {"type": "string"},
            "time": time,
            "subscription": id,
            "meter": id,
            "resource": {"type": "string", "description": "What was used: an Azure resource id, or a name"},
            "region": {"type": "string"},
            "quantity": {
                "anyOf": [quantity, {"type": "number"}],
                "description": "Below zero only in a correction. A number is read from its digits",
            },
            "tags": {"type": "object", "description": "Kept and given back byte for byte"},
            "additionalInfo": {"type": "object", "description": "Kept and given back byte for byte"},
            "corrects": {"type": "string", "description": "The `id` of the event that a negative quantity takes back"},
        },
    })
}

impl JsonSchema for Verdicts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Verdicts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [EventView::json_schema(generator), BatchView::json_schema(generator)]})
    }
}
