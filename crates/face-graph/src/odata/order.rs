//! `$orderby`: by which property a list is sorted. One property; the id decides between equals, so that pages of a
//! sorted list stand still too.

use crate::odata::Entity;
use serde_json::Value;
use tenantry_core::{Problem, Reason};

/// The name of the option, for refusals.
const OPTION: &str = "$orderby";

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    property: String,
    /// The greatest first.
    pub(crate) descending: bool,
}

impl Order {
    /// Reads `displayName` or `displayName desc`, of the properties a list can be sorted by.
    pub(crate) fn parse(text: &str, can: &[&str]) -> Result<Self, Problem> {
        let mut words = text.split_whitespace();
        let (property, direction, more) = (words.next().unwrap_or_default(), words.next(), words.next());
        let descending = match direction.map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(Problem::invalid(OPTION, "after the property comes `asc`, `desc` or nothing")),
        };
        if more.is_some() || text.contains(',') {
            let message = format!("{OPTION}: one property, such as `displayName desc`, is what a list is sorted by");
            return Err(Problem::new(Reason::Unsupported, message).at(OPTION));
        }
        if !can.iter().any(|known| known.eq_ignore_ascii_case(property)) {
            let seen: String = property.chars().take(60).collect();
            let can = if can.is_empty() { "nothing".to_owned() } else { can.join(", ") };
            let message = format!("{OPTION}: this list cannot be sorted by `{seen}`; it can by {can}");
            return Err(Problem::new(Reason::Unsupported, message).at(OPTION));
        }
        Ok(Self { property: property.to_owned(), descending })
    }

    /// What a thing is sorted by, as text without regard to letter case.
    pub(crate) fn key(&self, entity: &Entity) -> String {
        match entity.get(&self.property) {
            Some(Value::String(text)) => text.to_lowercase(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_or_refused() {
        let can = ["displayName", "userPrincipalName"];
        for (text, expected) in [
            ("displayName", Ok(false)),
            ("USERPRINCIPALNAME asc", Ok(false)),
            (" displayName  DESC ", Ok(true)),
            ("displayName up", Err(Reason::InvalidField)),
            ("displayName desc twice", Err(Reason::Unsupported)),
            ("displayName,userPrincipalName", Err(Reason::Unsupported)),
            ("mail", Err(Reason::Unsupported)),
            ("", Err(Reason::Unsupported)),
        ] {
            let seen = Order::parse(text, &can);
            let seen = seen.as_ref().map(|order| order.descending);
            assert_eq!(seen.map_err(Problem::reason), expected, "{text}");
        }
    }
}
