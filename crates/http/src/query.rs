//! Reads `name=value&name=value`: queries and form bodies.
//!
//! Names are compared in any letter case and `+` is a blank, because two of three client families write blanks
//! that way and the third writes `%20` (partner-center-v1.md 1.7).

use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use tenantry_core::Problem;

/// What is said of text with a NUL character in it, wherever it came in.
pub(crate) const NUL: &str = "the text has the character U+0000, which no text here may have; leave it out";

/// Decoded pairs, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part after `?`, or a form body. Refuses what is not UTF-8 after decoding, and U+0000: no text has it
    /// on purpose, and one of the databases cannot keep it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name, "query")?;
            let value = decode(value, &name)?;
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// The first value of a name, in any letter case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A count such as `size=40`; `None` when absent or empty.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        match self.get(name).map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| Problem::invalid(name, format!("`{}` is not a whole number of 0 or more", clip(text)))),
        }
    }
}

fn decode(text: &str, field: &str) -> Result<String, Problem> {
    let blanks: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    // Messages are without the value: in a form it may be a secret.
    let decoded = percent_decode_str(&blanks)
        .decode_utf8()
        .map_err(|_| Problem::invalid(field, "the value is not UTF-8 after percent-decoding"))?;
    if decoded.contains('\0') {
        return Err(Problem::invalid(field, NUL));
    }
    Ok(decoded.into_owned())
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_name_in_any_case() {
        for (text, name, value) in [
            ("size=40&Offset=2", "SIZE", Some("40")),
            ("size=40&Offset=2", "offset", Some("2")),
            ("a=1&a=2", "a", Some("1")),
            ("flag&x=", "flag", Some("")),
            ("flag&x=", "x", Some("")),
            ("&&a=b=c&", "a", Some("b=c")),
            ("v=new+York%2BBerlin%20%C3%9F", "v", Some("new York+Berlin ß")),
            ("filter=%7B%22Field%22%3A1%7D", "filter", Some("{\"Field\":1}")),
            ("%24top=5", "$top", Some("5")),
            ("100%", "100%", Some("")),
            ("", "a", None),
        ] {
            assert_eq!(Query::parse(text).unwrap().get(name), value, "{text}: {name}");
        }
    }

    #[test]
    fn counts_are_read_or_refused_by_name() {
        for (text, expected) in [
            ("size=500", Ok(Some(500))),
            ("Size=0", Ok(Some(0))),
            ("size=", Ok(None)),
            ("", Ok(None)),
            ("size=-1", Err("size: `-1` is not a whole number of 0 or more")),
            ("size=4.0", Err("size: `4.0` is not a whole number of 0 or more")),
        ] {
            let seen = Query::parse(text).unwrap().number("size");
            assert_eq!(seen.as_ref().map_err(|p| p.message()), expected.as_ref().map_err(|m| *m), "{text}");
        }
    }

    #[test]
    fn text_that_cannot_be_kept_is_refused_with_its_name() {
        for (text, field) in [
            ("ok=1&name=%FF%FE", Some("name")),
            ("ok=1&name=a%00b", Some("name")),
            ("name=a\0b", Some("name")),
            ("na%00me=1", Some("query")),
            ("name=%2500&other=%01", None),
        ] {
            let refused = Query::parse(text).err();
            assert_eq!(refused.as_ref().and_then(Problem::field), field, "{text}");
            assert_eq!(refused.is_some(), field.is_some(), "{text}");
        }
    }
}
