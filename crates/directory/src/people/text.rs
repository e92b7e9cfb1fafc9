//! Texts that people type about people: trimmed, bounded, on one line, and named in the refusal.

use tenantry_core::Problem;

/// A text of a caller as a message or an audit line may show it: short, and on one line.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// A text that must be there.
pub(crate) fn required(field: &str, value: &str, length_max: usize) -> Result<String, Problem> {
    optional(field, Some(value), length_max)?.ok_or_else(|| Problem::missing(field))
}

/// A text that may be absent; blank counts as absent, because clients send empty strings for unset members.
pub(crate) fn optional(field: &str, value: Option<&str>, length_max: usize) -> Result<Option<String>, Problem> {
    let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let length = value.chars().count();
    if length > length_max {
        return Err(Problem::invalid(field, format!("has {length} characters; at most {length_max} are kept")));
    }
    if value.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "holds a control character; send plain text on one line"));
    }
    Ok(Some(value.to_owned()))
}
