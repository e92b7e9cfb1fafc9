//! What is wrong with a member, in plain words, and where it stands.

use super::broken::WHOLE;
use super::nearest::nearest;
use super::node::Path;
use serde::de::{Error, Expected, Unexpected};
use std::fmt::{self, Display};
use tenantry_core::{Problem, Reason};

/// A member that does not fit. Begins without a place; the innermost object, list or member it comes out of names it.
#[derive(Debug)]
pub(super) struct Fault {
    reason: Reason,
    message: String,
    /// The member of the object it was found in, for names that are not there or not known.
    member: Option<String>,
    path: Option<String>,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { reason: Reason::InvalidField, message: message.into(), member: None, path: None }
    }

    fn of(member: &str, reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, member: Some(clip(member)), ..Self::new(message) }
    }

    /// A fault of the syntax reader, without its place in a text that the sender does not know.
    pub(super) fn inner(error: &serde_json::Error) -> Self {
        let said = error.to_string();
        Self::new(said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what))
    }

    /// Names the place, unless it has one.
    pub(super) fn at(mut self, path: &Path<'_>) -> Self {
        if self.path.is_none() {
            let own = path.to_string();
            self.path = Some(match self.member.take() {
                None if own.is_empty() => WHOLE.to_owned(),
                None => own,
                Some(member) if own.is_empty() => member,
                Some(member) => format!("{own}.{member}"),
            });
        }
        self
    }

    pub(super) fn into_problem(self) -> Problem {
        let field = self.path.unwrap_or_else(|| WHOLE.to_owned());
        match self.reason {
            Reason::MissingField => Problem::missing(field),
            _ => Problem::invalid(field, self.message),
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{expected} is expected"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("{expected} is expected"))
    }

    fn unknown_variant(seen: &str, known: &'static [&'static str]) -> Self {
        let hint = meant(seen, known);
        Self::new(format!("`{}` is not one of {}{hint}", clip(seen), known.join(", ")))
    }

    fn unknown_field(seen: &str, known: &'static [&'static str]) -> Self {
        let has = if known.is_empty() { "no members".to_owned() } else { known.join(", ") };
        let said = match nearest(seen, known.iter().copied()) {
            Some(name) => format!("is not known here; did you mean {name}? This object has {has}"),
            None => format!("is not known here; this object has {has}"),
        };
        Self::of(seen, Reason::InvalidField, said)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::of(name, Reason::MissingField, "is required")
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::of(name, Reason::InvalidField, "is there more than once; send it once")
    }
}

fn meant(seen: &str, known: &[&str]) -> String {
    nearest(seen, known.iter().copied()).map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// Keeps a refusal readable when somebody sends a megabyte.
pub(super) fn clip(seen: &str) -> String {
    const SHOWN: usize = 60;
    match seen.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", seen.get(..end).unwrap_or_default()),
        None => seen.to_owned(),
    }
}
