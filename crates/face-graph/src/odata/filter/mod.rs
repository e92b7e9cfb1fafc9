//! `$filter`: a condition on the properties of things.
//!
//! Version 3 and 4 of OData write the same comparisons; they differ in literals (`guid'..'` against a bare GUID), and
//! both are read. What is served: `eq ne gt ge lt le`, `in`, `and or not`, parentheses, `startswith`, `endswith`, and
//! `any` over a list. Which properties can be asked for is each list's own business ([`Filter::check`]).

mod holds;
mod parse;
mod words;

use serde_json::Value;
use tenantry_core::{Problem, Reason};

/// The name of the option, for refusals.
pub(crate) const OPTION: &str = "$filter";

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// One holds, or both.
    Or(Box<Self>, Box<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A property against a value.
    Compare(Path, Operator, Value),
    /// A property is one of some values.
    In(Path, Vec<Value>),
    /// A text begins or ends with another.
    Affix(Path, End, String),
    /// Some element of a list, called by a name, fulfils a condition; without one, the list is not empty.
    Any(Path, Option<(String, Box<Self>)>),
}

/// A property, or a property of a property: `signInNames`, `x/value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// Which end of a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// `startswith`.
    Start,
    /// `endswith`.
    Finish,
}

impl Filter {
    /// Reads a condition; a refusal names the place.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        parse::parse(text)
    }

    /// Refuses conditions on properties that this kind of thing cannot be asked for. Checked before anything is
    /// looked at: an empty list must not make a wrong question look right.
    pub(crate) fn check(&self, kind: &str, can: &[&str]) -> Result<(), Problem> {
        let mut asked = Vec::new();
        self.properties(&mut asked);
        let wrong = asked.into_iter().find(|name| !can.iter().any(|known| known.eq_ignore_ascii_case(name)));
        let Some(name) = wrong else { return Ok(()) };
        let message = format!(
            "Unsupported or invalid query filter clause specified for property '{name}' of resource '{kind}'. It can \
             be filtered by: {}.",
            can.join(", ")
        );
        Err(Problem::new(Reason::Unsupported, message).at(OPTION))
    }

    /// The value a property must have wherever the condition holds, if the condition says so plainly. Lets a list be
    /// answered by one look-up.
    pub(crate) fn pins(&self, property: &str) -> Option<&str> {
        match self {
            Self::And(one, other) => one.pins(property).or_else(|| other.pins(property)),
            Self::Compare(path, Operator::Eq, Value::String(value)) if path.is(property) => Some(value),
            _ => None,
        }
    }

    /// Whether it needs what Microsoft Graph calls advanced query capabilities: negation, or the end of a text.
    pub(crate) fn is_advanced(&self) -> bool {
        match self {
            Self::And(one, other) | Self::Or(one, other) => one.is_advanced() || other.is_advanced(),
            Self::Not(_) | Self::Compare(_, Operator::Ne, _) | Self::Affix(_, End::Finish, _) => true,
            Self::Any(_, Some((_, inner))) => inner.is_advanced(),
            _ => false,
        }
    }

    fn properties<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Self::And(one, other) | Self::Or(one, other) => {
                one.properties(into);
                other.properties(into);
            }
            Self::Not(inner) => inner.properties(into),
            // The inner condition is about the elements of the list, which have names of their own.
            Self::Compare(path, ..) | Self::In(path, _) | Self::Affix(path, ..) | Self::Any(path, _) => {
                into.push(path.first());
            }
        }
    }
}

impl Path {
    fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    fn is(&self, property: &str) -> bool {
        self.0.len() == 1 && self.first().eq_ignore_ascii_case(property)
    }
}

fn refused(message: impl std::fmt::Display) -> Problem {
    Problem::invalid(OPTION, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_properties_of_the_list_can_be_asked_for() {
        let can = ["displayName", "otherMails"];
        for (text, wrong) in [
            ("DisplayName eq 'a' and otherMails/any(x:x eq 'b')", None),
            ("not (displayName eq 'a' or shoeSize ge 44)", Some("shoeSize")),
            ("startswith(mail,'a')", Some("mail")),
            ("secrets/any(x:x/displayName eq 'b')", Some("secrets")),
            ("manager/displayName eq 'b'", Some("manager")),
            ("id in ('a')", Some("id")),
        ] {
            let seen = Filter::parse(text).unwrap().check("User", &can);
            match wrong {
                None => assert!(seen.is_ok(), "{text}"),
                Some(name) => {
                    let problem = seen.unwrap_err();
                    assert_eq!((problem.reason(), problem.field()), (Reason::Unsupported, Some(OPTION)), "{text}");
                    assert!(problem.message().contains(&format!("'{name}' of resource 'User'")), "{problem:?}");
                }
            }
        }
    }

    #[test]
    fn a_plain_equality_pins_its_property() {
        for (text, pinned) in [
            ("appId eq 'A'", Some("A")),
            ("startswith(displayName,'x') and (APPID eq 'A')", Some("A")),
            ("appId eq 'A' or appId eq 'B'", None),
            ("not (appId eq 'A')", None),
            ("appId ne 'A'", None),
            ("x/appId eq 'A'", None),
        ] {
            assert_eq!(Filter::parse(text).unwrap().pins("appId"), pinned, "{text}");
        }
    }

    #[test]
    fn negation_and_ends_of_texts_are_advanced() {
        for (text, advanced) in [
            ("a eq 'x' and startswith(b,'y')", false),
            ("a ne null", true),
            ("a eq 1 or not (b eq 2)", true),
            ("endswith(a,'x')", true),
            ("l/any(x:x ne 'y')", true),
            ("l/any(x:x eq 'y')", false),
        ] {
            assert_eq!(Filter::parse(text).unwrap().is_advanced(), advanced, "{text}");
        }
    }
}
