//! Texts that people type: trimmed, bounded, without control characters, and named in the refusal.

use tenantry_core::Problem;

/// A field's name inside what was sent: `defaultAddress.country`. `at` is empty for the top level.
pub(crate) fn path(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// A text of a caller as a message or an audit line may show it: short, and on one line.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
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

/// An address such as `ops@northwind.test`. Only its shape is checked: whether mail arrives is another matter.
pub(crate) fn email(field: &str, value: &str) -> Result<String, Problem> {
    let value = required(field, value, 254)?;
    let well_formed = value.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !value.contains(char::is_whitespace)
    });
    if !well_formed {
        return Err(Problem::invalid(field, format!("`{value}` is not an e-mail address such as ops@northwind.test")));
    }
    Ok(value)
}

/// A language (`en`) or culture (`en-US`, `sr-Latn-RS`) in canonical case, as the commerce API stores it
/// (partner-center-v1.md 3.1).
pub(crate) fn culture(field: &str, value: &str) -> Result<String, Problem> {
    let value = required(field, value, 20)?;
    let wrong =
        || Problem::invalid(field, format!("`{value}` is not a culture such as en-US or a language such as en"));
    let mut parts = Vec::new();
    for (index, part) in value.split('-').enumerate() {
        let lower = part.to_ascii_lowercase();
        if !part.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(wrong());
        }
        parts.push(match (index, part.len()) {
            (0, 2 | 3) => lower,
            (1.., 2) => part.to_ascii_uppercase(),
            // A script such as Latn, or the old spelling CHS of simplified Chinese.
            (1.., 3) => part.to_ascii_uppercase(),
            (1.., 4) => format!("{}{}", lower[..1].to_ascii_uppercase(), &lower[1..]),
            _ => return Err(wrong()),
        });
    }
    Ok(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Reason;

    #[test]
    fn cultures_are_kept_in_canonical_case() {
        for (sent, kept) in
            [("en-us", "en-US"), ("EN", "en"), ("sr-latn-rs", "sr-Latn-RS"), (" de-DE ", "de-DE"), ("zh-chs", "zh-CHS")]
        {
            assert_eq!(culture("culture", sent).ok().as_deref(), Some(kept), "{sent}");
        }
        for sent in ["e", "english", "en_US", "en-", "12", "en-U1"] {
            assert_eq!(culture("culture", sent).map_err(|p| p.reason()), Err(Reason::InvalidField), "{sent}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(required("name", "  Northwind ", 20).ok().as_deref(), Some("Northwind"));
        for (value, reason) in [
            ("   ", Reason::MissingField),
            ("much too long a name", Reason::InvalidField),
            ("two\nlines", Reason::InvalidField),
            ("nul\0", Reason::InvalidField),
        ] {
            assert_eq!(required("name", value, 10).map_err(|p| p.reason()), Err(reason), "{value}");
        }
        for value in ["ops", "@b", "a@", "a@b@c", "a b@c"] {
            assert_eq!(email("email", value).map_err(|p| p.reason()), Err(Reason::InvalidField), "{value}");
        }
        assert_eq!(email("email", "ops@northwind.test").ok().as_deref(), Some("ops@northwind.test"));
    }
}
