//! The filter of the list of invoices: comparisons of the invoice date, joined by and/or (partner-center-v1.md 1.7).

use crate::wire::filter::{Filter, Operator, unsupported};
use std::cmp::Ordering;
use tenantry_core::{Problem, Timestamp};

/// A condition on the date of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// The date compared with an instant.
    Date { operator: Comparison, at: Timestamp, whole_day: bool },
    /// Both must hold.
    And(Box<Condition>, Box<Condition>),
    /// One must hold.
    Or(Box<Condition>, Box<Condition>),
}

/// How dates are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanOrEquals,
    LessThan,
    LessThanOrEquals,
}

impl Condition {
    /// The condition of a filter; refused if it is about something else than the date.
    pub(super) fn of(filter: &Filter) -> Result<Self, Problem> {
        let both = |left, right| Ok::<_, Problem>((Box::new(Self::of(left)?), Box::new(Self::of(right)?)));
        match filter {
            Filter::And(left, right) => both(left, right).map(|(left, right)| Self::And(left, right)),
            Filter::Or(left, right) => both(left, right).map(|(left, right)| Self::Or(left, right)),
            Filter::Field { field, operator, value } if field == "invoicedate" => {
                let operator = comparison(*operator)?;
                let value = value.trim();
                let at = Timestamp::parse(value).map_err(|error| Problem::invalid("filter.Value", error))?;
                let whole_day = value.len() == "2017-10-04".len();
                Ok(Self::Date { operator, at, whole_day })
            }
            Filter::Field { .. } => Err(refused()),
        }
    }

    /// Whether it holds for an invoice of that instant. A bare date stands for its whole day.
    pub(super) fn holds(&self, issued: Timestamp) -> bool {
        match self {
            Self::And(left, right) => left.holds(issued) && right.holds(issued),
            Self::Or(left, right) => left.holds(issued) || right.holds(issued),
            Self::Date { operator, at, whole_day } => {
                let order = if *whole_day { issued.day().cmp(&at.day()) } else { issued.cmp(at) };
                match operator {
                    Comparison::Equals => order == Ordering::Equal,
                    Comparison::NotEquals => order != Ordering::Equal,
                    Comparison::GreaterThan => order == Ordering::Greater,
                    Comparison::GreaterThanOrEquals => order != Ordering::Less,
                    Comparison::LessThan => order == Ordering::Less,
                    Comparison::LessThanOrEquals => order != Ordering::Greater,
                }
            }
        }
    }
}

fn comparison(operator: Operator) -> Result<Comparison, Problem> {
    match operator {
        Operator::Equals => Ok(Comparison::Equals),
        Operator::NotEquals => Ok(Comparison::NotEquals),
        Operator::GreaterThan => Ok(Comparison::GreaterThan),
        Operator::GreaterThanOrEquals => Ok(Comparison::GreaterThanOrEquals),
        Operator::LessThan => Ok(Comparison::LessThan),
        Operator::LessThanOrEquals => Ok(Comparison::LessThanOrEquals),
        Operator::Substring | Operator::StartsWith | Operator::NotStartsWith | Operator::And | Operator::Or => {
            Err(refused())
        }
    }
}

fn refused() -> Problem {
    unsupported("compare InvoiceDate by equals, not_equals, greater_than, less_than or their `_or_equals` forms")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Reason;

    fn date(operator: &str, value: &str) -> String {
        format!(r#"{{"Field":"InvoiceDate","Operator":"{operator}","Value":"{value}"}}"#)
    }

    fn joined(operator: &str, left: &str, right: &str) -> String {
        format!(r#"{{"LeftFilter":{left},"RightFilter":{right},"Operator":"{operator}"}}"#)
    }

    fn check(filter: &str, holds: [bool; 3]) {
        let condition = Condition::of(&Filter::parse(filter).unwrap()).unwrap();
        let dates = ["2020-06-04T00:00:00Z", "2020-07-04T06:00:00Z", "2020-08-04T00:00:00Z"];
        assert_eq!(dates.map(|date| condition.holds(Timestamp::parse(date).unwrap())), holds, "{filter}");
    }

    #[test]
    fn dates_are_compared_and_joined() {
        check(&date("equals", "2020-07-04"), [false, true, false]);
        check(&date("equals", "2020-07-04T00:00:00Z"), [false, false, false]);
        check(&date("not_equals", "2020-07-04T06:00:00Z"), [true, false, true]);
        check(&date("greater_than", "2020-07-04"), [false, false, true]);
        check(&date("GreaterThan", "2020-07-04T05:00:00Z"), [false, true, true]);
        check(&date("less_than_or_equals", "2020-07-04"), [true, true, false]);
        check(&date("less_than", "2020-07-04"), [true, false, false]);
        let (after, before) = (date("greater_than_or_equals", "2020-06-05"), date("less_than", "2020-08-01"));
        check(&joined("and", &after, &before), [false, true, false]);
        let ends = joined("or", &date("less_than", "2020-06-05"), &date("greater_than", "2020-08-01"));
        check(&ends, [true, false, true]);
        check(&joined("And", &ends, &after), [false, false, true]);
    }

    #[test]
    fn other_conditions_are_refused() {
        for (filter, reason) in [
            (date("starts_with", "2020"), Reason::Unsupported),
            (date("equals", "soon"), Reason::InvalidField),
            (r#"{"Field":"Status","Operator":"equals","Value":"open"}"#.to_owned(), Reason::Unsupported),
        ] {
            let refused = Condition::of(&Filter::parse(&filter).unwrap()).unwrap_err();
            assert_eq!(refused.reason(), reason, "{filter}");
        }
    }
}
