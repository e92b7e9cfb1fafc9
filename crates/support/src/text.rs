//! Texts that people type into tickets and incidents. Unlike names they may have several lines.

use tenantry_core::Problem;

/// A text of one line that must be there.
pub(crate) fn line(field: &str, value: &str, length_max: usize) -> Result<String, Problem> {
    let value = words(field, value, length_max)?;
    if value.contains(['\n', '\t']) {
        return Err(Problem::invalid(field, "holds a line break or a tab; send one line"));
    }
    Ok(value)
}

/// A text of one line that may be absent; blank counts as absent, because clients send empty strings for what is unset.
pub(crate) fn optional_line(field: &str, value: Option<&str>, length_max: usize) -> Result<Option<String>, Problem> {
    let filled = value.filter(|value| !value.trim().is_empty());
    filled.map(|value| line(field, value, length_max)).transpose()
}

/// A text of several lines that must be there. Line breaks become `\n`; other control characters are refused.
pub(crate) fn words(field: &str, value: &str, length_max: usize) -> Result<String, Problem> {
    let value = value.trim().replace("\r\n", "\n");
    if value.is_empty() {
        return Err(Problem::missing(field));
    }
    let length = value.chars().count();
    if length > length_max {
        return Err(Problem::invalid(field, format!("has {length} characters; at most {length_max} are kept")));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Problem::invalid(field, "holds a control character; send plain text"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Reason;

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let said = |found: Result<String, Problem>| found.map_err(|problem| problem.reason());
        for (sent, several, one) in [
            (" a bill ", Ok("a bill"), Ok("a bill")),
            ("a\r\nb", Ok("a\nb"), Err(Reason::InvalidField)),
            ("  ", Err(Reason::MissingField), Err(Reason::MissingField)),
            ("elevenchars", Err(Reason::InvalidField), Err(Reason::InvalidField)),
            ("nul\0", Err(Reason::InvalidField), Err(Reason::InvalidField)),
        ] {
            assert_eq!(said(words("f", sent, 10)), several.map(str::to_owned), "{sent:?}");
            assert_eq!(said(line("f", sent, 10)), one.map(str::to_owned), "{sent:?}");
        }
        assert_eq!(optional_line("f", Some(" "), 10).ok(), Some(None));
    }
}
