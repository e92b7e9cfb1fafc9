//! The `filter` parameter: JSON in a query, in the spellings of four client families (partner-center-v1.md 1.7).

use crate::wire::input::Fields;
use crate::wire::words::Words;
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;
use tenantry_core::{Problem, Reason};
use tenantry_http::Call;

/// How a field is compared, or two conditions are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanOrEquals,
    LessThan,
    LessThanOrEquals,
    Substring,
    And,
    Or,
    StartsWith,
    NotStartsWith,
}

/// In the order of the ordinals.
const OPERATORS: Words<Operator> = Words(&[
    ("equals", Operator::Equals),
    ("not_equals", Operator::NotEquals),
    ("greater_than", Operator::GreaterThan),
    ("greater_than_or_equals", Operator::GreaterThanOrEquals),
    ("less_than", Operator::LessThan),
    ("less_than_or_equals", Operator::LessThanOrEquals),
    ("substring", Operator::Substring),
    ("and", Operator::And),
    ("or", Operator::Or),
    ("starts_with", Operator::StartsWith),
    ("not_starts_with", Operator::NotStartsWith),
]);

/// How deep conditions may be nested; clients join two or three.
const DEPTH_MAX: usize = 8;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// A field compared with a value. The field's name without underscores, in lower case: `companyname`.
    Field { field: String, operator: Operator, value: String },
    /// Both must hold.
    And(Box<Filter>, Box<Filter>),
    /// One must hold.
    Or(Box<Filter>, Box<Filter>),
}

impl Filter {
    /// The filter of a call, if it has one.
    pub(crate) fn of(call: &Call) -> Result<Option<Self>, Problem> {
        call.query("filter").map(str::trim).filter(|text| !text.is_empty()).map(Self::parse).transpose()
    }

    /// Reads the JSON. Text that is still percent-encoded was encoded twice, and is decoded once more.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let malformed = |_| {
            Problem::invalid(
                "filter",
                r#"not valid JSON; write it like {"Field":"CompanyName","Value":"nort","Operator":"starts_with"}"#,
            )
        };
        let decoded = match text.get(..3) {
            Some(start) if start.eq_ignore_ascii_case("%7b") => {
                percent_decode_str(text).decode_utf8().map_err(|_| Problem::invalid("filter", "not UTF-8"))?
            }
            _ => text.into(),
        };
        let json: &RawValue = serde_json::from_str(&decoded).map_err(malformed)?;
        Self::read(&Fields::read("filter".to_owned(), json)?, 0)
    }

    fn read(fields: &Fields<'_>, depth: usize) -> Result<Self, Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::invalid("filter", format!("conditions are nested deeper than {DEPTH_MAX}")));
        }
        let side = |name| match fields.object(name)? {
            Some(side) => Self::read(&side, depth + 1).map(Box::new),
            None => Err(Problem::missing(fields.path(name))),
        };
        let Some(operator) = fields.word("Operator", &OPERATORS)? else {
            return Err(Problem::missing(fields.path("Operator")));
        };
        match operator {
            Operator::And => Ok(Self::And(side("LeftFilter")?, side("RightFilter")?)),
            Operator::Or => Ok(Self::Or(side("LeftFilter")?, side("RightFilter")?)),
            operator => {
                let field = fields.text("Field")?.ok_or_else(|| Problem::missing(fields.path("Field")))?;
                let field = field.trim().replace('_', "").to_ascii_lowercase();
                let value = fields.text("Value")?.ok_or_else(|| Problem::missing(fields.path("Value")))?;
                // No stored text has one, and PostgreSQL takes no text with one.
                if value.contains('\0') {
                    return Err(Problem::invalid(fields.path("Value"), "the character U+0000 is in no text"));
                }
                Ok(Self::Field { field, operator, value })
            }
        }
    }
}

/// The refusal of a filter that this list cannot answer; `can` says what it can.
pub(crate) fn unsupported(can: &str) -> Problem {
    Problem::new(Reason::Unsupported, format!("filter: this list cannot be filtered so; {can}")).at("filter")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_http::Query;

    fn starts_with(value: &str) -> Filter {
        Filter::Field { field: "companyname".into(), operator: Operator::StartsWith, value: value.into() }
    }

    #[test]
    fn the_filters_of_all_families_are_read() {
        for query in [
            // The vectors of 9.1, then double encoding, an ordinal and a blank written as a plus.
            "filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22nort%22%2C%22Operator%22%3A%22starts_with%22%7D",
            "filter=%7B%22fieldType%22%3A%22String%22%2C%22operator%22%3A%22StartsWith%22%2C%22field%22%3A%22CompanyName%22%2C%22value%22%3A%22nort%22%7D",
            "filter=%7B%22Field%22:%22company_name%22,%22Value%22:%22nort%22,%22Operator%22:%22STARTSWITH%22%7D",
            "filter=%257B%2522Field%2522%253A%2522CompanyName%2522%252C%2522Value%2522%253A%2522nort%2522%252C%2522Operator%2522%253A9%257D",
            "Filter=%7B+%22Field%22:+%22CompanyName%22,+%22Value%22:%22nort%22,%22Operator%22:%22starts_with%22+%7D",
        ] {
            let query = Query::parse(query).unwrap();
            assert_eq!(Filter::parse(query.get("filter").unwrap()).unwrap(), starts_with("nort"), "{query:?}");
        }
        let compound = r#"{"LeftFilter":{"field":"invoice_date","operator":2,"value":"2026-01-01"},
            "rightFilter":{"Field":"CompanyName","Operator":"starts_with","Value":7},"Operator":"And"}"#;
        let date =
            Filter::Field { field: "invoicedate".into(), operator: Operator::GreaterThan, value: "2026-01-01".into() };
        assert_eq!(Filter::parse(compound).unwrap(), Filter::And(Box::new(date), Box::new(starts_with("7"))));
    }

    #[test]
    fn filters_that_do_not_fit_are_refused() {
        let nested = |depth| {
            let one = r#"{"Field":"a","Value":"b","Operator":"equals"}"#.to_owned();
            (0..depth).fold(one.clone(), |inner, _| {
                format!(r#"{{"LeftFilter":{inner},"RightFilter":{one},"Operator":"or"}}"#)
            })
        };
        assert!(Filter::parse(&nested(DEPTH_MAX)).is_ok());
        for (text, said) in [
            ("nort".to_owned(), "filter: not valid JSON"),
            ("[]".to_owned(), "filter: `[]` is not an object"),
            ("{}".to_owned(), "filter.Operator is required"),
            (r#"{"Operator":"like"}"#.to_owned(), "filter.Operator: `like` is not one of equals"),
            (r#"{"Operator":"equals","Value":1}"#.to_owned(), "filter.Field is required"),
            (r#"{"Operator":"equals","Field":"a","Value":null}"#.to_owned(), "filter.Value is required"),
            (
                r#"{"Operator":"and","LeftFilter":{"Operator":"or"}}"#.to_owned(),
                "filter.LeftFilter.LeftFilter is required",
            ),
            (
                r#"{"Field":"CompanyName","Value":"a\u0000b","Operator":"equals"}"#.to_owned(),
                "filter.Value: the character U+0000",
            ),
            (nested(DEPTH_MAX + 1), "filter: conditions are nested deeper"),
        ] {
            let refused = Filter::parse(&text).unwrap_err();
            assert!(refused.message().starts_with(said), "{text}: {refused:?}");
        }
    }
}
