//! What is wrong with one event, before metering has seen it.

use std::borrow::Cow;
use std::fmt;

/// A refusal of one event, in the form of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// For machines. A promise, like the codes of `tenantry_usage::Refusal`.
    pub(super) code: &'static str,
    /// The member at fault, `data.quantity`; empty if it is the event as a whole.
    pub(super) field: Cow<'static, str>,
    /// The value seen and what to do.
    pub(super) message: String,
}

impl Fault {
    /// A member that has to be there.
    pub(super) fn missing(field: impl Into<Cow<'static, str>>) -> Self {
        let field = field.into();
        Self { code: "missing_field", message: format!("{field} is required"), field }
    }

    /// A member of a wrong form or value.
    pub(super) fn invalid(field: impl Into<Cow<'static, str>>, message: impl fmt::Display) -> Self {
        let field = field.into();
        Self { code: "invalid_field", message: format!("{field}: {message}"), field }
    }

    /// A member that events do not have. Refused rather than passed over: `quantitiy` would be a lost quantity,
    /// `correct` a correction billed as usage.
    pub(super) fn unknown(field: String, known: &[&str]) -> Self {
        let shown: String = field.chars().take(60).collect();
        let message = format!("an event has no member `{shown}`; it has {}", known.join(", "));
        Self { code: "unknown_field", field: shown.into(), message }
    }

    /// A member that is there twice.
    pub(super) fn repeated(field: impl Into<Cow<'static, str>>) -> Self {
        Self::invalid(field, "is there twice; send it once")
    }

    /// Something that is no JSON object.
    pub(super) fn not_an_object() -> Self {
        Self { code: "invalid_field", field: "".into(), message: "an event is a JSON object, this is none".to_owned() }
    }

    /// Text that is no JSON.
    pub(super) fn malformed(message: String) -> Self {
        Self { code: "malformed_body", field: "".into(), message }
    }
}
